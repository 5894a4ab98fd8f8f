"""Acts on the lists that patrols choose from: offences and markets."""

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import db, lock
from gi_trace.errors import N_, Refused
from gi_trace.patrol.models import Market, Offence
from gi_trace.record.actions import record


class NameTaken(Refused):
    code = "name_taken"
    text = N_("“{name}”已在名单里。")


def add_offence(code: str, text: str, clause: str, *, by: Account) -> Offence:
    if db.session.scalar(select(Offence.id).filter_by(code=code)) is not None:
        raise NameTaken(name=code)
    offence = Offence(code=code, text=text, clause=clause)
    db.session.add(offence)
    record("offence.added", offence, by=by, facts={"code": code, "text": text, "clause": clause})
    db.session.commit()
    return offence


def retire_offence(offence: Offence, *, by: Account) -> None:
    """Offered no more; findings that rest on it stay as they are."""
    lock(offence)
    if offence.retired_at is None:
        offence.retired_at = clock.now()
        record("offence.retired", offence, by=by, facts={"code": offence.code})
    db.session.commit()


def add_market(name: str, city: str, *, by: Account) -> Market:
    if db.session.scalar(select(Market.id).filter_by(name=name)) is not None:
        raise NameTaken(name=name)
    market = Market(name=name, city=city)
    db.session.add(market)
    record("market.added", market, by=by, facts={"name": name, "city": city})
    db.session.commit()
    return market
