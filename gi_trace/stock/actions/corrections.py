"""Undoing: the postings again with the other sign, never an edit; what ages comes back as lots of their own.

On the day itself the firm undoes what it booked, later the authority does (`rules/undoing.py`). What an act of the
record takes to be undone, its capability says in UNDO_WAYS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.database import act, db, lock
from gi_trace.errors import NotFound
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Party
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_acts_for, check_authority, check_officer
from gi_trace.stock.actions import requests
from gi_trace.stock.actions.ageing import standing_moves_of, undo_move
from gi_trace.stock.actions.coming_back import lines_back
from gi_trace.stock.actions.ledger import (
    Booking,
    available_on,
    business_day,
    check_enough,
    check_not_undone,
    lock_lots,
    post,
    taken_since,
    was_entered_today,
)
from gi_trace.stock.actions.processing import check_sold
from gi_trace.stock.actions.undo_facts import (
    Told,
    facts_of_act,
    facts_of_move,
    facts_of_row,
    get_stock_act,
    lot_lines,
    lots_of_act,
    moved_lot,
)
from gi_trace.stock.models import (
    ActKind,
    GoodsSeen,
    Harvest,
    Lot,
    RequestKind,
    StockAct,
    StockRequest,
    Transfer,
    TransferState,
)
from gi_trace.stock.rules.undoing import (
    AnsweredTooLate,
    MovedMeanwhile,
    NotUndoable,
    PlaceOfGoodsMissing,
    UndoneBy,
    UndoNeedsNoRequest,
    UndoNeedsRequest,
    UndoNeedsSighting,
    WeightHasGoneOn,
    WeightUsedSince,
    last_day_of_requests,
    who_undoes,
)

# What makes lots of other lots: undone, their grams are again where the old ones lie.
MAKING = frozenset(
    {
        ActKind.TRANSFER,
        ActKind.PROCESSING,
        ActKind.SPLIT,
        ActKind.MERGE,
        ActKind.BLEND,
        ActKind.UNPACKING,
    }
)


@dataclass(frozen=True)
class Undoing:
    """The act to undo, why, by whom, and what more the record says of the undoing."""

    row: RecordRow
    reason: str
    by: Account
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SeenFacts:
    """The goods, before a late undoing: where they lay, on which day, and the officer who saw them."""

    place: str
    on: date
    by: Account


def on_its_day(row: RecordRow) -> UndoneBy:
    return undone_after(clock.day_of(row.at))


def undone_after(day: date) -> UndoneBy:
    return who_undoes(day, clock.today(), most_days=current_app.config["UNDO_DAYS"])


def not_alone(row: RecordRow) -> UndoneBy:
    """Of what the firm may not undo by itself, on no day."""
    needed = on_its_day(row)
    return UndoneBy.REQUEST if needed is UndoneBy.FIRM else needed


@dataclass(frozen=True)
class UndoWay:
    """`undo` gives the number of the act that undoes; `undone_by` says what that takes now, `owner` whose act it was,
    `facts` what the act did and its undoing would do, in (label, value)."""

    undo: Callable[[Undoing], int]
    owner: Callable[[RecordRow], Party]
    undone_by: Callable[[RecordRow], UndoneBy] = on_its_day
    facts: Callable[[RecordRow], Told] = facts_of_act


@act
def reverse_act(number: int, *, reason: str, by: Account, seen: SeenFacts | None = None) -> int:
    """Undo an act of stock; refused when its weight has gone on meanwhile. Returns the number of the undoing act.

    Raises NotUndoable, AlreadyUndone, UndoNeedsRequest, UndoNeedsSighting, WeightUsedSince, MovedMeanwhile.
    """
    check_reason(reason)
    row = get_undoable(number)
    _check_may_undo(row, by, seen)
    facts = {"seen": {"place": seen.place, "on": seen.on, "by": seen.by.id}} if seen else {}
    undone = UNDO_WAYS[Acted(row.act)].undo(Undoing(row, reason.strip(), by, facts))
    if seen:
        db.session.add(GoodsSeen(act_number=undone, place=seen.place, seen_on=seen.on, seen_by_id=seen.by.id))
    return undone


@act
def ask_undo(number: int, *, reason: str, by: Account) -> StockRequest:
    """What is not of today is undone if the authority agrees."""
    row = get_undoable(number)
    check_may_ask(row)
    arguments = {"act": number}
    return requests.ask(RequestKind.UNDO, owner_of(row), arguments, reason=reason, by=by)


def check_may_ask(row: RecordRow) -> None:
    """Raises UndoNeedsNoRequest, UndoNeedsSighting."""
    needed = undone_by(row)
    if needed is UndoneBy.FIRM:
        raise UndoNeedsNoRequest(number=row.number)
    if needed is UndoneBy.SIGHTING:
        raise UndoNeedsSighting(number=row.number, **_days_of(row))


def get_undoable(number: int) -> RecordRow:
    """The act of the record. Raises NotFound; NotUndoable of what is no act of stock or cannot be undone."""
    row = db.session.get(RecordRow, number)
    if row is None:
        raise NotFound
    if Acted(row.act) not in UNDO_WAYS:
        raise NotUndoable(number=number)
    return row


def undone_by(row: RecordRow) -> UndoneBy:
    return UNDO_WAYS[Acted(row.act)].undone_by(row)


def owner_of(row: RecordRow) -> Party:
    """Whose act it was."""
    return UNDO_WAYS[Acted(row.act)].owner(row)


def undo_facts(row: RecordRow) -> list[tuple[str, Any]]:
    """What an act did, and what undoing it would do, for whoever decides on that."""
    return [*facts_of_row(row), *UNDO_WAYS[Acted(row.act)].facts(row)]


def last_day_to_ask(row: RecordRow) -> date:
    """On which the undoing can still be asked for."""
    return _last_day_after(clock.day_of(row.at))


def _last_day_after(day: date) -> date:
    return last_day_of_requests(day, most_days=current_app.config["UNDO_DAYS"])


def _check_may_undo(row: RecordRow, by: Account, seen: SeenFacts | None) -> None:
    check_acts_for(by, owner_of(row))
    needed, told = undone_by(row), {"number": row.number, **_days_of(row)}
    if seen:
        _check_seen(seen, by)
    elif needed is UndoneBy.SIGHTING:
        raise UndoNeedsSighting(**told)
    elif by.role is Role.AUTHORITY:
        check_authority(by)
    elif needed is UndoneBy.REQUEST:
        raise UndoNeedsRequest(**told)


def _check_seen(seen: SeenFacts, by: Account) -> None:
    """An officer tells it, of himself or of another."""
    check_authority(by)
    check_officer(seen.by)
    business_day(seen.on)
    if not seen.place.strip():
        raise PlaceOfGoodsMissing


def _days_of(row: RecordRow) -> dict[str, date]:
    return {"day": clock.day_of(row.at), "until": last_day_to_ask(row)}


def holder_of(row: RecordRow) -> Party:
    """Of an act with postings: who got what it made, or had what it took."""
    return max(lot_lines(get_stock_act(row.number)), key=lambda line: line.grams).lot.party  # type: ignore[union-attr]


def reverse_lines(undoing: Undoing, lots: list[Lot], subject: Any, *, left_on: date | None = None) -> int:
    """Post the opposite of an act once its lots are locked and still have what it gave them; `left_on` as
    `lines_back`."""
    act = get_stock_act(undoing.row.number)
    check_not_undone(act.act_number)
    for lot in lots:
        _check_still_there(act, lot)
    lines, parents = lines_back(act, on=clock.today(), left_on=left_on)
    booking = Booking(
        Acted.STOCK_REVERSED,
        act.kind,
        subject,
        undoing.by,
        clock.today(),
        undoing.reason,
        reverses=act.act_number,
    )
    try:
        return post(
            booking,
            lines,
            parents=parents,
            facts={"reverses": act.act_number, **undoing.facts},
        )
    except IntegrityError as error:
        raise WeightHasGoneOn(number=act.act_number) from error


def _reverse(undoing: Undoing) -> int:
    lots = lots_of_act(undoing.row.number)
    lock_lots(lots)
    return reverse_lines(undoing, lots, lots[0])


def _reverse_harvest(undoing: Undoing) -> int:
    [lot] = lots_of_act(undoing.row.number)
    harvest = db.session.scalars(select(Harvest).filter_by(lot_id=lot.id)).one()
    lock(harvest.allocation)
    lock_lots([lot])
    check_not_undone(undoing.row.number)
    harvest.allocation.harvested_g -= harvest.weight_g
    harvest.reversed_at = clock.now()
    return reverse_lines(undoing, [lot], harvest)


def _reverse_acceptance(undoing: Undoing) -> int:
    """The goods are the giver's again. On the day of the acceptance the offer waits as before, later it is withdrawn: the
    days since it was made count for nobody."""
    check_not_undone(undoing.row.number)
    lots = lots_of_act(undoing.row.number)
    received = [lot.id for lot in lots]
    transfer = db.session.scalars(select(Transfer).where(Transfer.received_lot_id.in_(received))).one()
    lock(transfer)
    lock_lots(lots)
    number = reverse_lines(undoing, lots, transfer, left_on=clock.day_of(transfer.offered_at))
    transfer.received_lot = None
    if not was_entered_today(undoing.row.number):
        transfer.state, transfer.accepted_g, transfer.reason = TransferState.CANCELLED, None, undoing.reason
        transfer.decided_at, transfer.decided_by_id = clock.now(), undoing.by.id
        return number
    transfer.state = TransferState.OFFERED
    transfer.decided_at = transfer.decided_by_id = None
    transfer.weight_g, transfer.accepted_g = (
        transfer.accepted_g or transfer.weight_g,
        None,
    )  # the rest went back
    transfer.reason = ""
    transfer.lot.reserved_g += transfer.weight_g
    return number


def _check_still_there(act: StockAct, lot: Lot) -> None:
    """The lot had all along, and has where it was, what the act gave it; what the act sold of it has not come back
    otherwise. As if the act had never been, from its day on."""
    moved_g = sum(posting.grams for posting in act.postings if posting.lot_id == lot.id)
    if moved_g > available_on(lot, act.on):
        if later := taken_since(lot, act.act_number):
            raise WeightUsedSince(lot=lot.number, later=later)
        check_enough(lot, moved_g, act.on)
    if act.kind is ActKind.OTHER_USE:
        check_sold(act, -moved_g, act.on)
    if moved_g > 0 and act.kind in MAKING:
        moves = [move for move in standing_moves_of(lot) if move.number > act.act_number]
        if moves:
            raise MovedMeanwhile(lot=lot.number, move=moves[-1].number)


def _undo_move(undoing: Undoing) -> int:
    facts = {"undoes": undoing.row.number, "reason": undoing.reason, **undoing.facts}
    return undo_move(moved_lot(undoing.row), undoing.row, by=undoing.by, facts=facts)


def _undo_as_asked(request: StockRequest, by: Account) -> None:
    """As many days after it was asked as there were to ask; later somebody must see the goods."""
    row, asked_on = get_undoable(request.arguments["act"]), clock.day_of(request.asked_at)
    if undone_after(asked_on) is UndoneBy.SIGHTING:
        raise AnsweredTooLate(until=_last_day_after(asked_on), number=row.number)
    undoing = Undoing(row, request.reason, by, {"request": request.id})
    UNDO_WAYS[Acted(row.act)].undo(undoing)


UNDO_WAYS: dict[Acted, UndoWay] = {
    acted: UndoWay(_reverse, holder_of)
    for acted in (
        Acted.LOT_PROCESSED,
        Acted.LOT_SPLIT,
        Acted.LOT_MERGED,
        Acted.LOT_BLENDED,
        Acted.LOT_USED_OTHERWISE,
        Acted.LOT_RETURNED,
        Acted.LOT_LOST,
    )
}
UNDO_WAYS[Acted.ON_SITE_CHECK_CONFIRMED] = UndoWay(_reverse, holder_of, not_alone)
UNDO_WAYS[Acted.HARVEST_DECLARED] = UndoWay(_reverse_harvest, holder_of)
UNDO_WAYS[Acted.TRANSFER_ACCEPTED] = UndoWay(_reverse_acceptance, holder_of)
UNDO_WAYS[Acted.LOT_MOVED] = UndoWay(_undo_move, lambda row: moved_lot(row).party, facts=facts_of_move)
requests.WAYS[RequestKind.UNDO] = requests.RequestWay(
    _undo_as_asked, lambda request: undo_facts(get_undoable(request.arguments["act"]))
)
