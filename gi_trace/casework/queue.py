"""What lies on the desk, the most urgent first: overdue on top, then what is soon due, then by risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

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


Queued = TypeVar("Queued", QueuedLead, QueuedCase)


def queued_leads(leads: Iterable[Lead]) -> list[QueuedLead]:
    keeper = timekeeper()
    return [QueuedLead(lead, next(iter(keeper.of_lead(lead)), None)) for lead in leads]


def queued_cases(cases: Iterable[Case]) -> list[QueuedCase]:
    keeper = timekeeper()
    return [QueuedCase(case, next(iter(keeper.of_case(case)), None)) for case in cases]


def ranked(queued: Iterable[Queued]) -> list[Queued]:
    """The most urgent first."""
    return sorted(queued, key=_key)


def lead_queue(of: Account | None = None) -> list[QueuedLead]:
    """Leads in hand, of everybody or of one person."""
    return ranked(queued_leads(leads_in_hand(of)))


def case_queue(of: Account | None = None) -> list[QueuedCase]:
    """Open cases, all or those that a person works on."""
    return ranked(queued_cases(open_cases(of)))


def _key(one: QueuedLead | QueuedCase) -> tuple[object, ...]:
    lead = one.lead if isinstance(one, QueuedLead) else one.case.lead
    left = one.clock.workdays_left if one.clock else None
    return (*queue_key(workdays_left=left, points=lead.risk_points, received_on=lead.received_on), lead.id)
