"""Signed states of the record, who witnessed them, and whose records we witness"""

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "record_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("from_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_key")),
        sa.UniqueConstraint("text", name=op.f("uq_record_key_text")),
    )
    op.create_table(
        "record_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_record_checkpoint")),
    )
    op.create_table(
        "record_cosignature",
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("witness", sa.String(300), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["record_checkpoint.size"], name=op.f("fk_record_cosignature_size_record_checkpoint")
        ),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_record_cosignature")),
    )
    op.create_table(
        "witnessed_record",
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_witnessed_record")),
    )


def downgrade():
    raise NotImplementedError("what was signed would be lost")
