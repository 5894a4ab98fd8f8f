"""Recalls, counterfeit series and the lifting of stops on units of a batch, as one officer proposes them to another.

What is to be recalled or is taken for counterfeit is held at once.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch, Stop, open_stops
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import (
    check_may_lift,
    check_may_stop,
    check_not_scattered,
    hold_until_decided,
    lift_stop,
    place_stops,
    release_held,
)
from gi_trace.batches.unit_entries import in_words
from gi_trace.batches.unit_states import Range
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.rules import check_reason


def propose_stop(
    batch: Batch,
    kind: StopKind,
    first: int,
    last: int,
    *,
    reason: str,
    notice: str,
    by: Account,
) -> Proposal:
    """`propose_stops` of one range."""
    return propose_stops(batch, kind, [(first, last)], reason=reason, notice=notice, by=by)


def propose_stops(
    batch: Batch, kind: StopKind, ranges: Sequence[Range], *, reason: str, notice: str, by: Account
) -> Proposal:
    """`notice` is what the public will read. Raises what `place_stops` raises."""
    check_not_scattered(ranges)
    told = {"batch": batch.number, "kind": kind.value, "ranges": [list(one) for one in ranges]}
    return propose(ProposalKind.STOP, batch, told, reason=reason, notice=notice, by=by)


def propose_lift(stop: Stop, *, reason: str, by: Account) -> Proposal:
    """Raises what `lift_stop` raises."""
    return propose(ProposalKind.RELEASE, stop.batch, {"stop": stop.id}, reason=reason, by=by)


def facts_of_units(
    batch: Batch, ranges: Sequence[Range], *kinds: StopKind, but: Stop | None = None
) -> dict[str, Any]:
    """Which of these stops stand on units of the ranges, and whether the batch is cancelled: what a decision on them
    rests on."""
    reaching = [
        stop
        for stop in open_stops(batch)
        if any(stop.first_unit <= last and stop.last_unit >= first for first, last in ranges)
    ]
    facts: dict[str, Any] = {N_("批次状态"): N_("已取消") if batch.cancelled_at else N_("有效")}
    for kind in kinds:
        units = [
            f"{stop.first_unit}–{stop.last_unit}"
            for stop in reaching
            if stop.kind is kind and stop is not but
        ]
        facts[kind.label] = "、".join(units)
    return facts


def units_in_words(batch: Batch, ranges: Sequence[Range]) -> Iterator[tuple[str, Any]]:
    yield N_("批次号"), batch.number_text
    yield N_("产品"), batch.product.name
    yield N_("企业"), batch.party.name
    yield N_("件号"), in_words(ranges)


def _batch(proposal: Proposal) -> Batch:
    return db.session.get_one(Batch, proposal.arguments["batch"])


def ranges_of(proposal: Proposal) -> list[Range]:
    """Units of a proposed stop; those of the first days named one range."""
    told = proposal.arguments
    return [(first, last) for first, last in told.get("ranges") or [(told["first"], told["last"])]]


def _kind(proposal: Proposal) -> StopKind:
    return StopKind(proposal.arguments["kind"])


def _rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    yield N_("措施"), _kind(proposal).label
    yield from units_in_words(_batch(proposal), ranges_of(proposal))


def _facts(proposal: Proposal) -> dict[str, Any]:
    check_reason(proposal.reason)
    batch, ranges = _batch(proposal), ranges_of(proposal)
    for first, last in ranges:
        check_may_stop(batch, _kind(proposal), first, last)
    return facts_of_units(batch, ranges, StopKind.RECALL, StopKind.COUNTERFEIT)


def _stop(proposal: Proposal) -> None:
    place_stops(
        _batch(proposal),
        _kind(proposal),
        ranges_of(proposal),
        reason=proposal.reason,
        notice=proposal.notice,
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


def _hold_at_once(proposal: Proposal) -> list[Stop]:
    batch = _batch(proposal)
    return [hold_until_decided(batch, first, last, proposal) for first, last in ranges_of(proposal)]


def _stop_to_lift(proposal: Proposal) -> Stop:
    return db.session.get_one(Stop, proposal.arguments["stop"])


def _rows_of_lift(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    stop = _stop_to_lift(proposal)
    yield N_("措施"), stop.kind.label
    yield from units_in_words(stop.batch, [(stop.first_unit, stop.last_unit)])
    yield N_("当时的理由"), stop.reason


def _facts_of_lift(proposal: Proposal) -> dict[str, Any]:
    """Whatever else stops these goods meanwhile may be a reason to look again."""
    check_reason(proposal.reason)
    stop = _stop_to_lift(proposal)
    check_may_lift(stop)
    batch = stop.batch
    facts = facts_of_units(batch, [(stop.first_unit, stop.last_unit)], *StopKind, but=stop)
    return facts | {N_("来自批料的冻结"): batch.lot_holds, N_("来自批料的召回"): batch.lot_recalls}


def _lift(proposal: Proposal) -> None:
    by, confirmed_by = proposal.proposed_by, proposal.decided_by
    lift_stop(_stop_to_lift(proposal), reason=proposal.reason, by=by, confirmed_by=confirmed_by)


def _hold_lift(proposal: Proposal) -> None:
    stop = _stop_to_lift(proposal)
    lock(stop.batch)  # nobody stops it meanwhile
    lock(stop)


WAYS[ProposalKind.STOP] = ProposalWay(
    _rows, lambda proposal: lock(_batch(proposal)), _facts, _stop, _hold_at_once, release_held
)
WAYS[ProposalKind.RELEASE] = ProposalWay(_rows_of_lift, _hold_lift, _facts_of_lift, _lift)
