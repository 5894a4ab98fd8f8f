"""Opening packs again: their weight goes back to stock, and their codes are void."""

from collections.abc import Sequence

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.actions import find_by_key, same_or_refuse, same_ranges_or_refuse
from gi_trace.batches.models import Batch, UnitRange, new_ranges, segments_in
from gi_trace.batches.rules import BatchCancelled, UnitState, check_units
from gi_trace.batches.stops import check_none_stopped
from gi_trace.batches.unit_states import Range, check_apart, check_count, check_may_become, units_in
from gi_trace.database import act, db, lock
from gi_trace.record.actions import subject_of
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_acts_for
from gi_trace.stock.actions.ledger import Booking
from gi_trace.stock.actions.packing import unpack
from gi_trace.stock.models import ActKind, Lot, lot_made_by
from gi_trace.stock.rules.undoing import AlreadyUndone


@act
def unpack_units(
    batch: Batch,
    ranges: Sequence[Range],
    *,
    count: int,
    reason: str,
    by: Account,
    checked_units: int = 0,
    client_key: str | None = None,
) -> Lot:
    """Units of these ranges are opened or were never filled. Returns the lot that their weight became.

    `count` is the number of units as the person typed it; `checked_units` says how many of them the public
    had checked by then, which is kept with the act. The same `client_key` again gives the lot that it made; raises
    AlreadyUndone where that was undone since.
    """
    check_acts_for(by, batch.party)
    lock(batch)
    if made := find_by_key(UnitRange, client_key, batch_number=batch.number):
        return _lot_of(same_ranges_or_refuse(same_or_refuse(made, state=UnitState.VOID), ranges)[0])
    _check_not_undone(batch, client_key)
    check_count(ranges, count)
    check_reason(reason)
    if batch.cancelled_at:
        raise BatchCancelled(number=batch.number_text)
    check_apart(ranges)
    for first, last in ranges:
        check_units(first, last, units=batch.units)
    check_none_stopped(batch, ranges)
    check_may_become(UnitState.VOID, segments_in(batch.number, ranges))
    booking = Booking(Acted.BATCH_UNPACKED, ActKind.UNPACKING, batch, by, clock.today(), reason.strip())
    weight_g = units_in(ranges) * batch.net_weight_g
    facts = {"ranges": ranges, "reason": reason.strip(), "checked": checked_units}
    lot, number = unpack(batch.drawn, weight_g, booking, packed_on=batch.packed_on, facts=facts)
    void = new_ranges(batch.number, UnitState.VOID, ranges, act_number=number, by=by)
    void[0].client_key = client_key
    db.session.add_all(void)
    return lot


def _check_not_undone(batch: Batch, client_key: str | None) -> None:
    """The ranges of an unpacking go with its undoing; of their key the record tells."""
    told = select(RecordRow).filter_by(subject=subject_of(batch), act=Acted.STOCK_REVERSED.value)
    for row in db.session.scalars(told) if client_key else ():
        if row.facts.get("client_key") == client_key:
            raise AlreadyUndone(number=row.facts["reverses"], reversal=row.number)


def _lot_of(told: UnitRange) -> Lot:
    assert told.act_number is not None  # only ranges from before the record have none
    return lot_made_by(told.act_number)
