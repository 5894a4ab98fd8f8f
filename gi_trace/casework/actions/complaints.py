"""Acts on complaints (投诉), which run beside the lead: accept or refuse, and the end of mediation."""

from datetime import date

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.models import Complaint, Lead, MediationOutcome
from gi_trace.casework.rules.leads import (
    AgreementMissing,
    ComplaintNotAccepted,
    ComplaintSettled,
    NoSuchComplaint,
    check_pause_day,
    required_text,
)
from gi_trace.database import act, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def accept_complaint(lead: Lead, *, by: Account) -> None:
    complaint = _undecided(lead)
    complaint.accepted_on = clock.today()
    record(Acted.COMPLAINT_ACCEPTED, lead, by=by)


@act
def refuse_complaint(lead: Lead, *, reason: str, by: Account) -> None:
    complaint = _undecided(lead)
    complaint.refuse_reason, complaint.refused_on = required_text(reason), clock.today()
    record(Acted.COMPLAINT_REFUSED, lead, by=by, facts={"reason": complaint.refuse_reason})


@act
def end_mediation(
    lead: Lead, outcome: MediationOutcome, *, agreement: str, confirmed_on: date | None, by: Account
) -> None:
    """An agreement counts when both sides have confirmed it."""
    complaint = _complaint_of(lead)
    if complaint.accepted_on is None:
        raise ComplaintNotAccepted
    if complaint.ended_on is not None:
        raise ComplaintSettled
    if outcome == MediationOutcome.AGREED:
        if not agreement.strip() or confirmed_on is None:
            raise AgreementMissing
        check_pause_day(confirmed_on, earliest=complaint.accepted_on, today=clock.today())
        complaint.confirmed_on = confirmed_on
    complaint.outcome, complaint.agreement = outcome, agreement.strip()
    complaint.ended_on = clock.today()
    record(
        Acted.COMPLAINT_ENDED, lead, by=by, facts={"outcome": outcome, "confirmed_on": complaint.confirmed_on}
    )


def _undecided(lead: Lead) -> Complaint:
    complaint = _complaint_of(lead)
    if complaint.accepted_on or complaint.refused_on:
        raise ComplaintSettled
    return complaint


def _complaint_of(lead: Lead) -> Complaint:
    lock(lead)
    if lead.complaint is None:
        raise NoSuchComplaint
    lock(lead.complaint)
    return lead.complaint
