"""Acts on cases: file, take the steps, change an officer, hand to the police, close."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.casework.actions.informants import check_may_see
from gi_trace.casework.actions.leads import check_goods_settled, is_amendable, settle
from gi_trace.casework.actions.numbers import next_number
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Case, CaseStep, Decision, Lead, LeadState, NumberKind, papers_of
from gi_trace.casework.papers.facts import lacking_of
from gi_trace.casework.papers.kinds import CasePaperKind
from gi_trace.casework.rules.fines import (
    Amounts,
    DecisionIncomplete,
    FineGround,
    check_amounts,
    check_complete,
)
from gi_trace.casework.rules.hearing import check_heard
from gi_trace.casework.rules.leads import LeadNotOpen, required_text
from gi_trace.casework.rules.papers import PaperNotIssued, PaperUnnamed
from gi_trace.casework.rules.steps import (
    OFFICE_STEPS,
    OFFICERS_STEPS,
    STATE_AFTER,
    CaseState,
    DeciderInvestigated,
    NotOnCase,
    StepFact,
    StepKind,
    StepOutOfOrder,
    check_may_investigate,
    check_step,
    check_step_day,
)
from gi_trace.database import act, db, lock
from gi_trace.patrol.models import Offence
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted
from gi_trace.record.models import rows_about
from gi_trace.registry.who_may import check_two_officers

PAPER_OF = {
    StepKind.NOTIFIED: CasePaperKind.PENALTY_NOTICE,
    StepKind.HEARING_TOLD: CasePaperKind.HEARING_NOTICE,
    StepKind.SERVED: CasePaperKind.DECISION,
}


@act
def file_case(
    lead: Lead, first: Account, second: Account, *, offence: Offence | None, reason: str, by: Account
) -> Case:
    """The lead becomes a case in the hands of two officers with their badge numbers (行政处罚法 art. 42)."""
    lock(lead)
    if lead.state != LeadState.OPEN:
        raise LeadNotOpen
    _check_pair(first, second)
    reason = required_text(reason)
    settle(lead, LeadState.FILED, reason)
    case = Case(
        lead_id=lead.id,
        number=next_number(NumberKind.CASE),
        state=CaseState.FILED,
        offence_id=offence.id if offence else None,
        first_officer_id=first.id,
        second_officer_id=second.id,
        filed_on=clock.today(),
    )
    db.session.add(case)
    db.session.flush()
    _add_step(case, StepKind.FILED, clock.today(), reason, {}, by=by)
    _hand_over(case)
    facts = {"number": case.number, "lead": lead.id, "officers": [first.id, second.id], "reason": reason}
    record(Acted.CASE_FILED, case, by=by, facts=facts)
    return case


@act
def take_step(
    case: Case,
    kind: StepKind,
    *,
    on: date,
    text: str,
    facts: Mapping[str, Any] | None = None,
    by: Account,
) -> CaseStep:
    """A step of the case's officers, or one of the authority's. `facts` are what the step's form asks; of a step that a
    paper belongs to, its number. Raises GoodsWaiting where it is closed, PaperNotIssued, PaperUnnamed."""
    lock(case)
    _check_may_step(case, kind, by)
    check_step(kind, case.state)
    facts, earliest = dict(facts or {}), case.steps[-1].on
    if kind in PAPER_OF:
        earliest = max(earliest, _rest_on_paper(case, kind, facts))
    check_step_day(on, previous=earliest, today=clock.today())
    if kind is StepKind.CLOSED:
        check_goods_settled(case.lead)
    step = _add_step(case, kind, on, required_text(text), facts, by=by)
    case.state = STATE_AFTER[kind]
    record(kind.act, case, by=by, facts={"on": on, "text": step.text, **step.facts})
    return step


@act
def decide(
    case: Case,
    *,
    decided_on: date,
    violated: str,
    evidence: Sequence[str],
    ground: FineGround,
    ground_text: str = "",
    amounts: Amounts,
    order_to_correct: bool,
    confiscated_goods: str,
    text: str,
    by: Account,
) -> Decision:
    """Order to correct, confiscation, fine. Not by an officer of the case, nor before the party was heard.

    `violated` are the facts 违法事实, `evidence` the list of what proves them. Raises DecisionIncomplete, also for what
    its paper could not be issued without.
    """
    lock(case)
    _check_may_step(case, StepKind.DECIDED, by)
    check_step(StepKind.DECIDED, case.state)
    check_step_day(decided_on, previous=case.steps[-1].on, today=clock.today())
    check_heard(case.said, [end for _, end in timekeeper().to_be_heard(case)], on=decided_on)
    proof = [line.strip() for line in evidence if line.strip()]
    check_complete(
        respondent=case.lead.respondent_name,
        violated=violated,
        evidence=proof,
        ground=ground,
        ground_text=ground_text,
    )
    check_amounts(ground, amounts)
    decision = Decision(
        case_id=case.id,
        number=next_number(NumberKind.DECISION),
        decided_on=decided_on,
        ground=ground,
        ground_text=ground_text.strip(),
        violated=violated.strip(),
        evidence=proof,
        order_to_correct=order_to_correct,
        confiscated_goods=confiscated_goods.strip(),
        text=required_text(text),
        **vars(amounts),
    )
    db.session.add(decision)
    facts = {"number": decision.number, "ground": ground, "order_to_correct": order_to_correct}
    facts |= {"evidence": len(proof)} | vars(amounts)
    case.decision = decision
    if lacking := lacking_of(CasePaperKind.DECISION, case.lead):
        raise DecisionIncomplete(missing=lacking)
    _add_step(case, StepKind.DECIDED, decided_on, decision.text, facts, by=by)
    case.state = CaseState.DECIDED
    record(Acted.CASE_DECIDED, case, by=by, facts={"on": decided_on, **facts})
    return decision


@act
def set_offence(case: Case, offence: Offence, *, by: Account) -> None:
    """What the party is thought to have done, as it is known better now; as long as its lead may be amended."""
    lock(case)
    check_may_see(case.lead, by)
    if not is_amendable(case.lead):
        raise LeadNotOpen
    before, case.offence_id = case.offence_id, offence.id
    db.session.flush()
    db.session.refresh(case, ["offence"])
    record(Acted.CASE_OFFENCE_SET, case, by=by, facts={"before": before, "offence": offence.code})


@act
def change_officers(case: Case, first: Account, second: Account, *, reason: str, by: Account) -> None:
    """Somebody left, or must stand back."""
    lock(case)
    if case.state == CaseState.CLOSED:
        raise StepOutOfOrder(state=case.state.label)
    _check_pair(first, second)
    before = [case.first_officer_id, case.second_officer_id]
    case.first_officer_id, case.second_officer_id = first.id, second.id
    _hand_over(case)
    facts = {"before": before, "officers": [first.id, second.id], "reason": required_text(reason)}
    record(Acted.CASE_OFFICERS_CHANGED, case, by=by, facts=facts)


def _hand_over(case: Case) -> None:
    """The lead is with one of the case's officers, and with nobody else."""
    if case.lead.assigned_to_id not in (case.first_officer_id, case.second_officer_id):
        case.lead.assigned_to_id = case.first_officer_id


