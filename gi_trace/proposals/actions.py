"""Acts on proposals: propose, confirm, return with a word, withdraw.

What waits for a second officer changes nothing before the decision, but for a stop that is placed at once. On
confirmation the facts are looked at again, under the locks of those who write them.
"""

from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.accounts.officers import check_duty, check_second_officer
from gi_trace.database import Base, act, db, lock
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import (
    Proposal,
    ProposalKind,
    ProposalState,
    find_proposal_that_placed,
)
from gi_trace.proposals.rules import (
    NotYourProposal,
    ProposalDecided,
    ProposalOutlived,
    StopAwaitsDecision,
    WordMissing,
    changes_between,
)
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted


@act
def propose(
    kind: ProposalKind,
    subject: Base | None,
    arguments: dict[str, Any],
    *,
    reason: str,
    notice: str = "",
    by: Account,
) -> Proposal:
    """Ask a second officer; where its kind stops something at once, that stands from here. Raises DutyMissing and what
    the act itself would refuse."""
    way = WAYS[kind]
    check_duty(by, way.duty)
    proposal = Proposal(kind=kind, arguments=arguments, reason=reason.strip(), notice=notice.strip())
    proposal.subject = subject_of(subject) if subject else ""
    proposal.proposed_at, proposal.proposed_by, proposal.placed = clock.now(), by, []
    way.hold(proposal)
    proposal.shown, proposal.told = way.facts(proposal), [list(row) for row in way.rows(proposal)]
    db.session.add(proposal)
    db.session.flush()
    if way.stop_at_once:
        stops = list(way.stop_at_once(proposal))
        db.session.flush()
        proposal.placed = [subject_of(stop) for stop in stops]
    _record(Acted.PROPOSAL_MADE, proposal, by, reason=proposal.reason, notice=proposal.notice)
    return proposal


@act
def confirm(proposal: Proposal, *, by: Account) -> None:
    """Carry it out. Raises ProposalDecided, ProposalOutlived, what `check_second_officer` raises, and what the act
    itself refuses."""
    way = _begin_deciding(proposal, by)
    way.hold(proposal)
    if changes := changes_between(proposal.shown, way.facts(proposal)):
        raise ProposalOutlived(changes="；".join(map(str, changes)))
    way.carry_out(proposal)
    proposal.state = ProposalState.CONFIRMED  # till here it waits, and so does what it holds
    if way.release:
        way.release(proposal)
    _record(Acted.PROPOSAL_CONFIRMED, proposal, by)


@act
def return_proposal(proposal: Proposal, word: str, *, by: Account) -> None:
    """Nothing of it happens, and what was stopped for it is free again. Raises ProposalDecided, WordMissing and what
    `check_second_officer` raises."""
    if not word.strip():
        raise WordMissing
    way = _begin_deciding(proposal, by)
    proposal.state, proposal.word = ProposalState.RETURNED, word.strip()
    if way.release:
        way.hold(proposal)
        way.release(proposal)
    _record(Acted.PROPOSAL_RETURNED, proposal, by, word=proposal.word)


@act
def withdraw(proposal: Proposal, *, by: Account) -> None:
    """Whoever proposed takes it back, unless something was stopped for it: nobody loosens that alone. Raises
    NotYourProposal, ProposalDecided, StopAwaitsDecision."""
    lock(proposal)
    if proposal.proposed_by_id != by.id:
        raise NotYourProposal
    _check_open(proposal)
    if proposal.placed:
        raise StopAwaitsDecision(number=proposal.id)
    proposal.state, proposal.decided_at, proposal.decided_by = ProposalState.WITHDRAWN, clock.now(), by
    _record(Acted.PROPOSAL_WITHDRAWN, proposal, by)


def check_awaits_nothing(stop: Base) -> None:
    """For acts that lift a stop: one that stands until a proposal is decided ends with that. Raises
    StopAwaitsDecision."""
    if proposal := find_proposal_that_placed(subject_of(stop)):
        raise StopAwaitsDecision(number=proposal.id)


def _begin_deciding(proposal: Proposal, by: Account) -> ProposalWay:
    lock(proposal)
    _check_open(proposal)
    check_second_officer(proposal.proposed_by, by)
    proposal.decided_at, proposal.decided_by = clock.now(), by
    return WAYS[proposal.kind]


def _check_open(proposal: Proposal) -> None:
    if not proposal.is_open:
        raise ProposalDecided(state=proposal.state.label)


def _record(acted: Acted, proposal: Proposal, by: Account, **told: str) -> None:
    facts = {"kind": proposal.kind, "subject": proposal.subject, "placed": proposal.placed}
    record(acted, proposal, by=by, facts=facts | {"proposed_by": proposal.proposed_by_id} | told)
