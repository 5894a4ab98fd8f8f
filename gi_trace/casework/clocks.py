"""Which legal terms run on a lead and on a case, from which day: their clocks, worked out from the rows.

How long the law gives stands in terms/legal.py, how the last day is counted in terms/deadlines.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gi_trace import clock
from gi_trace.casework.models import Case, Lead, LeadState, goods_waiting
from gi_trace.casework.rules.hearing import open_notices
from gi_trace.casework.rules.steps import BEFORE_DECISION, StepKind
from gi_trace.errors import N_
from gi_trace.patrol.rules import decide_by
from gi_trace.terms.deadlines import Clock, Deadline, Pause, Term, TermUnit, WorkCalendar, deadline
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import terms_now, work_calendar
from gi_trace.verification.models import Report, ReportKind, ReportState

PRESERVATION = "preservation"  # its term stands in the Penalty Law itself: the office cannot enter another
TOLD_TO_SENDER = (
    TermCode.ACCEPT_COMPLAINT,
    TermCode.MEDIATION,
    TermCode.CHECK_LEAD,
    TermCode.TELL_INFORMANT,
)
TERM_OF = {StepKind.NOTIFIED: TermCode.STATEMENT, StepKind.HEARING_TOLD: TermCode.HEARING}


@dataclass(frozen=True)
class Timekeeper:
    """What all clocks of one moment go by, read once however many there are."""

    calendar: WorkCalendar
    terms: Mapping[TermCode, Term]
    today: date

    def of_lead(self, lead: Lead) -> list[Clock]:
        """What runs on the lead now, the most urgent first."""
        return self._clocks(self._on_lead(lead))

    def of_case(self, case: Case) -> list[Clock]:
        """What runs on the case and on its lead now, the most urgent first."""
        running = self._on_lead(case.lead)
        running += [(PRESERVATION, Deadline(day)) for day in _preservation_days(case.lead)]
        if case.state in BEFORE_DECISION:
            running += self.to_be_heard(case)
            running.append((TermCode.DECIDE_CASE, self.deadline_of_case(case)))
        elif case.decision and case.publication is None:
            running.append((TermCode.PUBLISH, self.until(TermCode.PUBLISH, case.decision.decided_on)))
        return self._clocks(running)

    def to_be_heard(self, case: Case) -> list[tuple[TermCode, Deadline]]:
        """The open terms in which the party may speak: the decision waits for the longest."""
        notices = open_notices(case.said)
        return [(TERM_OF[notice.kind], self.until(TERM_OF[notice.kind], notice.on)) for notice in notices]

    def for_sender(self, report: Report, lead: Lead | None) -> Clock | None:
        """What the sender of a report may wait for; before a lead is made of it, as from the day it came."""
        if lead is not None:
            return next((one for one in self.of_lead(lead) if one.code in TOLD_TO_SENDER), None)
        if report.state is ReportState.CLOSED:
            return None
        is_complaint = report.kind is ReportKind.COMPLAINT
        code = TermCode.ACCEPT_COMPLAINT if is_complaint else TermCode.CHECK_LEAD
        return self._clocks([(code, self.until(code, clock.day_of(report.sent_at)))])[0]

    def deadline_of_lead(self, lead: Lead) -> Deadline:
        """Last day to decide whether a case is filed; an extension begins where the first term ends."""
        first = self.until(TermCode.CHECK_LEAD, lead.received_on, lead.pause_spans)
        if lead.extended_on is None:
            return first
        more = self.until(TermCode.EXTENSION, first.day, lead.pause_spans)
        return Deadline(more.day, first.provisional or more.provisional, more.standing)

    def deadline_of_case(self, case: Case) -> Deadline:
        """Last day to decide it; each extension begins where the term ended before."""
        end = self.until(TermCode.DECIDE_CASE, case.filed_on, case.pause_spans)
        for extension in case.extensions:
            end = self._more(end, Term(extension.days, TermUnit.DAYS), case)
        return end

    def extended_case(self, case: Case, more: Term) -> Deadline:
        """Where the case's term would end with this much more."""
        return self._more(self.deadline_of_case(case), more, case)

    def _more(self, end: Deadline, term: Term, case: Case) -> Deadline:
        more = deadline(end.day, term, self.calendar, today=self.today, pauses=case.pause_spans)
        return Deadline(more.day, end.provisional or more.provisional, more.standing)

    def until(self, code: TermCode, begins_on: date, pauses: Iterable[Pause] = ()) -> Deadline:
        return deadline(begins_on, self.terms[code], self.calendar, today=self.today, pauses=pauses)

    def _on_lead(self, lead: Lead) -> list[tuple[str, Deadline]]:
        running: list[tuple[str, Deadline]] = []
        if lead.state == LeadState.OPEN:
            running.append((TermCode.CHECK_LEAD, self.deadline_of_lead(lead)))
            running += [(PRESERVATION, Deadline(day)) for day in _preservation_days(lead)]
        complaint, informant = lead.complaint, lead.informant
        if complaint and not complaint.refused_on and not complaint.ended_on:
            code = TermCode.MEDIATION if complaint.accepted_on else TermCode.ACCEPT_COMPLAINT
            running.append((code, self.until(code, complaint.accepted_on or lead.received_on)))
        if informant and informant.told_on is None and lead.settled_on:
            running.append((TermCode.TELL_INFORMANT, self.until(TermCode.TELL_INFORMANT, lead.settled_on)))
        return running

    def _clocks(self, running: Iterable[tuple[str, Deadline]]) -> list[Clock]:
        left = self.calendar.workdays_between
        clocks = [Clock(code, _label(code), end, left(self.today, end.day)) for code, end in running]
        return sorted(clocks, key=lambda one: (one.deadline.day, one.code))


def _label(code: str) -> str:
    return N_("先行登记保存的处理决定") if code == PRESERVATION else TermCode(code).label


def timekeeper() -> Timekeeper:
    return Timekeeper(work_calendar(), terms_now(), clock.today())


def _preservation_days(lead: Lead) -> list[date]:
    kept = [finding.latest for finding in goods_waiting(lead)]
    return [day for one in kept if (day := decide_by(one.measure, one.measure_on))]
