"""Imports of every kind have one table; rolls that were imported keep their numbers there, others are sent again"""

import sqlalchemy as sa
from alembic import op

import gi_trace.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roll",
                "plots",
                "allocations",
                name="importkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "at_fault",
                "ready",
                "confirmed",
                "taking_over",
                "done",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("sent_at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("fault_rows", sa.JSON(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("read_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_import_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_import_job_id_job")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_import_sent_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_sent_at"), ["sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_state"), ["state"], unique=False)

    op.create_table(
        "import_piece",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_piece_import_id_import")),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_piece")),
    )
    _keep_imported_rolls()
    with op.batch_alter_table("roll_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_file_sent_at"))
        batch_op.drop_index(batch_op.f("ix_roll_file_sha256"))

    op.drop_table("roll_file")


def _keep_imported_rolls():
    old = sa.table(
        "roll_file",
        *map(
            sa.column,
            ("id", "name", "sha256", "sent_at", "sent_by_id", "imported_at", "new_rows", "changed_rows"),
        ),
    )
    json_columns = {"answers", "counts", "fault_rows"}
    columns = (
        "id", "kind", "state", "name", "sha256", "answers", "sent_at", "sent_by_id", "counts", "fault_rows",
        "fault_count", "seen", "rows", "taken", "place", "confirmed_by_id", "ended_at",
    )  # fmt: skip
    new = sa.table(
        "import", *(sa.column(name, sa.JSON() if name in json_columns else None) for name in columns)
    )
    imported = op.get_bind().execute(sa.select(old).where(old.c.imported_at.is_not(None)))
    for row in imported.mappings().all():
        taken = row["new_rows"] + row["changed_rows"]
        counts = {"new": row["new_rows"], "changed": row["changed_rows"], "unchanged": 0}
        kept = {name: row[name] for name in ("id", "name", "sha256", "sent_at", "sent_by_id")}
        fixed = {
            "kind": "roll",
            "state": "done",
            "answers": {},
            "fault_rows": [],
            "fault_count": 0,
            "seen": 0,
        }
        ended = {"confirmed_by_id": row["sent_by_id"], "ended_at": row["imported_at"], "place": 1}
        amounts = {"rows": taken, "taken": taken, "counts": counts}
        op.get_bind().execute(new.insert().values(**kept, **fixed, **ended, **amounts))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('import', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM import), false)"
        )


def downgrade():
    op.create_table(
        "roll_file",
        sa.Column("id", sa.INTEGER(), nullable=False),
        sa.Column("name", sa.VARCHAR(length=200), nullable=False),
        sa.Column("sha256", sa.VARCHAR(length=64), nullable=False),
        sa.Column("content", sa.BLOB(), nullable=True),
        sa.Column("sent_at", sa.DATETIME(), nullable=False),
        sa.Column("sent_by_id", sa.INTEGER(), nullable=False),
        sa.Column("imported_at", sa.DATETIME(), nullable=True),
        sa.Column("new_rows", sa.INTEGER(), nullable=False),
        sa.Column("changed_rows", sa.INTEGER(), nullable=False),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_roll_file_sent_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_file")),
    )
    with op.batch_alter_table("roll_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_file_sent_at"), ["sent_at"], unique=False)

    op.drop_table("import_piece")
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_state"))
        batch_op.drop_index(batch_op.f("ix_import_sha256"))
        batch_op.drop_index(batch_op.f("ix_import_sent_at"))

    op.drop_table("import")
