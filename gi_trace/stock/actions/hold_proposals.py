"""Recalls of lots and the lifting of holds on them, as one officer proposes them to another. What is to be recalled is
held at once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from gi_trace.accounts.models import Account
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.rules import check_reason
from gi_trace.stock.actions.holds import (
    check_may_lift_hold,
    check_not_stopped_so,
    hold_lot,
    hold_until_recalled,
    lift_hold,
    release_held_lots,
)
from gi_trace.stock.chain import descendant_ids
from gi_trace.stock.models import Hold, HoldKind, Lot, LotTest


def propose_lot_recall(lot: Lot, *, reason: str, by: Account) -> Proposal:
    """Raises what `hold_lot` raises."""
    return propose(ProposalKind.LOT_RECALL, lot, {"lot": lot.id}, reason=reason, by=by)


def propose_lift_hold(hold: Hold, *, reason: str, by: Account) -> Proposal:
    """Raises what `lift_hold` raises."""
    return propose(ProposalKind.LOT_RELEASE, hold.lot, {"hold": hold.id}, reason=reason, by=by)


def _lot(proposal: Proposal) -> Lot:
    return db.session.get_one(Lot, proposal.arguments["lot"])


def _rows_of_lot(lot: Lot) -> Iterator[tuple[str, Any]]:
    yield N_("批料"), lot.number
    yield N_("原料"), lot.material.name
    yield N_("持有人"), lot.party.name
    yield N_("由它制成的批料"), len(descendant_ids([lot.id])) - 1


def _facts_of_recall(proposal: Proposal) -> dict[str, Any]:
    check_reason(proposal.reason)
    check_not_stopped_so(_lot(proposal), HoldKind.RECALL)
    return {}


def _recall(proposal: Proposal) -> None:
    by, confirmed_by = proposal.proposed_by, proposal.decided_by
    hold_lot(_lot(proposal), reason=proposal.reason, kind=HoldKind.RECALL, by=by, confirmed_by=confirmed_by)


def _hold(proposal: Proposal) -> Hold:
    return db.session.get_one(Hold, proposal.arguments["hold"])


def _lock_hold(proposal: Proposal) -> None:
    hold = _hold(proposal)
    lock(hold.lot)  # nobody stops or tests it meanwhile
    lock(hold)


def _rows_of_hold(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    hold = _hold(proposal)
    yield N_("措施"), hold.kind.label
    yield from _rows_of_lot(hold.lot)
    yield N_("当时的理由"), hold.reason


def _facts_of_hold(proposal: Proposal) -> dict[str, Any]:
    """Whatever else stops these goods meanwhile, or a report that failed, may be a reason to look again."""
    check_reason(proposal.reason)
    hold = _hold(proposal)
    check_may_lift_hold(hold)
    failed = select(func.count()).select_from(LotTest).filter_by(lot_id=hold.lot_id, passed=False)
    return {
        N_("到达这批料的冻结"): hold.lot.holds,
        N_("到达这批料的召回"): hold.lot.recalls,
        N_("不合格的检验报告"): db.session.scalar(failed) or 0,
    }


def _lift(proposal: Proposal) -> None:
    by, confirmed_by = proposal.proposed_by, proposal.decided_by
    lift_hold(_hold(proposal), reason=proposal.reason, by=by, confirmed_by=confirmed_by)


WAYS[ProposalKind.LOT_RECALL] = ProposalWay(
    lambda proposal: _rows_of_lot(_lot(proposal)),
    lambda proposal: lock(_lot(proposal)),
    _facts_of_recall,
    _recall,
    lambda proposal: [hold_until_recalled(_lot(proposal), proposal)],
    release_held_lots,
)
WAYS[ProposalKind.LOT_RELEASE] = ProposalWay(_rows_of_hold, _lock_hold, _facts_of_hold, _lift)
