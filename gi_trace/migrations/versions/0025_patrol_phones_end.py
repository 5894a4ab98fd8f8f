"""A patrol phone's registration ends when its officer signs out on it"""

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("patrol_phone", sa.Column("ended_at", UTCDateTime(), nullable=True))


def downgrade():
    op.drop_column("patrol_phone", "ended_at")
