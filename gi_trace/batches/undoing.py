"""Undoing what was packed or unpacked. What undoes a batch of which labels left is for the authority to grant."""

from sqlalchemy import delete, select

from gi_trace.batches.actions import cancel, check_not_cancelled
from gi_trace.batches.models import Batch, UnitRange, has_downloads
from gi_trace.batches.stops import check_not_stopped
from gi_trace.database import db, lock
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions.corrections import (
    UNDO_WAYS,
    Undoing,
    UndoWay,
    holder_of,
    lots_of_act,
    not_alone,
    reverse_lines,
)
from gi_trace.stock.actions.ledger import lock_lots
from gi_trace.stock.rules.undoing import UndoneBy, WeightHasGoneOn


def _batch_of(row: RecordRow) -> Batch:
    return db.session.get_one(Batch, int(row.subject.removeprefix("batch:")))


def _who_cancels(row: RecordRow) -> UndoneBy:
    """Labels that never left bind nobody: the firm, on any day."""
    return not_alone(row) if has_downloads(_batch_of(row)) else UndoneBy.FIRM


def _cancel(undoing: Undoing) -> int:
    batch = _batch_of(undoing.row)
    lock(batch)
    return cancel(batch, by=undoing.by, reason=undoing.reason, facts=undoing.facts)


def _undo_unpacking(undoing: Undoing) -> int:
    """The units are what they were before, if nothing was said of them since."""
    batch, number = _batch_of(undoing.row), undoing.row.number
    lock(batch)
    check_not_cancelled(batch)
    for told in db.session.scalars(select(UnitRange).filter_by(act_number=number)):
        check_not_stopped(batch, told.first_unit, told.last_unit)
        if _said_since(told):
            raise WeightHasGoneOn(number=number)
    lots = lots_of_act(number)
    lock_lots(lots)
    reversal = reverse_lines(undoing, lots, batch)
    db.session.execute(delete(UnitRange).filter_by(act_number=number))  # the record keeps what was told
    return reversal


def _said_since(told: UnitRange) -> bool:
    query = select(UnitRange.id).filter_by(batch_number=told.batch_number)
    query = query.where(UnitRange.first_unit <= told.last_unit, UnitRange.last_unit >= told.first_unit)
    since = UnitRange.id > told.id, UnitRange.act_number != told.act_number
    return db.session.scalar(query.where(*since).limit(1)) is not None


UNDO_WAYS[Acted.BATCH_REGISTERED] = UndoWay(_cancel, holder_of, _who_cancels)
UNDO_WAYS[Acted.BATCH_UNPACKED] = UndoWay(_undo_unpacking, holder_of)
