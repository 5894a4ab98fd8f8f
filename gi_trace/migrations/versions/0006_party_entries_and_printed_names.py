"""Names and codes are dated entries, batches carry what their packs say, and parties have successors.

What is known today is the first entry of each enterprise, and stands on the batches that were registered until now.
"""

import sqlalchemy as sa
from alembic import op

import gi_trace.clock
import gi_trace.database
from gi_trace.names import search_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PRINTED = {"printed_product": 60, "printed_name": 120, "printed_uscc": 18, "printed_number": 60}
PRINTED_TODAY = """
UPDATE batch SET
  printed_product = (SELECT name FROM product WHERE product.id = batch.product_id),
  printed_name = (SELECT name FROM party WHERE party.id = batch.party_id),
  printed_uscc = (SELECT coalesce(uscc, '') FROM party WHERE party.id = batch.party_id),
  printed_number = (SELECT number FROM authorisation WHERE authorisation.id = batch.authorisation_id)
"""
KNOWN_TODAY = """
SELECT party.id AS party_id, name, uscc, area_id, address, record_row.at AS at, record_row."by" AS actor
FROM party LEFT JOIN record_row ON record_row.subject = 'party:' || party.id AND record_row.act = 'party.entered'
WHERE kind = 'enterprise' ORDER BY party.id
"""


def upgrade():
    op.create_table(
        "party_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("representative", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_party_entry_area_id_area")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_party_entry_by_id_account")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_entry_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_entry")),
    )
    with op.batch_alter_table("party_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_entry_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_entry_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_entry_uscc"), ["uscc"], unique=False)
    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_party_id", sa.Integer(), nullable=False),
        sa.Column("to_party_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "merger",
                "split",
                "form",
                "code",
                name="successionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_party_id <> to_party_id", name=op.f("ck_succession_not_of_itself")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_succession_by_id_account")),
        sa.ForeignKeyConstraint(
            ["from_party_id"], ["party.id"], name=op.f("fk_succession_from_party_id_party")
        ),
        sa.ForeignKeyConstraint(["to_party_id"], ["party.id"], name=op.f("fk_succession_to_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
        sa.UniqueConstraint("from_party_id", "to_party_id", name=op.f("uq_succession_from_party_id")),
    )
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_succession_to_party_id"), ["to_party_id"], unique=False)
    _enter_what_is_known()
    for name, length in PRINTED.items():  # made anew, SQLite's table would lose its checks
        op.add_column("batch", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.execute(PRINTED_TODAY)


def _enter_what_is_known():
    instant = gi_trace.database.UTCDateTime()
    entries = sa.table(
        "party_entry",
        *(sa.column(name) for name in ("party_id", "name", "name_key", "uscc", "area_id", "address")),
        *(sa.column(name) for name in ("representative", "reason", "document", "by_id")),
        sa.column("at", instant),
    )
    known = sa.text(KNOWN_TODAY).columns(at=instant)
    empty = {"representative": "", "reason": "", "document": ""}
    for row in op.get_bind().execute(known).mappings().all():
        kept = {name: row[name] for name in ("party_id", "name", "uscc", "area_id", "address")}
        actor = row["actor"] or ""
        by_id = int(actor.removeprefix("account:")) if actor.startswith("account:") else None
        at = row["at"] or gi_trace.clock.now()
        told = {"name_key": search_key(row["name"]), "at": at, "by_id": by_id}
        op.get_bind().execute(entries.insert().values(**kept, **empty, **told))


def downgrade():
    for name in PRINTED:
        op.drop_column("batch", name)
    op.drop_table("succession")
    op.drop_table("party_entry")