def _check_pair(first: Account, second: Account) -> None:
    check_two_officers(first.id, second.id)
    for officer in (first, second):
        check_may_investigate(officer.name, officer.badge_number, left=officer.closed_at is not None)


def _check_may_step(case: Case, kind: StepKind, by: Account) -> None:
    on_case = case.is_in_hands_of(by)
    if kind not in OFFICE_STEPS and not on_case:
        raise NotOnCase
    if kind in OFFICE_STEPS and by.role != Role.AUTHORITY:
        raise NotOnCase
    if kind == StepKind.DECIDED and has_investigated(case, by):
        raise DeciderInvestigated


def has_investigated(case: Case, account: Account) -> bool:
    """Whether he ever was one of its officers, or took a step of theirs."""
    named = {case.first_officer_id, case.second_officer_id}
    for row in rows_about(subject_of(case)):
        if row.act in (Acted.CASE_FILED, Acted.CASE_OFFICERS_CHANGED):
            named.update(row.facts["officers"])
    stepped = {step.by_id for step in case.steps if step.kind in OFFICERS_STEPS}
    return account.id in named | stepped


def _rest_on_paper(case: Case, kind: StepKind, facts: dict[str, Any]) -> date:
    """The earliest day of the step: when its paper was issued. A notice of which none was issued here is named by the
    officer, and counts from today at the earliest, so that no term begins before anybody could read of it."""
    issued = [one for one in papers_of(case.lead) if one.kind is PAPER_OF[kind]]
    if issued:
        facts[StepFact.DOCUMENT_NUMBER] = issued[-1].number
        return issued[-1].issued_on
    if kind is StepKind.SERVED:
        raise PaperNotIssued
    if not str(facts.get(StepFact.DOCUMENT_NUMBER, "")).strip():
        raise PaperUnnamed
    return clock.today()


def _add_step(
    case: Case, kind: StepKind, on: date, text: str, facts: dict[str, Any], *, by: Account
) -> CaseStep:
    step = CaseStep(kind=kind, on=on, text=text, facts=facts, entered_at=clock.now(), by_id=by.id)
    case.steps.append(step)
    db.session.flush()
    return step
