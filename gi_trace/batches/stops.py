"""The authority stops units of a batch: holds, recalls, confirms a counterfeit series; and lifts.

One officer holds; two recall, confirm a series, and lift (`stop_proposals.py` is how one asks the other).
"""

from collections.abc import Sequence

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch, Stop, open_stops
from gi_trace.batches.rules import BatchStopped, StopKind, check_lift, check_stop, check_units
from gi_trace.batches.unit_entries import TooManyRanges
from gi_trace.batches.unit_states import Range
from gi_trace.database import act, db, lock
from gi_trace.proposals.actions import check_awaits_nothing
from gi_trace.proposals.models import Proposal, placed_meanwhile
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import as_proposed, check_authority, check_second_officer

PLACED = {
    StopKind.HOLD: Acted.BATCH_HELD,
    StopKind.RECALL: Acted.BATCH_RECALLED,
    StopKind.COUNTERFEIT: Acted.SERIES_CONFIRMED,
}
LIFTED = {StopKind.HOLD: Acted.BATCH_RELEASED, StopKind.COUNTERFEIT: Acted.SERIES_LIFTED}


MOST_STOPS = 100  # of one act: each is a row that every check of the batch reads


def check_not_scattered(ranges: Sequence[Range]) -> None:
    if len(ranges) > MOST_STOPS:
        raise TooManyRanges(ranges=len(ranges), most=MOST_STOPS)


@act
def place_stops(
    batch: Batch,
    kind: StopKind,
    ranges: Sequence[Range],
    *,
    reason: str,
    by: Account,
    notice: str = "",
    confirmed_by: Account | None = None,
) -> list[Stop]:
    """A stop on each of the ranges, all or none. Raises what `place_stop` raises, and TooManyRanges."""
    check_not_scattered(ranges)
    told = {"reason": reason, "notice": notice}
    return [
        place_stop(batch, kind, first, last, by=by, confirmed_by=confirmed_by, **told)
        for first, last in ranges
    ]


@act
def place_stop(
    batch: Batch,
    kind: StopKind,
    first: int,
    last: int,
    *,
    reason: str,
    by: Account,
    notice: str = "",
    confirmed_by: Account | None = None,
) -> Stop:
    """From here the pages of units first..last say so. Raises what `add_stop` raises, and AuthorityOnly."""
    check_authority(by)
    return add_stop(batch, kind, first, last, reason=reason, notice=notice, by=by, confirmed_by=confirmed_by)


def add_stop(
    batch: Batch,
    kind: StopKind,
    first: int,
    last: int,
    *,
    reason: str,
    by: Account,
    notice: str = "",
    confirmed_by: Account | None = None,
) -> Stop:
    """The step of stopping, for acts that do more; it does not commit. `reason` is for the file, `notice` what the
    public reads. Raises AlreadyRecalled, AlreadyStopped, RangeReversed, ReasonMissing,
    UnitsOutsideBatch, and of what takes two what `check_second_officer` raises."""
    if kind.takes_two or confirmed_by:
        check_second_officer(by, confirmed_by)
    lock(batch)
    check_may_stop(batch, kind, first, last)
    return _place(batch, kind, first, last, reason, notice, by, confirmed_by)


def check_may_stop(batch: Batch, kind: StopKind, first: int, last: int) -> None:
    """What is held only until a proposal is decided stands in the way of nothing."""
    waiting = placed_meanwhile()
    stops = [stop for stop in open_stops(batch) if subject_of(stop) not in waiting]
    standing = [(stop.kind, stop.first_unit, stop.last_unit) for stop in stops]
    check_stop(kind, first, last, units=batch.units, standing=standing)


def hold_until_decided(batch: Batch, first: int, last: int, proposal: Proposal) -> Stop:
    """Beside any other hold, so that lifting that one frees nothing that waits for a decision. The public reads what
    the proposal tells it."""
    check_units(first, last, units=batch.units)
    told = proposal.reason, proposal.notice
    return _place(batch, StopKind.HOLD, first, last, *told, proposal.proposed_by, None)


def _place(
    batch: Batch,
    kind: StopKind,
    first: int,
    last: int,
    reason: str,
    notice: str,
    by: Account,
    confirmed_by: Account | None,
) -> Stop:
    check_reason(reason)
    stop = Stop(
        batch_number=batch.number,
        kind=kind,
        first_unit=first,
        last_unit=last,
        notice=notice.strip(),
        reason=reason.strip(),
        placed_at=clock.now(),
        placed_by_id=by.id,
    )
    db.session.add(stop)
    told = {"notice": stop.notice, "reason": stop.reason} | as_proposed(by, confirmed_by)
    facts = {"batch": batch.number, "first": first, "last": last}
    record(PLACED[kind], stop, by=confirmed_by or by, facts=facts | told)
    return stop


@act
def lift_stop(stop: Stop, *, reason: str, by: Account, confirmed_by: Account | None = None) -> None:
    """Two lift, also what one has held. Raises AlreadyLifted, RecallIsFinal, ReasonMissing, StopAwaitsDecision, and
    what `check_second_officer` raises."""
    check_authority(by)
    check_second_officer(by, confirmed_by)
    lock(stop)
    check_awaits_nothing(stop)
    check_may_lift(stop)
    _lift(stop, reason, by, confirmed_by)


def check_may_lift(stop: Stop) -> None:
    check_lift(stop.kind, clock.day_of(stop.lifted_at) if stop.lifted_at else None)


def release_held(proposal: Proposal) -> None:
    """What was held until it is decided ends with the decision."""
    for stop in proposal.stops(Stop):
        lock(stop)
        _lift(stop, proposal.word or proposal.state.label, proposal.proposed_by, proposal.decided_by)


def _lift(stop: Stop, reason: str, by: Account, confirmed_by: Account | None) -> None:
    check_reason(reason)
    stop.lifted_at, stop.lifted_by_id, stop.lift_reason = clock.now(), by.id, reason.strip()
    facts = {"batch": stop.batch_number, "reason": stop.lift_reason} | as_proposed(by, confirmed_by)
    record(LIFTED[stop.kind], stop, by=confirmed_by or by, facts=facts)


def check_not_stopped(batch: Batch, first: int, last: int) -> None:
    """Nothing is printed, activated or unpacked while a hold or recall reaches it, from its lots too."""
    check_none_stopped(batch, [(first, last)])


def check_none_stopped(batch: Batch, ranges: Sequence[Range]) -> None:
    """`check_not_stopped` of many ranges, with one question."""
    own = [
        stop
        for stop in open_stops(batch)
        if stop.kind is not StopKind.COUNTERFEIT
        and any(stop.first_unit <= last and stop.last_unit >= first for first, last in ranges)
    ]
    if batch.lot_holds or batch.lot_recalls or own:
        raise BatchStopped(number=batch.number_text)
