"""Jobs; what goes between offices is called after them"""

import sqlalchemy as sa
from alembic import op

import gi_trace.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("started_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.Column("alive_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.Column("ended_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_job_asked_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index("ix_job_kind_asked_at", ["kind", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_job_running_kind",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
    op.create_table(
        "office_message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("out", "in", name="direction", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                *("lead", "answer", "result", "receipt"),
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("receipted_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.Column("last_fault", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["lead_transfer.id"], name=op.f("fk_office_message_transfer_id_lead_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_message")),
    )
    op.create_index(op.f("ix_office_message_transfer_id"), "office_message", ["transfer_id"])
    columns = "id, direction, kind, transfer_id, at, package, receipt, receipted_at, last_fault"
    op.execute(f"INSERT INTO office_message ({columns}) SELECT {columns} FROM exchange_message")
    op.drop_table("exchange_message")


def downgrade():
    raise NotImplementedError("what was sent stays under its new name")
