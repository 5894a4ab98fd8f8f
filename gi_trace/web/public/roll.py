"""The public roll: may this firm use the mark for this product? Asked by name or social credit code, never listed."""

from datetime import date
from itertools import pairwise

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import WITH_RIGHTS, Authorisation, Party, was_called
from gi_trace.registry.parties import successors
from gi_trace.registry.rules import state_on
from gi_trace.registry.uscc import shown_code, shown_name
from gi_trace.web.limits import limiter
from gi_trace.web.public import bp

SHORTEST = 2
MOST = 20


@bp.get("/roll")
@limiter.limit("120 per hour")
def show_roll() -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()
    parties = parties_like(asked) if len(asked) >= SHORTEST else []
    rights = [
        (right, state_on(right.right, clock.today())) for party in parties for right in rights_of(party)
    ]
    return render_template(
        "public/roll.html", asked=asked, rights=rights, has_more=len(parties) == MOST, too_short=SHORTEST
    )


def parties_like(asked: str) -> list[Party]:
    query = select(Party).where(was_called(asked)).order_by(Party.name).limit(MOST)
    return list(db.session.scalars(query.options(*WITH_RIGHTS)))


def rights_of(party: Party) -> list[Authorisation]:
    return party.authorisations


def former_names(party: Party) -> list[tuple[str, str, date | None]]:
    """(name, code, day from which it was another) as the public may see them, the newest first."""
    former = [
        (shown_name(before.name, before.uscc), shown_code(before.uscc), after.from_day)
        for before, after in pairwise(party.entries)
        if (before.name, before.uscc) != (after.name, after.uscc)
    ]
    return former[::-1]


def successor_names(party: Party) -> str:
    return "、".join(shown_name(heir.name, heir.uscc) for heir in successors(party))


bp.add_app_template_filter(lambda party: shown_name(party.name, party.uscc), "shown_name")
bp.add_app_template_filter(lambda party: shown_code(party.uscc), "shown_uscc")
bp.add_app_template_filter(former_names)
bp.add_app_template_filter(successor_names)
