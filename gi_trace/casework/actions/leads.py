"""Acts on leads: note, assess, assign, extend, pause, close."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import (
    Complaint,
    Informant,
    Lead,
    LeadFinding,
    LeadPause,
    LeadState,
    PauseKind,
    case_of_lead,
    earlier_leads,
    goods_waiting,
)
from gi_trace.casework.papers.facts import lacking_of
from gi_trace.casework.papers.kinds import CasePaperKind
from gi_trace.casework.rules.goods import GoodsWaiting
from gi_trace.casework.rules.leads import (
    LeadNotMergeable,
    LeadNotOpen,
    PauseOpen,
    check_extension,
    check_pause_day,
    check_received_on,
    required_text,
)
from gi_trace.casework.rules.risk import LeadFacts, LeadSource, risk_of
from gi_trace.casework.rules.steps import PersonLeft
from gi_trace.database import act, db, lock
from gi_trace.patrol.rules import Measure
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class NewLead:
    """What a lead begins with. `identity`: who told us; `claim`: what a complainant wants (else None)."""

    source: LeadSource
    title: str
    received_on: date
    source_key: str | None = None
    what: str = ""
    respondent_name: str = ""
    respondent_code: str = ""
    respondent_address: str = ""
    party_id: int | None = None
    product_id: int | None = None
    batch_number: int | None = None
    first_unit: int | None = None
    last_unit: int | None = None
    value_fen: int = 0
    finding_ids: tuple[str, ...] = field(default=())
    identity: str = ""
    claim: str | None = None


@act
def note_lead(new: NewLead, *, by: Account | None) -> Lead:
    """Raises ReceivedDayWrong."""
    check_received_on(new.received_on, today=clock.today())
    lead = add_lead(new, by=by)
    return lead


def add_lead(new: NewLead, *, by: Account | None) -> Lead:
    """The step of noting a lead, for acts that do more; it does not commit."""
    own = {"finding_ids", "identity", "claim"}
    columns = {name: value for name, value in vars(new).items() if name not in own}
    lead = Lead(entered_at=clock.now(), risk_points=0, risk_reasons=[], **columns)
    lead.title = new.title.strip()[:120]
    db.session.add(lead)
    db.session.flush()
    db.session.add_all(LeadFinding(lead_id=lead.id, finding_id=one) for one in new.finding_ids)
    if new.identity.strip():
        lead.informant = Informant(lead_id=lead.id, identity=new.identity.strip())
    if new.claim is not None:
        lead.complaint = Complaint(lead_id=lead.id, claim=new.claim.strip())
    db.session.flush()
    assess(lead)
    record(Acted.LEAD_NOTED, lead, by=by, facts=_facts_of(lead))
    return lead


def assess(lead: Lead) -> None:
    """Points and reasons as the facts now are."""
    measures = [finding.latest.measure for finding in lead.findings]
    units = (lead.last_unit or 0) - (lead.first_unit or 0) + 1 if lead.first_unit else 0
    facts = LeadFacts(
        source=lead.source,
        value_fen=lead.value_fen,
        authorised_respondent=lead.party is not None and bool(lead.party.authorisations),
        earlier_leads=earlier_leads(lead, lead.received_on - YEAR),
        goods_preserved=any(measure != Measure.NONE for measure in measures),
        units_concerned=units,
        other_sources=_other_sources(lead),
    )
    risk = risk_of(facts)
    lead.risk_points, lead.risk_reasons = risk.points, [list(reason) for reason in risk.reasons]


@dataclass(frozen=True)
class LeadChange:
    """What is known better now: whom it is about, which goods, and what they are worth."""

    what: str
    respondent_name: str
    respondent_code: str
    respondent_address: str
    party_id: int | None
    product_id: int | None
    value_fen: int


@act
def amend_lead(lead: Lead, change: LeadChange, *, by: Account) -> None:
    """While `is_amendable`; the record keeps what stood before."""
    lock(lead)
    if not is_amendable(lead):
        raise LeadNotOpen
    before = {name: getattr(lead, name) for name in vars(change)}
    for name, value in vars(change).items():
        setattr(lead, name, value)
    assess(lead)
    changed = {name: [old, getattr(lead, name)] for name, old in before.items() if old != getattr(lead, name)}
    record(Acted.LEAD_AMENDED, lead, by=by, facts=changed)


def is_amendable(lead: Lead) -> bool:
    """Until the decision; after it only while its paper could not be issued without."""
    case = case_of_lead(lead)
    if case is None or case.decision is None:
        return lead.state in (LeadState.OPEN, LeadState.FILED)
    return bool(lacking_of(CasePaperKind.DECISION, lead))


@act
def merge_lead(lead: Lead, into: Lead, *, by: Account) -> None:
    """Both tell of one matter: the findings go over, and this lead is closed with the other's number."""
    for one in sorted(
        (lead, into), key=lambda one: one.id
    ):  # one order, so that two merges cannot wait in a ring
        _lock_open(one)
    if lead.id == into.id or lead.complaint is not None:
        raise LeadNotMergeable
    known = {finding.id for finding in into.findings}
    moved = [finding.id for finding in lead.findings if finding.id not in known]
    db.session.add_all(LeadFinding(lead_id=into.id, finding_id=one) for one in moved)
    into.value_fen = max(into.value_fen, lead.value_fen)
    db.session.flush()
    db.session.refresh(into)
    assess(into)
    settle(lead, LeadState.CLOSED, into.number)
    record(Acted.LEAD_MERGED, lead, by=by, facts={"into": into.id, "findings": moved})


