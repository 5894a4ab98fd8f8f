"""The clocks that run on a lead and on a case, worked out from their rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gi_trace import clock
from gi_trace.casework.models import Case, Lead, LeadState, terms_now, work_calendar
from gi_trace.casework.models.cases import Publication
from gi_trace.casework.rules.clocks import Deadline, Pause, Term, WorkCalendar, deadline
from gi_trace.casework.rules.steps import StepKind
from gi_trace.casework.rules.terms import TermCode
from gi_trace.errors import N_
from gi_trace.patrol.rules import decide_by

PRESERVATION = "preservation"


@dataclass(frozen=True)
class Clock:
    """A term that runs: its last day, and workdays left (negative: overdue)."""

    code: str
    deadline: Deadline
    workdays_left: int


@dataclass(frozen=True)
class Timekeeper:
    """What all clocks of one moment go by, read once however many there are."""

    calendar: WorkCalendar
    terms: Mapping[TermCode, Term]
    today: date

    def until(self, code: TermCode, begins_on: date, pauses: Iterable[Pause] = ()) -> Deadline:
        return deadline(begins_on, self.terms[code], self.calendar, today=self.today, pauses=pauses)

    def clocks(self, running: Iterable[tuple[str, Deadline]]) -> list[Clock]:
        """The most urgent first."""
        clocks = [
            Clock(code, end, self.calendar.workdays_between(self.today, end.day)) for code, end in running
        ]
        return sorted(clocks, key=lambda one: (one.deadline.day, one.code))


def timekeeper() -> Timekeeper:
    return Timekeeper(work_calendar(), terms_now(), clock.today())


def clocks_of_lead(lead: Lead, keeper: Timekeeper | None = None) -> list[Clock]:
    """What runs on the lead now."""
    keeper = keeper or timekeeper()
    return keeper.clocks(_running_on_lead(lead, keeper))


def clocks_of_case(case: Case, keeper: Timekeeper | None = None) -> list[Clock]:
    """What runs on the case and on its lead now."""
    keeper = keeper or timekeeper()
    running = _running_on_lead(case.lead, keeper)
    notified = case.step(StepKind.NOTIFIED)
    if notified and not case.decision and not case.step(StepKind.RESPONDED):
        running.append((TermCode.HEARING, keeper.until(TermCode.HEARING, notified.on)))
    if case.decision is None:
        running += [(PRESERVATION, Deadline(day)) for day in _preservation_days(case.lead)]
    elif case.publication is None:
        running.append((TermCode.PUBLISH, keeper.until(TermCode.PUBLISH, case.decision.decided_on)))
    return keeper.clocks(running)


def lead_check_deadline(lead: Lead, keeper: Timekeeper | None = None) -> Deadline:
    """Last day to decide whether a case is filed; an extension begins where the first term ends."""
    keeper, pauses = keeper or timekeeper(), lead.pause_spans
    first = keeper.until(TermCode.CHECK_LEAD, lead.received_on, pauses)
    if lead.extended_on is None:
        return first
    more = keeper.until(TermCode.EXTENSION, first.day, pauses)
    return Deadline(more.day, first.provisional or more.provisional, more.standing)


def hearing_deadline(notified_on: date) -> Deadline:
    return timekeeper().until(TermCode.HEARING, notified_on)


def keep_published_until(published_on: date, code: TermCode) -> date:
    return timekeeper().until(code, published_on).day


def is_public(publication: Publication, today: date) -> bool:
    return publication.withdrawn_on is None and today <= publication.keep_until


def clock_name(code: str) -> str:
    """Its msgid."""
    return N_("先行登记保存的处理决定") if code == PRESERVATION else TermCode(code).label


def _running_on_lead(lead: Lead, keeper: Timekeeper) -> list[tuple[str, Deadline]]:
    running: list[tuple[str, Deadline]] = []
    if lead.state == LeadState.OPEN:
        running.append((TermCode.CHECK_LEAD, lead_check_deadline(lead, keeper)))
        running += [(PRESERVATION, Deadline(day)) for day in _preservation_days(lead)]
    complaint, informant = lead.complaint, lead.informant
    if complaint and not complaint.refused_on and not complaint.ended_on:
        code = TermCode.MEDIATION if complaint.accepted_on else TermCode.ACCEPT_COMPLAINT
        running.append((code, keeper.until(code, complaint.accepted_on or lead.received_on)))
    if informant and informant.told_on is None and lead.settled_on:
        running.append((TermCode.TELL_INFORMANT, keeper.until(TermCode.TELL_INFORMANT, lead.settled_on)))
    return running


def _preservation_days(lead: Lead) -> list[date]:
    versions = [finding.latest for finding in lead.findings if finding.versions]
    return [day for one in versions if (day := decide_by(one.measure, one.measure_on))]
