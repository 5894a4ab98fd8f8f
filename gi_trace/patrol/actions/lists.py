"""Acts on the lists that patrols choose from: offences and markets."""

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.constraints import check_free
from gi_trace.database import act, db, lock
from gi_trace.patrol.models import Market, Offence
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def add_offence(code: str, text: str, clause: str, *, by: Account) -> Offence:
    check_free(Offence.code, code)
    offence = Offence(code=code, text=text, clause=clause)
    db.session.add(offence)
    record(Acted.OFFENCE_ADDED, offence, by=by, facts={"code": code, "text": text, "clause": clause})
    return offence


@act
def retire_offence(offence: Offence, *, by: Account) -> None:
    """Offered no more; findings that rest on it stay as they are."""
    lock(offence)
    if offence.retired_at is None:
        offence.retired_at = clock.now()
        record(Acted.OFFENCE_RETIRED, offence, by=by, facts={"code": offence.code})


@act
def add_market(name: str, city: str, *, by: Account) -> Market:
    check_free(Market.name, name)
    market = Market(name=name, city=city)
    db.session.add(market)
    record(Acted.MARKET_ADDED, market, by=by, facts={"name": name, "city": city})
    return market
