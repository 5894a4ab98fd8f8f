"""A proposal keeps what it would do as it was shown; an import, which firms its file names"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    """Those of earlier days know none: they are told and compared as before."""
    for table, column in (("proposal", "told"), ("import", "firms")):
        op.add_column(table, sa.Column(column, sa.JSON(), server_default="[]", nullable=False))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade():
    for table, column in (("proposal", "told"), ("import", "firms")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
