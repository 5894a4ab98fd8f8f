"""Layouts of labels that firms make, and their logos"""

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "label_logo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_label_logo_by_id_account")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_label_logo_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_logo")),
    )
    op.create_index(op.f("ix_label_logo_party_id"), "label_logo", ["party_id"])
    op.create_table(
        "label_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_label_layout_by_id_account")),
        sa.ForeignKeyConstraint(
            ["logo_id"], ["label_logo.id"], name=op.f("fk_label_layout_logo_id_label_logo")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_label_layout_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_layout")),
        sa.UniqueConstraint("party_id", "ordinal", "version", name=op.f("uq_label_layout_party_id")),
    )


def downgrade():
    op.drop_table("label_layout")
    op.drop_index(op.f("ix_label_logo_party_id"), "label_logo")
    op.drop_table("label_logo")
