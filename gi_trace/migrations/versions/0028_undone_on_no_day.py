"""What undoes an act counts on the day of that act, which was not looked at before"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE stock_act SET days_checked = false WHERE reverses IS NOT NULL")


def downgrade():
    pass