@act
def assign_lead(lead: Lead, to: Account, *, by: Account) -> None:
    """To another person, too, when the one who had it left."""
    lock(lead)
    if not lead.can_be_assigned:
        raise LeadNotOpen
    if to.closed_at is not None:
        raise PersonLeft(name=to.name)
    before, lead.assigned_to_id = lead.assigned_to_id, to.id
    record(Acted.LEAD_ASSIGNED, lead, by=by, facts={"to": to.id, "before": before})


@act
def extend_lead(lead: Lead, *, reason: str, by: Account) -> None:
    _lock_open(lead)
    last_day, today = timekeeper().deadline_of_lead(lead).day, clock.today()
    own = by.id == lead.assigned_to_id
    check_extension(extended_on=lead.extended_on, last_day=last_day, today=today, own=own)
    lead.extension_reason = required_text(reason)
    lead.extended_on = today
    record(Acted.LEAD_EXTENDED, lead, by=by, facts={"reason": lead.extension_reason})


@act
def pause_clock(lead: Lead, kind: PauseKind, starts_on: date, *, note: str, by: Account) -> LeadPause:
    """Goods went to a test or to the right's holder: the clock stands until they are back."""
    _lock_open(lead)
    if any(pause.ends_on is None for pause in lead.pauses):
        raise PauseOpen
    check_pause_day(starts_on, earliest=lead.received_on, today=clock.today())
    pause = LeadPause(lead_id=lead.id, kind=kind, starts_on=starts_on, note=note.strip())
    db.session.add(pause)
    record(Acted.LEAD_PAUSED, lead, by=by, facts={"kind": kind, "starts_on": starts_on, "note": pause.note})
    return pause


@act
def resume_clock(lead: Lead, ends_on: date, *, by: Account) -> None:
    _lock_open(lead)
    pause = next((pause for pause in lead.pauses if pause.ends_on is None), None)
    if pause is None:
        raise LeadNotOpen
    check_pause_day(ends_on, earliest=pause.starts_on, today=clock.today())
    pause.ends_on = ends_on
    record(Acted.LEAD_RESUMED, lead, by=by, facts={"kind": pause.kind, "ends_on": ends_on})


@act
def close_lead(lead: Lead, *, reason: str, by: Account) -> None:
    """No case comes of it. Raises GoodsWaiting."""
    _lock_open(lead)
    check_goods_settled(lead)
    settle(lead, LeadState.CLOSED, required_text(reason))
    record(Acted.LEAD_CLOSED, lead, by=by, facts={"reason": lead.settle_reason})


def check_goods_settled(lead: Lead) -> None:
    """What was kept for proof would otherwise lie there with no clock. Raises GoodsWaiting."""
    if goods_waiting(lead):
        raise GoodsWaiting


def reopen(lead: Lead, more: str, *, reason: str, by: Account | None) -> None:
    """It was with another office and is ours again: its clock begins anew. Does not commit."""
    facts = {"received_before": lead.received_on, "reason": reason}
    lead.state, lead.settled_on, lead.settle_reason = LeadState.OPEN, None, ""
    lead.received_on, lead.extended_on = clock.today(), None
    known = set(lead.what.splitlines())
    lead.what = "\n".join([lead.what, *(line for line in more.splitlines() if line not in known)]).strip()
    record(Acted.LEAD_CAME_BACK, lead, by=by, facts=facts)


def settle(lead: Lead, state: LeadState, reason: str) -> None:
    lead.state, lead.settled_on, lead.settle_reason = state, clock.today(), reason


def _lock_open(lead: Lead) -> None:
    lock(lead)
    if lead.state != LeadState.OPEN:
        raise LeadNotOpen


def _other_sources(lead: Lead) -> int:
    """How many leads from other sources name the same batch."""
    if lead.batch_number is None:
        return 0
    query = db.session.query(Lead.source).filter_by(batch_number=lead.batch_number)
    return query.filter(Lead.id != lead.id, Lead.source != lead.source).distinct().count()


def _facts_of(lead: Lead) -> dict[str, object]:
    """For the record: never who told us."""
    names = ("source", "source_key", "title", "batch_number", "party_id", "received_on", "risk_points")
    facts = {name: getattr(lead, name) for name in names}
    return facts | {"named_informant": lead.informant is not None, "complaint": lead.complaint is not None}
