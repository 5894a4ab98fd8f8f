"""What happened to a lot, and who may still undo it, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Role
from gi_trace.batches.undoing import UNDO_WAYS, batch_of_act
from gi_trace.database import db
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.who_may import acts_for
from gi_trace.stock.actions.ageing import moves_of, standing_moves_of
from gi_trace.stock.actions.corrections import last_day_to_ask, undo_facts, undone_by
from gi_trace.stock.actions.undo_facts import lots_of_act, moved_lot
from gi_trace.stock.models import Lot, Posting, StockAct
from gi_trace.stock.models.reads import acts_of
from gi_trace.stock.rules.undoing import UndoneBy
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.act_page import Rows
from gi_trace.web.forms import fact_text
from gi_trace.web.guards import me
from gi_trace.web.lists.listing import Link
from gi_trace.web.words import day_text, label

Offer = Callable[[RecordRow], Link | None]  # of undoing an act, to whoever looks


@dataclass(frozen=True)
class HistoryRow:
    """One line of a lot's history; a move has no grams. `undo` is offered where it may still be asked for or done."""

    number: int
    on: date
    what: Any
    grams: int | None
    note: Any
    reverses: int | None
    undo: Link | None


def history_of(lot: Lot, offer: Offer) -> list[HistoryRow]:
    """Postings and moves, in the order of the record. Of a stopped lot nothing is undone."""
    acts, moves = acts_of(lot), moves_of(lot)
    undone = {act.reverses for act, _grams in acts}
    query = select(RecordRow).join(StockAct, StockAct.act_number == RecordRow.number).join(StockAct.postings)
    told = {row.number: row for row in db.session.scalars(query.where(Posting.lot_id == lot.id))}
    rows = [
        HistoryRow(
            act.act_number,
            act.on,
            label(act.kind),
            grams,
            act.reason,
            act.reverses,
            None if act.act_number in undone or lot.is_stopped else _offered(told[act.act_number], offer),
        )
        for act, grams in acts
    ]
    return sorted([*rows, *_moved(lot, moves, offer)], key=lambda row: row.number)


def _moved(lot: Lot, moves: list[RecordRow], offer: Offer) -> Iterator[HistoryRow]:
    standing = {row.number for row in standing_moves_of(lot)}
    for row in moves:
        facts, is_move = row.facts, row.act == Acted.LOT_MOVED.value
        yield HistoryRow(
            row.number,
            date.fromisoformat(facts["on"]) if is_move else clock.day_of(row.at),
            label(Acted(row.act)),
            None,
            f"{facts['from'] or '—'} → {facts['to']}" if is_move else facts["reason"],
            facts.get("undoes"),
            _offered(row, offer) if row.number in standing and not lot.is_stopped else None,
        )


def _offered(row: RecordRow, offer: Offer) -> Link | None:
    if row.act == Acted.BATCH_REGISTERED.value:  # whose page says whether it can be cancelled
        return Link(_("见批次"), at_act(row))
    return offer(row) if Acted(row.act) in UNDO_WAYS else None


def act_rows(row: RecordRow) -> Rows:
    """The act that would be undone, what that would do, and how many of a batch's labels the public has checked."""
    told: list[tuple[Any, Any]] = [(gettext(name), fact_text(value)) for name, value in undo_facts(row)]
    if row.act == Acted.BATCH_REGISTERED.value:
        batch = batch_of_act(row)
        checked = checked_units(batch.number, [(1, batch.units)])
        told.append((gettext("公众查验过的标识"), f"{checked:,}"))
    return told


def act_links(row: RecordRow) -> list[Link]:
    """The pages of what an act changed: its batch, and those of its lots that the reader may see."""
    kind, _colon, key = row.subject.partition(":")
    found = [Link(gettext("批次"), url_for(".show_batch", number=int(key)))] if kind == "batch" else []
    lots = lots_of_act(row.number) if db.session.get(StockAct, row.number) else [moved_lot(row)]
    sees = (lot for lot in lots if me().role is Role.AUTHORITY or acts_for(me(), lot.party))
    return found + [Link(lot.number, url_for(".show_lot", lot_id=lot.id)) for lot in sees]


def at_act(row: RecordRow) -> str:
    """Where an act is seen: on the page of its batch, or of the lot that it made or took from."""
    kind, _colon, key = row.subject.partition(":")
    if kind == "batch":
        return url_for(".show_batch", number=int(key))
    lot_id = int(key) if kind == "lot" else lots_of_act(row.number)[-1].id
    return url_for(".show_lot", lot_id=lot_id)


def undo_words(row: RecordRow) -> Any:
    """Who may undo it, and until when."""
    until = day_text(last_day_to_ask(row))
    match undone_by(row):
        case UndoneBy.FIRM if row.act == Acted.BATCH_REGISTERED.value:
            return _("标识没有下载过：最迟 {until} 可以自行取消。").format(until=until)
        case UndoneBy.FIRM:
            return _(
                "登记当天（到今天 24 时）可以自行撤销，只要后来没有动用；过了今天，最迟 {until} 可以申请。"
            ).format(until=until)
        case UndoneBy.REQUEST:
            return _("须由主管部门同意：写明原因提交申请，最迟 {until}；同意后立即撤销。").format(until=until)
    return _("可以申请的期限到 {until} 为止；现在只能由主管部门人员到现场看过货物后撤销。").format(
        until=until
    )
