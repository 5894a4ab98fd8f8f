"""Acts on what the clocks go by: the holidays of a year, and the legal terms."""

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.terms.day_list import read_day_list
from gi_trace.terms.deadlines import Term, is_at_least
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import CalendarDay, CalendarYear, LegalTerm


class TermSourceMissing(Refused):
    code = "term_source_missing"
    text = N_("请写明依据。")


class TermBelowLaw(Refused):
    code = "term_below_law"
    text = N_("法律给当事人的期限至少是 {amount}{unit}，不能更短。")


@act
def enter_year(year: int, day_list: str, *, source: str, by: Account) -> CalendarYear:
    """The year's whole arrangement, in place of what was entered before."""
    days = read_day_list(day_list, year)
    source = _required(source)
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
    """Raises TermBelowLaw."""
    if code.least and not is_at_least(term, code.least):
        raise TermBelowLaw(amount=code.least.amount, unit=code.least.unit.label)
    own = db.session.get(LegalTerm, code) or LegalTerm(code=code)
    own.amount, own.unit, own.source = term.amount, term.unit, _required(source)
    db.session.add(own)
    record(Acted.TERM_SET, own, by=by, facts={"amount": term.amount, "unit": term.unit, "source": own.source})


def _required(source: str) -> str:
    if not source.strip():
        raise TermSourceMissing
    return source.strip()
