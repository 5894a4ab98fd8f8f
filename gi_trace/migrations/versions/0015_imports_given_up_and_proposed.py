"""An import can be given up, and one that took two officers names who proposed it"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = ["reading", "at_fault", "ready", "confirmed", "taking_over", "done", "asking"]


def upgrade():
    key = op.f("fk_import_proposed_by_id_account")
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(key, "account", ["proposed_by_id"], ["id"])
    _states(STATES, [*STATES, "given_up"])


def downgrade():
    op.execute("DELETE FROM import WHERE state = 'given_up'")
    _states([*STATES, "given_up"], STATES)
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_import_proposed_by_id_account"), type_="foreignkey")
        batch_op.drop_column("proposed_by_id")


def _states(before, after):
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.alter_column(
            "state",
            existing_type=_enum(before),
            type_=_enum(after),
            existing_nullable=False,
        )


def _enum(values):
    return sa.Enum(*values, name="importstate", native_enum=False, create_constraint=True, length=32)
