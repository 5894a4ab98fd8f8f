"""What lies on the desk, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass

from gi_trace.casework.clocks_of import Clock, clocks_of_case, clocks_of_lead, timekeeper
from gi_trace.casework.models import Case, Lead, leads_in_hand, open_cases
from gi_trace.casework.rules.risk import queue_key


@dataclass(frozen=True)
class QueuedLead:
    """A lead with its most urgent clock, None while nothing runs."""

    lead: Lead
    clock: Clock | None


@dataclass(frozen=True)
class QueuedCase:
    case: Case
    clock: Clock | None


def lead_queue(leads: Iterable[Lead] | None = None) -> list[QueuedLead]:
    """Overdue leads on top, then those soon due, then by risk."""
    keeper = timekeeper()
    leads = leads_in_hand() if leads is None else leads
    queued = [QueuedLead(lead, _first(clocks_of_lead(lead, keeper))) for lead in leads]
    return sorted(queued, key=lambda one: queue_key_of(one.lead, one.clock))


def case_queue(cases: Iterable[Case] | None = None) -> list[QueuedCase]:
    keeper = timekeeper()
    cases = open_cases() if cases is None else cases
    queued = [QueuedCase(case, _first(clocks_of_case(case, keeper))) for case in cases]
    return sorted(queued, key=lambda one: queue_key_of(one.case.lead, one.clock))


def queue_key_of(lead: Lead, clock: Clock | None) -> tuple[object, ...]:
    left = clock.workdays_left if clock else None
    return (*queue_key(workdays_left=left, points=lead.risk_points, received_on=lead.received_on), lead.id)


def _first(clocks: list[Clock]) -> Clock | None:
    return clocks[0] if clocks else None
