"""Proposals, and duties of officers: those there are handle and review, the first one also administers"""

import sqlalchemy as sa
from alembic import op

import gi_trace.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "officer",
                "officer_again",
                "import",
                "yield_ceiling",
                "conversion",
                "allocation",
                "lot_recall",
                "lot_release",
                "stop",
                "release",
                "alert",
                "case_stops",
                "right_suspension",
                "right_resumption",
                "right_withdrawal",
                "right_correction",
                "right_revocation",
                "right_late_entry",
                name="proposalkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "returned",
                "withdrawn",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("placed", sa.JSON(), nullable=False),
        sa.Column("proposed_at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", gi_trace.database.UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_proposal_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_proposal_proposed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_proposed_by_id"), ["proposed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_subject"), ["subject"], unique=False)
    op.add_column("account", sa.Column("duties", sa.JSON(), server_default="[]", nullable=False))
    _give_duties()
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.alter_column("duties", server_default=None)


def _give_duties():
    """The first is the one who was opened first of those who are still there."""
    account = sa.table(
        "account", *map(sa.column, ("id", "role", "closed_at")), sa.column("duties", sa.JSON())
    )
    ours = account.c.role == "authority"
    run = op.get_bind().execute
    run(account.update().where(ours).values(duties=["handler", "reviewer"]))
    first = sa.select(sa.func.min(account.c.id)).where(ours, account.c.closed_at.is_(None)).scalar_subquery()
    run(account.update().where(account.c.id == first).values(duties=["handler", "reviewer", "administrator"]))


def downgrade():
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("duties")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_subject"))
        batch_op.drop_index(batch_op.f("ix_proposal_state"))
        batch_op.drop_index(batch_op.f("ix_proposal_proposed_by_id"))
    op.drop_table("proposal")
