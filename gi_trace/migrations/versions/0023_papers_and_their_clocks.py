"""Papers that were issued; what a decision must say; what became of goods kept for proof; a term for each right."""

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBERS = (
    "case decision inspection interview preservation goods_decision correction penalty_notice hearing_notice service"
    " transfer closing"
)
TERMS = (
    "check_lead extension accept_complaint mediation tell_informant statement hearing decide_case publish"
    " keep_published_short keep_published_long reconsideration withdraw_published check_application"
    " correct_application decide_application"
)
STEPS = "filed investigated notified hearing_told responded decided served police closed"
KINDS = (
    "inspection interview preservation goods_decision correction filing penalty_notice hearing_notice decision"
    " service transfer closing"
)
OUTCOMES = "returned seized tested handed_over confiscated"


def widen(table, check, column, values):
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(op.f(check), type_="check")
        changed.create_check_constraint(op.f(check), sa.column(column).in_(values.split()))


def upgrade():
    widen("legal_term", "ck_legal_term_termcode", "code", TERMS)
    widen("case_step", "ck_case_step_stepkind", "kind", STEPS)
    widen("number_form", "ck_number_form_numberkind", "kind", NUMBERS)
    widen("number_count", "ck_number_count_numberkind", "kind", NUMBERS)
    with op.batch_alter_table("decision") as decision:
        decision.add_column(sa.Column("ground_text", sa.String(200), nullable=False, server_default=""))
        decision.add_column(sa.Column("violated", sa.Text(), nullable=False, server_default=""))
        decision.add_column(sa.Column("evidence", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("decision") as decision:
        for column in ("ground_text", "violated", "evidence"):
            decision.alter_column(column, server_default=None)
    op.create_table(
        "goods_settled",
        sa.Column("finding_id", sa.String(36), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            sa.column("outcome").in_(OUTCOMES.split()), name=op.f("ck_goods_settled_goodsoutcome")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_goods_settled_by_id_account")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_goods_settled_finding_id_finding")
        ),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_goods_settled")),
    )
    op.create_table(
        "case_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("about_id", sa.String(36)),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary()),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.CheckConstraint(sa.column("kind").in_(KINDS.split()), name=op.f("ck_case_paper_casepaperkind")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_case_paper_by_id_account")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_case_paper_lead_id_lead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_paper")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_case_paper_kind")),
    )
    op.create_index(op.f("ix_case_paper_lead_id"), "case_paper", ["lead_id"])


def downgrade():
    raise NotImplementedError("papers that were issued would have no place")
