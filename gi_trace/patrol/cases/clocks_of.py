"""The clocks that run on a lead and on a case, worked out from their rows."""

from dataclasses import dataclass
from datetime import date

from gi_trace import clock
from gi_trace.errors import N_
from gi_trace.patrol.cases.models import Case, Lead, LeadState, findings_of, term_of, work_calendar
from gi_trace.patrol.cases.models.cases import Publication
from gi_trace.patrol.cases.rules.clocks import Deadline, WorkCalendar, deadline
from gi_trace.patrol.cases.rules.steps import StepKind
from gi_trace.patrol.cases.rules.terms import FIRST_TERMS, TermCode
from gi_trace.patrol.rules import decide_by

PRESERVATION = "preservation"


@dataclass(frozen=True)
class Clock:
    """A term that runs: its name as a msgid, its last day, and workdays left (negative: overdue)."""

    code: str
    deadline: Deadline
    workdays_left: int


def clocks_of_lead(lead: Lead, calendar: WorkCalendar | None = None) -> list[Clock]:
    """What runs on the lead now, the most urgent first."""
    calendar = calendar or work_calendar()
    running: list[tuple[str, Deadline]] = []
    if lead.state == LeadState.OPEN:
        running.append((TermCode.CHECK_LEAD, check_lead_deadline(lead, calendar)))
        running += [(PRESERVATION, Deadline(day)) for day in _preservation_days(lead)]
    complaint, informant = lead.complaint, lead.informant
    if complaint and not complaint.refused_on and not complaint.ended_on:
        code = TermCode.MEDIATION if complaint.accepted_on else TermCode.ACCEPT_COMPLAINT
        running.append((code, _until(code, complaint.accepted_on or lead.received_on, calendar)))
    if informant and informant.told_on is None and lead.settled_on:
        running.append((TermCode.TELL_INFORMANT, _until(TermCode.TELL_INFORMANT, lead.settled_on, calendar)))
    return _sorted(running, calendar)


def clocks_of_case(case: Case, calendar: WorkCalendar | None = None) -> list[Clock]:
    """What runs on the case and on its lead now, the most urgent first."""
    calendar = calendar or work_calendar()
    running = [(one.code, one.deadline) for one in clocks_of_lead(case.lead, calendar)]
    notified = case.step(StepKind.NOTIFIED)
    if notified and not case.decision and not case.step(StepKind.RESPONDED):
        running.append((TermCode.HEARING, hearing_deadline(notified.on, calendar)))
    if case.decision is None:
        running += [(PRESERVATION, Deadline(day)) for day in _preservation_days(case.lead)]
    elif case.publication is None:
        running.append((TermCode.PUBLISH, _until(TermCode.PUBLISH, case.decision.decided_on, calendar)))
    return _sorted(running, calendar)


def check_lead_deadline(lead: Lead, calendar: WorkCalendar | None = None) -> Deadline:
    """Last day to decide whether a case is filed; an extension begins where the first term ends."""
    calendar, today, pauses = calendar or work_calendar(), clock.today(), lead.pause_spans
    first = deadline(lead.received_on, term_of(TermCode.CHECK_LEAD), calendar, today=today, pauses=pauses)
    if lead.extended_on is None:
        return first
    more = deadline(first.day, term_of(TermCode.EXTENSION), calendar, today=today, pauses=pauses)
    return Deadline(more.day, first.provisional or more.provisional, more.standing)


def hearing_deadline(notified_on: date, calendar: WorkCalendar | None = None) -> Deadline:
    return _until(TermCode.HEARING, notified_on, calendar or work_calendar())


def keep_published_until(published_on: date, code: TermCode) -> date:
    return _until(code, published_on, work_calendar()).day


def is_public(publication: Publication, today: date) -> bool:
    return publication.withdrawn_on is None and today <= publication.keep_until


def clock_name(code: str) -> str:
    """Its msgid."""
    return N_("先行登记保存的处理决定") if code == PRESERVATION else FIRST_TERMS[TermCode(code)].name


def _preservation_days(lead: Lead) -> list[date]:
    versions = [finding.latest for finding in findings_of(lead)]
    return [day for one in versions if (day := decide_by(one.measure, one.measure_on))]


def _until(code: TermCode, begins_on: date, calendar: WorkCalendar) -> Deadline:
    return deadline(begins_on, term_of(code), calendar, today=clock.today())


def _sorted(running: list[tuple[str, Deadline]], calendar: WorkCalendar) -> list[Clock]:
    today = clock.today()
    clocks = [Clock(code, end, calendar.workdays_between(today, end.day)) for code, end in running]
    return sorted(clocks, key=lambda one: (one.deadline.day, one.code))
