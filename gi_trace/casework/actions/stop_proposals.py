"""What a decided case stops, as one officer proposes it to another: all of it is held at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch, Stop, open_stops
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import check_may_stop, hold_until_decided, release_held
from gi_trace.casework.actions.stops import StopOrder, get_decision, stop_units
from gi_trace.casework.models import Case
from gi_trace.casework.rules.leads import required_text
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind


def propose_stops(
    case: Case, orders: Sequence[StopOrder], *, reason: str, notice: str, by: Account
) -> Proposal:
    """`notice` is what the public will read. Raises what `stop_units` raises."""
    told: dict[str, Any] = {"case": case.id}
    told["orders"] = [[one.batch.number, one.kind.value, one.first, one.last] for one in orders]
    return propose(ProposalKind.CASE_STOPS, case, told, reason=reason, notice=notice, by=by)


def _case(proposal: Proposal) -> Case:
    return db.session.get_one(Case, proposal.arguments["case"])


def _orders(proposal: Proposal) -> list[StopOrder]:
    return [
        StopOrder(db.session.get_one(Batch, number), StopKind(kind), first, last)
        for number, kind, first, last in proposal.arguments["orders"]
    ]


def _hold(proposal: Proposal) -> None:
    lock(_case(proposal))
    for number in sorted({order.batch.number for order in _orders(proposal)}):
        lock(db.session.get_one(Batch, number))


def _rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    yield N_("案件"), _case(proposal).number
    for order in _orders(proposal):
        yield _units(order), order.kind.label


def _facts(proposal: Proposal) -> dict[str, Any]:
    """The decision, and what stops the units already."""
    required_text(proposal.reason)
    orders = _orders(proposal)
    facts: dict[str, Any] = {N_("处罚决定"): get_decision(_case(proposal), orders).number}
    for order in orders:
        check_may_stop(*order.units)
        reaching = [stop for stop in open_stops(order.batch) if _reaches(stop, order)]
        facts[_units(order)] = [kind.label for kind in StopKind if kind in {stop.kind for stop in reaching}]
    return facts


def _units(order: StopOrder) -> str:
    return f"{order.batch.number_text} {order.first}–{order.last}"


def _reaches(stop: Stop, order: StopOrder) -> bool:
    meets = stop.first_unit <= order.last and stop.last_unit >= order.first
    return meets and stop.kind is not StopKind.HOLD


def _stop(proposal: Proposal) -> None:
    stop_units(
        _case(proposal),
        _orders(proposal),
        reason=proposal.reason,
        notice=proposal.notice,
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


def _hold_at_once(proposal: Proposal) -> list[Stop]:
    return [hold_until_decided(one.batch, one.first, one.last, proposal) for one in _orders(proposal)]


WAYS[ProposalKind.CASE_STOPS] = ProposalWay(_rows, _hold, _facts, _stop, _hold_at_once, release_held)
