"""Ends and grants beside a fault, and successions, are proposed to a second officer"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = (
    "officer officer_again import yield_ceiling conversion allocation lot_recall lot_release stop release alert"
    " case_stops right_suspension right_resumption right_withdrawal right_ending right_correction right_revocation"
    " right_late_entry late_announcement right_grant succession"
)
CHECK = "ck_proposal_proposalkind"


def upgrade():
    with op.batch_alter_table("proposal") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("kind").in_(KINDS.split()))


def downgrade():
    raise NotImplementedError("a proposal of these kinds would have no place")
