"""Tokens have scopes, an end and the day of their last use

Those that stand go on with all that their accounts may, for a year from now, which their page tells.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from gi_trace import clock
from gi_trace.database import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ALL_SCOPES = ["read", "batches", "labels", "hidden-codes"]
DAYS = 365


def upgrade():
    until = clock.now() + timedelta(days=DAYS)
    with op.batch_alter_table("api_token") as table:
        table.add_column(sa.Column("scopes", sa.JSON(), nullable=True))
        table.add_column(sa.Column("expires_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("last_used_on", sa.Date(), nullable=True))
    token = sa.table("api_token", sa.column("scopes", sa.JSON()), sa.column("expires_at", UTCDateTime()))
    op.execute(token.update().values(scopes=ALL_SCOPES, expires_at=until))
    with op.batch_alter_table("api_token") as table:
        table.alter_column("scopes", existing_type=sa.JSON(), nullable=False)
        table.alter_column("expires_at", existing_type=UTCDateTime(), nullable=False)


def downgrade():
    with op.batch_alter_table("api_token") as table:
        table.drop_column("last_used_on")
        table.drop_column("expires_at")
        table.drop_column("scopes")
