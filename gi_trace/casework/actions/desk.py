"""Acts on what the clocks go by: the holidays of a year, and the legal terms."""

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.models import CalendarDay, CalendarYear, LegalTerm
from gi_trace.casework.rules.day_list import read_day_list
from gi_trace.casework.rules.deadlines import Term
from gi_trace.casework.rules.leads import required_text
from gi_trace.casework.rules.terms import TermCode
from gi_trace.database import act, db
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def enter_year(year: int, day_list: str, *, source: str, by: Account) -> CalendarYear:
    """The year's whole arrangement, in place of what was entered before."""
    days = read_day_list(day_list, year)
    source = required_text(source)
    entered = db.session.get(CalendarYear, year)
    if entered is None:
        entered = CalendarYear(year=year)
        db.session.add(entered)
    entered.source, entered.entered_at, entered.entered_by_id = source, clock.now(), by.id
    entered.days.clear()
    db.session.flush()  # the old days go before the new ones come
    entered.days.extend(CalendarDay(day=day, worked=worked) for day, worked in sorted(days.items()))
    free = [day for day, worked in sorted(days.items()) if not worked]
    worked = [day for day, worked in sorted(days.items()) if worked]
    record(Acted.CALENDAR_ENTERED, entered, by=by, facts={"source": source, "free": free, "worked": worked})
    return entered


@act
def set_term(code: TermCode, term: Term, *, source: str, by: Account) -> None:
    own = db.session.get(LegalTerm, code) or LegalTerm(code=code)
    own.amount, own.unit, own.source = term.amount, term.unit, required_text(source)
    db.session.add(own)
    record(Acted.TERM_SET, own, by=by, facts={"amount": term.amount, "unit": term.unit, "source": own.source})
