"""Opening packs again: their weight goes back to stock, and their codes are void.

The firm does it alone with what nobody can have bought; of the rest it asks an officer to see the goods, and his act
brings back what he saw (`verification/goods_back.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.actions import (
    check_not_cancelled,
    find_by_key,
    same_or_refuse,
    same_ranges_or_refuse,
)
from gi_trace.batches.coming_back import UnpackingNeedsNoOfficer, UnpackingNeedsOfficer, why_officer
from gi_trace.batches.models import Batch, UnitRange, new_ranges, segments_in
from gi_trace.batches.rules import UnitState, check_units
from gi_trace.batches.stops import check_none_stopped
from gi_trace.batches.unit_entries import in_words
from gi_trace.batches.unit_states import Range, check_apart, check_count, check_may_become, units_in
from gi_trace.database import act, db, lock
from gi_trace.errors import N_
from gi_trace.record.actions import subject_of
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow, rows_about
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_acts_for
from gi_trace.stock.actions import requests
from gi_trace.stock.actions.ledger import Booking
from gi_trace.stock.actions.packing import unpack
from gi_trace.stock.models import ActKind, Lot, RequestKind, RequestState, StockRequest, lot_made_by
from gi_trace.stock.rules.undoing import AlreadyUndone, UndoneBy, who_undoes
from gi_trace.stock.rules.weights import Grams
from gi_trace.words import Sentence


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
    AlreadyUndone where that was undone since, UnpackingNeedsOfficer where an officer must see the goods.
    """
    check_acts_for(by, batch.party)
    lock(batch)
    if made := find_by_key(UnitRange, client_key, batch_number=batch.number):
        return _lot_of(same_ranges_or_refuse(same_or_refuse(made, state=UnitState.VOID), ranges)[0])
    _check_not_undone(batch, client_key)
    check_count(ranges, count)
    check_reason(reason)
    _check_openable(batch, ranges)
    if why := why_seen(batch, ranges):
        raise UnpackingNeedsOfficer(why=why)
    facts = {"reason": reason.strip(), "checked": checked_units}
    lot, void = open_packs(batch, ranges, facts=facts, by=by)
    void[0].client_key = client_key
    return lot


@act
def ask_unpacking(
    batch: Batch,
    ranges: Sequence[Range],
    *,
    count: int,
    reason: str,
    by: Account,
    client_key: str | None = None,
) -> StockRequest:
    """An officer is asked to see the goods or labels of these units, so that their weight comes back. The same `client_key`
    again gives the request that it made.

    Raises UnpackingNeedsNoOfficer where the firm may open them alone, and what opening them would refuse now.
    """
    check_acts_for(by, batch.party)
    lock(batch.party)
    arguments = {"batch": batch.number, "ranges": [list(one) for one in ranges]}
    if made := find_by_key(StockRequest, client_key, party_id=batch.party_id):
        return same_or_refuse(made, kind=RequestKind.UNPACK, arguments=arguments)
    check_count(ranges, count)
    check_apart(ranges)
    if not why_seen(batch, ranges):
        raise UnpackingNeedsNoOfficer
    asked = requests.ask(RequestKind.UNPACK, batch.party, arguments, reason=reason, by=by)
    asked.client_key = client_key
    return asked


def why_seen(batch: Batch, ranges: Sequence[Range]) -> list[Sentence]:
    """Of how many of these units an officer must see the goods, and why."""
    days = current_app.config["UNDO_DAYS"]
    is_long_packed = who_undoes(batch.packed_on, clock.today(), most_days=days) is UndoneBy.SIGHTING
    is_raw = not batch.product.material.ages
    segments = segments_in(batch.number, ranges)
    return why_officer(segments, is_raw=is_raw, is_long_packed=is_long_packed, days=days)


def open_packs(
    batch: Batch, ranges: Sequence[Range], *, facts: Mapping[str, Any], by: Account
) -> tuple[Lot, list[UnitRange]]:
    """Inside an act that has locked the batch and asked who may. Returns the lot that their weight became, and the ranges
    that are void."""
    _check_openable(batch, ranges)
    booking = Booking(Acted.BATCH_UNPACKED, ActKind.UNPACKING, batch, by, clock.today(), facts["reason"])
    told = {"ranges": ranges, **facts}
    weight_g = units_in(ranges) * batch.net_weight_g
    lot, number = unpack(batch.drawn, weight_g, booking, packed_on=batch.packed_on, facts=told)
    void = new_ranges(batch.number, UnitState.VOID, ranges, act_number=number, by=by)
    db.session.add_all(void)
    return lot, void


def _check_openable(batch: Batch, ranges: Sequence[Range]) -> None:
    check_not_cancelled(batch)
    check_apart(ranges)
    for first, last in ranges:
        check_units(first, last, units=batch.units)
    check_none_stopped(batch, ranges)
    check_may_become(UnitState.VOID, segments_in(batch.number, ranges))


def asked_units(request: StockRequest) -> tuple[Batch, list[Range]]:
    """The batch and units that an officer is asked to see."""
    batch = db.session.get_one(Batch, request.arguments["batch"])
    return batch, [(first, last) for first, last in request.arguments["ranges"]]


def _open_as_asked(request: StockRequest, by: Account) -> Lot:
    """What would be done had an officer seen all of it: asking tries it."""
    batch, ranges = asked_units(request)
    lock(batch)
    return open_packs(batch, ranges, facts={"reason": request.reason, "request": request.id}, by=by)[0]


def _rows_of_asked(request: StockRequest) -> Iterator[tuple[str, Any]]:
    batch, ranges = asked_units(request)
    yield N_("批次号"), batch.number_text
    yield N_("产品"), batch.product.name
    yield N_("生产批号"), batch.own_number
    yield N_("件号"), in_words(ranges)
    yield N_("件数"), f"{units_in(ranges):,}"
    yield N_("最多退回"), Grams(units_in(ranges) * batch.net_weight_g)
    if row := _settled_by(request):
        back, seen = row.facts["ranges"], row.facts["seen"]
        yield N_("已退回的件号"), in_words(back)
        yield N_("已退回"), Grams(units_in(back) * batch.net_weight_g)
        yield N_("看货地点和日期"), f"{seen['place']} {seen['on']}"
        if seen["sampled"]:
            yield N_("抽看件数"), f"{seen['sampled']:,}"


def _settled_by(request: StockRequest) -> RecordRow | None:
    """The act of the officer who saw what was asked for."""
    told = rows_about(f"batch:{request.arguments['batch']}") if request.state is RequestState.GRANTED else []
    return next((row for row in told if row.facts.get("request") == request.id), None)


def _check_not_undone(batch: Batch, client_key: str | None) -> None:
    """The ranges of an unpacking go with its undoing; of their key the record tells."""
    told = select(RecordRow).filter_by(subject=subject_of(batch), act=Acted.STOCK_REVERSED.value)
    for row in db.session.scalars(told) if client_key else ():
        if row.facts.get("client_key") == client_key:
            raise AlreadyUndone(number=row.facts["reverses"], reversal=row.number)


def _lot_of(told: UnitRange) -> Lot:
    assert told.act_number is not None  # only ranges from before the record have none
    return lot_made_by(told.act_number)


requests.WAYS[RequestKind.UNPACK] = requests.RequestWay(_open_as_asked, _rows_of_asked, takes_sighting=True)
