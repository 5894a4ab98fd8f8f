"""Opening packs again: their weight goes back to stock, and their codes are void."""

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch, UnitRange, unit_segments
from gi_trace.batches.rules import BatchCancelled, UnitState, check_units
from gi_trace.batches.stops import check_not_stopped
from gi_trace.batches.unit_states import check_may_become
from gi_trace.database import db, lock
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.ledger import Act
from gi_trace.stock.actions.packing import unpack
from gi_trace.stock.models import ActKind, Lot


def unpack_units(batch: Batch, first: int, last: int, *, reason: str, by: Account) -> Lot:
    """Units first..last are opened or were never filled. Returns the lot that their weight became."""
    if not reason.strip():
        raise ReasonMissing
    lock(batch)
    if batch.cancelled_at:
        raise BatchCancelled(number=batch.number_text)
    check_units(first, last, units=batch.units)
    check_not_stopped(batch, first, last)
    check_may_become(UnitState.VOID, unit_segments(batch.number, first, last))
    db.session.add(
        UnitRange(
            batch_number=batch.number,
            state=UnitState.VOID,
            first_unit=first,
            last_unit=last,
            reason=reason.strip(),
            at=clock.now(),
            by_id=by.id,
        )
    )
    act = Act("batch.unpacked", ActKind.UNPACKING, batch, by, clock.today(), reason.strip())
    weight_g = (last - first + 1) * batch.net_weight_g
    lot = unpack(batch.drawn, weight_g, act, packed_on=batch.packed_on, facts={"first": first, "last": last})
    db.session.commit()
    return lot
