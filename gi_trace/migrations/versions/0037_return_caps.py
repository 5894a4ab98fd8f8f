"""The most that comes back from use, by product and day; raising it is proposed to a second officer"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

PROPOSALS = (
    "officer officer_again import yield_ceiling conversion allocation return_cap lot_recall lot_release stop release"
    " alert case_stops case_extension case_pause right_suspension right_resumption right_withdrawal right_ending"
    " right_correction right_revocation right_late_entry late_announcement right_grant succession"
)
CHECK = "ck_proposal_proposalkind"


def upgrade():
    op.create_table(
        "return_cap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_return_cap_percent_of_a_whole")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_return_cap_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_cap")),
        sa.UniqueConstraint("product_id", "valid_from", name=op.f("uq_return_cap_product_id")),
    )
    with op.batch_alter_table("proposal") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("kind").in_(PROPOSALS.split()))


def downgrade():
    raise NotImplementedError("what was set as caps would be lost")
