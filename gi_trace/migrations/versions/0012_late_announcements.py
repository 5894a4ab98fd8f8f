"""A right that an application asked for and that began before today is a proposal of its own kind."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = (
    "officer officer_again import yield_ceiling conversion allocation lot_recall lot_release stop release alert"
    " case_stops right_suspension right_resumption right_withdrawal right_correction right_revocation"
    " right_late_entry late_announcement"
)
CHECK = "ck_proposal_proposalkind"


def upgrade():
    with op.batch_alter_table("proposal") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("kind").in_(KINDS.split()))


def downgrade():
    raise NotImplementedError("what was proposed so would have no place")
