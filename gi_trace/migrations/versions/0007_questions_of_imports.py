"""A file may ask before it is read, and what was said of its columns is remembered for files like it"""

import sqlalchemy as sa
from alembic import op

import gi_trace.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = ["reading", "at_fault", "ready", "confirmed", "taking_over", "done"]


def upgrade():
    op.create_table(
        "import_shape",
        sa.Column("kind", _enum(["roll", "plots", "allocations"], "importkind"), nullable=False),
        sa.Column("shape", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_import_shape_by_id_account")),
        sa.PrimaryKeyConstraint("kind", "shape", name=op.f("pk_import_shape")),
    )
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("question", sa.JSON(), nullable=True))
    _states(STATES, [*STATES, "asking"])


def downgrade():
    op.execute("DELETE FROM import WHERE state = 'asking'")
    _states([*STATES, "asking"], STATES)
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.drop_column("question")
    op.drop_table("import_shape")


def _states(before, after):
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.alter_column(
            "state",
            existing_type=_enum(before, "importstate"),
            type_=_enum(after, "importstate"),
            existing_nullable=False,
        )


def _enum(values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
