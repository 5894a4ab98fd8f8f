"""A case's term is extended, or stands, with its dated history; and the paper on which its extension is approved."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TERMS = (
    "check_lead extension accept_complaint mediation tell_informant statement hearing decide_case extend_case publish"
    " keep_published_short keep_published_long reconsideration withdraw_published check_application"
    " correct_application decide_application"
)
NUMBERS = (
    "case decision inspection interview preservation goods_decision correction penalty_notice hearing_notice service"
    " transfer extension closing"
)
KINDS = (
    "inspection interview preservation goods_decision correction filing penalty_notice hearing_notice decision"
    " service transfer extension closing"
)
PROPOSALS = (
    "officer officer_again import yield_ceiling conversion allocation lot_recall lot_release stop release alert"
    " case_stops case_extension case_pause right_suspension right_resumption right_withdrawal right_ending"
    " right_correction right_revocation right_late_entry late_announcement right_grant succession"
)


def widen(table, check, column, values):
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(op.f(check), type_="check")
        changed.create_check_constraint(op.f(check), sa.column(column).in_(values.split()))


def of_two(table):
    """Whose case it is, and the two officers."""
    people = [(name, "account.id") for name in ("by_id", "confirmed_by_id")]
    columns = [("case_id", "case_file.id"), *people]
    return [
        *(sa.Column(name, sa.Integer(), nullable=False) for name, _ in columns),
        *(
            sa.ForeignKeyConstraint([name], [there], name=op.f(f"fk_{table}_{name}_{there.split('.')[0]}"))
            for name, there in columns
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade():
    widen("legal_term", "ck_legal_term_termcode", "code", TERMS)
    widen("number_form", "ck_number_form_numberkind", "kind", NUMBERS)
    widen("number_count", "ck_number_count_numberkind", "kind", NUMBERS)
    widen("case_paper", "ck_case_paper_casepaperkind", "kind", KINDS)
    widen("proposal", "ck_proposal_proposalkind", "kind", PROPOSALS)
    op.create_table(
        "case_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        *of_two("case_extension"),
        sa.CheckConstraint(
            sa.column("kind").in_(["head", "collective"]), name=op.f("ck_case_extension_extensionkind")
        ),
        sa.CheckConstraint("days > 0", name=op.f("ck_case_extension_days_positive")),
    )
    op.create_index(op.f("ix_case_extension_case_id"), "case_extension", ["case_id"])
    op.create_table(
        "case_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("document", sa.String(200), nullable=False),
        *of_two("case_pause"),
        sa.CheckConstraint(
            sa.column("kind").in_(["test", "hearing", "notice", "suspended"]),
            name=op.f("ck_case_pause_casepausekind"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_case_pause_days_in_order")
        ),
    )
    op.create_index(op.f("ix_case_pause_case_id"), "case_pause", ["case_id"])


def downgrade():
    raise NotImplementedError("extensions and pauses would have no place")
