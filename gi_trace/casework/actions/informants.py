"""Who told us: shown only to whoever works on the matter, and never without a row of the record.

市场监督管理投诉举报处理暂行办法 art. 33: the identity is confidential. It enters no fact of the record.
"""

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.casework.models import Informant, Lead, case_of_lead, leads_merged_into
from gi_trace.casework.rules.leads import AlreadyTold, InformantHidden, NoInformant, required_text
from gi_trace.casework.rules.leaving import Hidden, hidden_of
from gi_trace.casework.rules.steps import NotOnCase
from gi_trace.database import act, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


def works_on(lead: Lead, account: Account) -> bool:
    """The person who has the lead; once a case is filed, its two officers alone."""
    case = case_of_lead(lead)
    return case.is_in_hands_of(account) if case else account.id == lead.assigned_to_id


def hidden_informant(lead: Lead) -> Hidden:
    """What of his identity must stand in nothing that leaves, shown to nobody; also of who told us the same before."""
    told = [one.informant.identity for one in (lead, *leads_merged_into(lead)) if one.informant]
    return hidden_of("\n".join(told), party=lead.respondent_name, address=lead.respondent_address)


def check_may_see(lead: Lead, account: Account) -> None:
    """The authority, and who works on it."""
    if account.role is not Role.AUTHORITY and not works_on(lead, account):
        raise NotOnCase


def reveal_informant(lead: Lead, *, reason: str, by: Account) -> Informant:
    """The informant; the look is in the record before it is seen, and so is one that was refused.

    Raises InformantHidden.
    """
    try:
        return _reveal(lead, reason, by=by)
    except InformantHidden:
        note_refused_reveal(lead, reason, by=by)
        raise


@act
def _reveal(lead: Lead, reason: str, *, by: Account) -> Informant:
    informant = _informant_for(lead, by)
    record(Acted.INFORMANT_REVEALED, lead, by=by, facts={"reason": required_text(reason)})
    return informant


@act
def note_refused_reveal(lead: Lead, reason: str = "", *, by: Account) -> None:
    """Somebody who does not work on the matter wanted to know who told us."""
    record(Acted.INFORMANT_REFUSED, lead, by=by, facts={"reason": reason.strip()})


@act
def tell_informant(lead: Lead, *, how: str, by: Account) -> None:
    """That a case was or was not filed (art. 31)."""
    informant = _informant_for(lead, by)
    lock(informant)
    if informant.told_on is not None:
        raise AlreadyTold(day=informant.told_on.isoformat())
    informant.told_how, informant.told_on = required_text(how), clock.today()
    record(Acted.INFORMANT_TOLD, lead, by=by)


def _informant_for(lead: Lead, by: Account) -> Informant:
    if not works_on(lead, by):
        raise InformantHidden
    if lead.informant is None:
        raise NoInformant
    return lead.informant
