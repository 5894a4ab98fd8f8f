"""The check of the codes of legal terms knows the term of objection again, which 0010 had left out"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CODES = (
    "check_lead extension accept_complaint mediation tell_informant hearing publish keep_published_short"
    " keep_published_long reconsideration withdraw_published check_application correct_application"
    " decide_application"
)
CHECK = "ck_legal_term_termcode"


def upgrade():
    with op.batch_alter_table("legal_term") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), sa.column("code").in_(CODES.split()))


def downgrade():
    raise NotImplementedError("a term that was set would have no place")
