"""What is made on a phone says on which, and when that had last heard our time"""

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = "visit_version", "visit_scan", "finding_version", "evidence", "discard"


def upgrade():
    for name in TABLES:
        op.add_column(name, sa.Column("phone_id", sa.String(32)))
        op.add_column(name, sa.Column("heard_at", UTCDateTime()))


def downgrade():
    raise NotImplementedError("what was sealed of the clocks would be lost")
