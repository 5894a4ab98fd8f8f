"""Firms ask the authority; goods seen before a late undoing; acts of which the balances of days were checked"""

import sqlalchemy as sa
from alembic import op

import gi_trace.database

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "stock_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "undo",
                "late_harvest",
                name="requestkind",
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "granted",
                "refused",
                "withdrawn",
                name="requeststate",
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_stock_request_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_stock_request_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_stock_request_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_request")),
    )
    op.create_index(op.f("ix_stock_request_party_id"), "stock_request", ["party_id"])
    op.create_index(op.f("ix_stock_request_state"), "stock_request", ["state"])
    op.create_table(
        "goods_seen",
        sa.Column("act_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_number"], ["record_row.number"], name=op.f("fk_goods_seen_act_number_record_row")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["account.id"], name=op.f("fk_goods_seen_seen_by_id_account")
        ),
        sa.PrimaryKeyConstraint("act_number", name=op.f("pk_goods_seen")),
    )
    op.add_column(
        "stock_act", sa.Column("days_checked", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade():
    op.drop_column("stock_act", "days_checked")
    op.drop_table("goods_seen")
    op.drop_table("stock_request")
