"""Of a transfer less may arrive than was offered"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CHECK = "ck_transfer_accepted_within_offered"


def upgrade():
    with op.batch_alter_table("transfer") as table:
        table.add_column(sa.Column("accepted_g", sa.BigInteger(), nullable=True))
        table.create_check_constraint(op.f(CHECK), "accepted_g BETWEEN 1 AND weight_g")
    op.execute("UPDATE transfer SET accepted_g = weight_g WHERE state = 'accepted'")


def downgrade():
    with op.batch_alter_table("transfer") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.drop_column("accepted_g")
