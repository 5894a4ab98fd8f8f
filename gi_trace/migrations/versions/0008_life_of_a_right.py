"""Changes of rights have a notice for the public, what they rest on, what they correct or take back, a second officer.

What the public has read so far becomes the notice: the reasons of losses for cause and of stops.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from gi_trace.clock import day_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = "granted extended held suspended resumed withdrawn ended corrected revoked"
TERMS = (
    "check_lead extension accept_complaint mediation tell_informant hearing publish"
    " keep_published_short keep_published_long withdraw_published reconsideration"
)


def upgrade():
    with op.batch_alter_table("authorisation_change") as table:
        _widen(table, "kind", "ck_authorisation_change_changekind", KINDS)
        table.add_column(sa.Column("notice", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("document", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("announced_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("entered_late", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("corrected", sa.JSON(), nullable=False, server_default=json.dumps([])))
        table.add_column(sa.Column("revokes_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_authorisation_change_revokes_id_authorisation_change"),
            "authorisation_change",
            ["revokes_id"],
            ["id"],
        )
        table.create_foreign_key(
            op.f("fk_authorisation_change_confirmed_by_id_account"), "account", ["confirmed_by_id"], ["id"]
        )
    with op.batch_alter_table("authorisation_change") as table:
        for name in ("notice", "document", "entered_late", "corrected"):
            table.alter_column(name, server_default=None)
    _tell_what_the_public_read()
    _mark_what_was_entered_late()

    with op.batch_alter_table("legal_term") as table:
        _widen(table, "code", "ck_legal_term_termcode", TERMS)

    with op.batch_alter_table("batch_stop") as table:
        table.alter_column(
            "notice", existing_type=sa.String(length=60), type_=sa.Text(), existing_nullable=False
        )
    op.execute(
        "UPDATE batch_stop SET notice ="
        " CASE WHEN notice = '' THEN reason ELSE reason || '（公告：' || notice || '）' END"
    )


def downgrade():
    raise NotImplementedError("what was corrected or taken back cannot be told without these columns")


def _widen(table, column, constraint, words):
    table.drop_constraint(op.f(constraint), type_="check")
    table.create_check_constraint(op.f(constraint), sa.column(column).in_(words.split()))


def _tell_what_the_public_read():
    op.execute(
        "UPDATE authorisation_change SET notice = reason"
        " WHERE for_cause AND kind IN ('suspended', 'withdrawn')"
    )


def _mark_what_was_entered_late():
    names = ("id", "kind", "effective_on", "at", "entered_late")
    changes = sa.table("authorisation_change", *map(sa.column, names))
    changes.c.effective_on.type, changes.c.at.type = sa.Date(), sa.DateTime()
    changes.c.entered_late.type = sa.Boolean()
    granted = sa.select(changes.c.id, changes.c.effective_on, changes.c.at).where(changes.c.kind == "granted")
    late = [row.id for row in op.get_bind().execute(granted) if row.effective_on < day_of(_aware(row.at))]
    for start in range(0, len(late), 500):
        some = changes.c.id.in_(late[start : start + 500])
        op.execute(changes.update().where(some).values(entered_late=True))


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
