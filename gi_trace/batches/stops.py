"""The authority stops units of a batch: holds, recalls, confirms a counterfeit series; and lifts."""

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch, Stop, open_stops
from gi_trace.batches.rules import BatchStopped, StopKind, check_lift, check_stop
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_authority

PLACED = {
    StopKind.HOLD: Acted.BATCH_HELD,
    StopKind.RECALL: Acted.BATCH_RECALLED,
    StopKind.COUNTERFEIT: Acted.SERIES_CONFIRMED,
}
LIFTED = {StopKind.HOLD: Acted.BATCH_RELEASED, StopKind.COUNTERFEIT: Acted.SERIES_LIFTED}


@act
def place_stop(
    batch: Batch, kind: StopKind, first: int, last: int, *, reason: str, by: Account, notice: str = ""
) -> Stop:
    """From here the pages of units first..last say so."""
    check_authority(by)
    stop = add_stop(batch, kind, first, last, reason=reason, notice=notice, by=by)
    return stop


def add_stop(
    batch: Batch, kind: StopKind, first: int, last: int, *, reason: str, by: Account, notice: str = ""
) -> Stop:
    """The step of stopping, for acts that do more; it does not commit."""
    lock(batch)
    standing = [(stop.kind, stop.first_unit, stop.last_unit) for stop in open_stops(batch)]
    check_stop(kind, first, last, units=batch.units, standing=standing)
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
    facts = {
        "batch": batch.number,
        "first": first,
        "last": last,
        "notice": stop.notice,
        "reason": stop.reason,
    }
    record(PLACED[kind], stop, by=by, facts=facts)
    return stop


@act
def lift_stop(stop: Stop, *, reason: str, by: Account) -> None:
    check_authority(by)
    lock(stop)
    check_lift(stop.kind, clock.day_of(stop.lifted_at) if stop.lifted_at else None)
    check_reason(reason)
    stop.lifted_at, stop.lifted_by_id, stop.lift_reason = clock.now(), by.id, reason.strip()
    record(LIFTED[stop.kind], stop, by=by, facts={"batch": stop.batch_number, "reason": stop.lift_reason})


def check_not_stopped(batch: Batch, first: int, last: int) -> None:
    """Nothing is printed, activated or unpacked while a hold or recall reaches it, from its lots too."""
    own = [
        stop
        for stop in open_stops(batch)
        if stop.kind is not StopKind.COUNTERFEIT and stop.first_unit <= last and stop.last_unit >= first
    ]
    if batch.lot_holds or batch.lot_recalls or own:
        raise BatchStopped(number=batch.number_text)
