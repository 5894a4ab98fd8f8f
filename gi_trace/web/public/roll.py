"""The public roll: may this firm use the mark for this product? Asked by name or social credit code, never listed."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import Authorisation, Party, PartyKind
from gi_trace.registry.rules import state_on
from gi_trace.registry.uscc import is_sole_trader
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
    code = asked.upper().replace(" ", "").replace("-", "")
    query = select(Party).filter_by(kind=PartyKind.ENTERPRISE)
    query = query.where((Party.uscc == code) | Party.name.contains(asked, autoescape=True))
    return list(db.session.scalars(query.order_by(Party.name).limit(MOST)))


def rights_of(party: Party) -> list[Authorisation]:
    return party.authorisations


def shown_name(party: Party) -> str:
    """A sole trader is a natural person: first and last character stay, enough to compare with a pack."""
    if not is_sole_trader(party.uscc) or len(party.name) < 3:
        return party.name
    return party.name[0] + "＊" * (len(party.name) - 2) + party.name[-1]


def shown_uscc(party: Party) -> str:
    code = party.uscc or ""
    return code[:6] + "＊" * 8 + code[-4:] if is_sole_trader(party.uscc) else code


bp.add_app_template_filter(shown_name, "shown_name")
bp.add_app_template_filter(shown_uscc, "shown_uscc")
