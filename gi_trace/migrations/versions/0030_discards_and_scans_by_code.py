"""Why officers gave up what was refused; scans found by their code"""

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "discard",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("clock_ahead_s", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_discard_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discard")),
    )
    op.create_index(op.f("ix_discard_visit_id"), "discard", ["visit_id"])
    op.create_index(op.f("ix_visit_scan_code"), "visit_scan", ["code"])


def downgrade():
    raise NotImplementedError("reasons would be lost")
