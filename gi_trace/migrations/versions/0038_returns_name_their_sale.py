"""Goods that come back name the sale of which they were"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("stock_act") as table:
        table.add_column(sa.Column("returns", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_stock_act_returns_stock_act"), "stock_act", ["returns"], ["act_number"]
        )
        table.create_index(op.f("ix_stock_act_returns"), ["returns"])


def downgrade():
    raise NotImplementedError("returned goods would forget their sale")
