"""One officer may turn an application away at the door."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOVES = "hand_in add_papers ask_correction correct check turn_away approve announce refuse withdraw"
CHECK = "ck_application_step_move"


def upgrade():
    with op.batch_alter_table("application_step") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("move").in_(MOVES.split()))


def downgrade():
    raise NotImplementedError("an application that was turned away would have no place")
