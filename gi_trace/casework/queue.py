"""What lies on the desk, the most urgent first: overdue on top, then what is soon due, then by risk."""

from dataclasses import dataclass

from gi_trace.accounts.models import Account
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Case, Lead, leads_in_hand, open_cases
from gi_trace.casework.rules.risk import queue_key
from gi_trace.terms.deadlines import Clock


@dataclass(frozen=True)
class QueuedLead:
    """A lead with its most urgent clock, None while nothing runs."""

    lead: Lead
    clock: Clock | None


@dataclass(frozen=True)
class QueuedCase:
    case: Case
    clock: Clock | None


def lead_queue(of: Account | None = None) -> list[QueuedLead]:
    """Leads in hand, of everybody or of one person."""
    keeper = timekeeper()
    queued = [QueuedLead(lead, next(iter(keeper.of_lead(lead)), None)) for lead in leads_in_hand(of)]
    return sorted(queued, key=lambda one: _key(one.lead, one.clock))


def case_queue(of: Account | None = None) -> list[QueuedCase]:
    """Open cases, all or those that a person works on."""
    keeper = timekeeper()
    queued = [QueuedCase(case, next(iter(keeper.of_case(case)), None)) for case in open_cases(of)]
    return sorted(queued, key=lambda one: _key(one.case.lead, one.clock))


def _key(lead: Lead, clock: Clock | None) -> tuple[object, ...]:
    left = clock.workdays_left if clock else None
    return (*queue_key(workdays_left=left, points=lead.risk_points, received_on=lead.received_on), lead.id)
