"""Firms ask an officer to see goods, so that the weight of units in use comes back"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

CHECK = "ck_stock_request_requestkind"


def upgrade():
    with op.batch_alter_table("stock_request") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("kind").in_(["undo", "late_harvest", "unpack"]))
        table.add_column(sa.Column("client_key", sa.String(64)))
        table.create_unique_constraint(op.f("uq_stock_request_party_id"), ["party_id", "client_key"])
    op.add_column("goods_seen", sa.Column("sampled", sa.Integer()))


def downgrade():
    raise NotImplementedError("a request to see goods would have no place")
