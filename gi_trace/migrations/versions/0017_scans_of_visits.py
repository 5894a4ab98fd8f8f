"""Every scan of a visit is kept"""

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "visit_scan",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("verdict", sa.String(80), nullable=False),
        sa.Column("server_verdict", sa.String(32), nullable=False),
        sa.Column("pack", sa.String(80), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("clock_ahead_s", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_visit_scan_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_scan_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_scan")),
    )
    op.create_index(op.f("ix_visit_scan_visit_id"), "visit_scan", ["visit_id"])


def downgrade():
    raise NotImplementedError("the scans of visits would be lost")
