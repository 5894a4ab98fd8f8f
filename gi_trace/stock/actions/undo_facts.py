"""What an act of stock did, as whoever may undo it needs to know: its lots, and how their weight would change."""

from collections.abc import Iterable, Iterator
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import db
from gi_trace.errors import N_, NotFound
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.stock.models import Lot, Posting, StockAct
from gi_trace.stock.rules.weights import Grams
from gi_trace.words import Sentence

Told = Iterable[tuple[str, Any]]
BACK = N_("{lot} {material}增加 {weight}")
AWAY = N_("{lot} {material}减少 {weight}")


def get_stock_act(number: int) -> StockAct:
    act = db.session.get(StockAct, number)
    if act is None:
        raise NotFound
    return act


def lot_lines(act: StockAct) -> list[Posting]:
    return [posting for posting in act.postings if posting.lot]


def lots_of_act(number: int) -> list[Lot]:
    """By number, as they are locked."""
    lots = {line.lot.id: line.lot for line in lot_lines(get_stock_act(number)) if line.lot}
    return [lots[lot_id] for lot_id in sorted(lots)]


def moved_lot(row: RecordRow) -> Lot:
    return db.session.get_one(Lot, int(row.subject.removeprefix("lot:")))


def facts_of_row(row: RecordRow) -> Iterator[tuple[str, Any]]:
    """Of any act: which, when and by whom."""
    yield N_("事项号"), row.number
    yield N_("事项"), Acted(row.act).label
    yield N_("登记日期"), clock.day_of(row.at)
    kind, _colon, key = row.by.partition(":")
    actor = db.session.get(Account, int(key)) if kind == "account" else None
    yield N_("登记人"), actor.name if actor else N_("系统")


def facts_of_act(row: RecordRow) -> Iterator[tuple[str, Any]]:
    """Of an act with postings: its day and words, and each lot with the grams that undoing it would bring or take."""
    act = get_stock_act(row.number)
    yield N_("日期"), act.on
    if act.reason:
        yield N_("说明"), act.reason
    changes = {lot.id: 0 for lot in lots_of_act(row.number)}
    for line in lot_lines(act):
        changes[line.lot_id] -= line.grams  # type: ignore[index]
    yield N_("撤销后的重量"), [_change(lot, changes[lot.id]) for lot in lots_of_act(row.number)]


def facts_of_move(row: RecordRow) -> Iterator[tuple[str, Any]]:
    told, lot = row.facts, moved_lot(row)
    yield N_("日期"), told["on"]
    yield N_("批料"), f"{lot.number} {lot.material.name}"
    yield N_("移库"), f"{told['from'] or '—'} → {told['to']}"
    yield N_("重量"), Grams(lot.balance_g)


def _change(lot: Lot, grams: int) -> Sentence:
    facts = {"lot": lot.number, "material": lot.material.name, "weight": Grams(abs(grams))}
    return Sentence(BACK if grams >= 0 else AWAY, facts)
