"""Undoing what was packed or unpacked. What undoes a batch of which labels left is for the authority to grant."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from gi_trace.batches.actions import cancel, check_not_cancelled
from gi_trace.batches.models import Batch, UnitRange, has_downloads, ordered_units, unit_segments
from gi_trace.batches.rules import DownloadKind, UnitState
from gi_trace.batches.stops import check_not_stopped
from gi_trace.batches.unit_entries import in_words
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions.corrections import (
    UNDO_WAYS,
    Undoing,
    UndoWay,
    holder_of,
    not_alone,
    reverse_lines,
)
from gi_trace.stock.actions.ledger import lock_lots
from gi_trace.stock.actions.undo_facts import facts_of_act, lots_of_act
from gi_trace.stock.rules.undoing import UndoneBy, WeightHasGoneOn
from gi_trace.stock.rules.weights import Grams
from gi_trace.words import Sentence

DOWNLOADED = N_("{labels} 次标识文件、{hidden} 次涂层密码")


def batch_of_act(row: RecordRow) -> Batch:
    return db.session.get_one(Batch, int(row.subject.removeprefix("batch:")))


def _who_cancels(row: RecordRow) -> UndoneBy:
    """Labels that never left bind nobody: the firm, as long as others would have to ask."""
    needed = not_alone(row)
    return needed if needed is UndoneBy.SIGHTING or has_downloads(batch_of_act(row)) else UndoneBy.FIRM


def _cancel(undoing: Undoing) -> int:
    batch = batch_of_act(undoing.row)
    lock(batch)
    return cancel(batch, by=undoing.by, reason=undoing.reason, facts=undoing.facts)


def _undo_unpacking(undoing: Undoing) -> int:
    """The units are what they were before, if nothing was said of them since. The record keeps what was told, and the
    key of its sending: sent again, it is not done anew."""
    batch, number = batch_of_act(undoing.row), undoing.row.number
    lock(batch)
    check_not_cancelled(batch)
    ranges = list(db.session.scalars(select(UnitRange).filter_by(act_number=number).order_by(UnitRange.id)))
    for told in ranges:
        check_not_stopped(batch, told.first_unit, told.last_unit)
        if _said_since(told):
            raise WeightHasGoneOn(number=number)
    lots = lots_of_act(number)
    lock_lots(lots)
    key = next((told.client_key for told in ranges if told.client_key), None)
    facts = {**undoing.facts, **({"client_key": key} if key else {})}
    reversal = reverse_lines(replace(undoing, facts=facts), lots, batch)
    db.session.execute(delete(UnitRange).filter_by(act_number=number))
    return reversal


def _said_since(told: UnitRange) -> bool:
    query = select(UnitRange.id).filter_by(batch_number=told.batch_number)
    query = query.where(UnitRange.first_unit <= told.last_unit, UnitRange.last_unit >= told.first_unit)
    since = UnitRange.id > told.id, UnitRange.act_number != told.act_number
    return db.session.scalar(query.where(*since).limit(1)) is not None


def _facts_of_batch(row: RecordRow) -> Iterator[tuple[str, Any]]:
    """What is cancelled with it: its labels, wherever they have gone."""
    batch = batch_of_act(row)
    yield N_("批次号"), batch.number_text
    yield N_("产品"), batch.product.name
    yield N_("企业"), batch.party.name
    yield N_("生产批号"), batch.own_number
    yield N_("每件净含量"), Grams(batch.net_weight_g)
    yield N_("件数"), f"{batch.units:,}"
    yield N_("合计"), Grams(batch.weight_g)


def _facts_of_registration(row: RecordRow) -> Iterator[tuple[str, Any]]:
    batch = batch_of_act(row)
    yield from _facts_of_batch(row)
    yield N_("已下单标识"), f"{ordered_units(batch):,}"
    kinds = [download.kind for run in batch.print_runs for download in run.downloads]
    facts = {"labels": kinds.count(DownloadKind.LABELS), "hidden": kinds.count(DownloadKind.HIDDEN_CODES)}
    yield N_("已下载"), Sentence(DOWNLOADED, facts)
    active = (one for one in unit_segments(batch.number, 1, batch.units) if one.state is UnitState.ACTIVATED)
    yield N_("已启用"), f"{sum(one.units for one in active):,}"
    yield from facts_of_act(row)


def _facts_of_unpacking(row: RecordRow) -> Iterator[tuple[str, Any]]:
    yield from _facts_of_batch(row)
    yield N_("件号"), in_words(row.facts["ranges"])
    yield from facts_of_act(row)


UNDO_WAYS[Acted.BATCH_REGISTERED] = UndoWay(_cancel, holder_of, _who_cancels, _facts_of_registration)
UNDO_WAYS[Acted.BATCH_UNPACKED] = UndoWay(_undo_unpacking, holder_of, facts=_facts_of_unpacking)
