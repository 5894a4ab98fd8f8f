"""Writing to the ledger inside an act: lock lots, derive lots from lots, post grams. Nothing commits here.

Locks are taken in one order everywhere, so that two acts cannot wait for each other: allocation,
transfer, lots by number, standing accounts by key, head of the record.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select, union, update
from sqlalchemy.dialects import postgresql, sqlite

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import Base, db
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Material, Party
from gi_trace.registry.who_may import check_handles_goods_of
from gi_trace.stock.models import (
    ActKind,
    Lot,
    LotParent,
    Posting,
    Site,
    StandingAccount,
    StayPeriod,
    StockAct,
)
from gi_trace.stock.rules.age import check_agreed, is_dear, until, youngest, youngest_claim
from gi_trace.stock.rules.postings import (
    AccountKind,
    Movement,
    available_then,
    check_available,
    check_available_then,
    check_balanced,
)
from gi_trace.stock.rules.seasons import check_business_day
from gi_trace.stock.rules.undoing import AlreadyUndone
from gi_trace.stock.rules.weights import check_weight

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class LotStopped(Refused):
    code = "lot_stopped"
    text = N_("批料 {lot} 已被冻结或召回，现在不能动用。")


class BeforeLotWasMade(Refused):
    code = "before_lot_was_made"
    text = N_("日期 {day} 早于批料 {lot} 的形成日期 {made_on}。")


@dataclass(frozen=True, order=True)
class Outside:
    """A standing account: where a party's grams of a material are when they are in no lot."""

    kind: AccountKind
    party_id: int
    material_id: int


Line = tuple[Lot | Outside, int]
Draw = tuple[Lot, int]
Parent = tuple[Lot, Lot, int]  # child, parent, grams


@dataclass(frozen=True)
class Booking:
    """What the record and the ledger say of the act whose lines are posted."""

    act: Acted
    kind: ActKind
    subject: Base
    by: Account | None
    on: date
    reason: str = ""
    unusual: bool = False
    reverses: int | None = None
    returns: int | None = None


class FilledTwice(AssertionError):
    """An act added grams to a lot of what ages, which would have the days of those that lay there: a fault of this
    program, never of a user."""


def lock_lots(lots: Sequence[Lot]) -> None:
    """Hold the lots until the act ends and see them as they now are; a stopped one refuses."""
    for lot in locked_lots(lots):
        if lot.is_stopped:
            raise LotStopped(lot=lot.number)


def locked_lots(lots: Sequence[Lot]) -> list[Lot]:
    """Held until the act ends, as they now are, by number; stopped ones too."""
    query = select(Lot).where(Lot.id.in_({lot.id for lot in lots})).order_by(Lot.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def take_from(lot: Lot, weight_g: int, *, by: Account, on: date | None = None) -> date:
    """Lock a lot of which an account wants to use some weight on a day, and check that it may and can. Returns the day."""
    check_handles_goods_of(by, lot.party)
    check_weight(weight_g)
    lock_lots([lot])
    day = business_day(on, lots=[lot])
    check_enough(lot, weight_g, day)
    return day


def check_enough(lot: Lot, weight_g: int, on: date) -> None:
    """Taken on that day, no balance of a lot falls below zero, then or since. Raises NotEnoughStock, NotEnoughThen."""
    amounts = {"balance_g": lot.balance_g, "reserved_g": lot.reserved_g, "asked_g": weight_g}
    later = movements_after(lot, on)
    if later:
        check_available_then(lot.number, on=on, later=later, **amounts)
    else:
        check_available(lot.number, **amounts)


def available_on(lot: Lot, day: date) -> int:
    """Grams of a lot that may be taken on a day."""
    later = movements_after(lot, day)
    return max(0, available_then(balance_g=lot.balance_g, reserved_g=lot.reserved_g, later=later))


def movements_after(lot: Lot, day: date, *, of: Sequence[ActKind] = tuple(ActKind)) -> list[Movement]:
    """What acts of these kinds, dated later than that day, took and brought, in the order of days."""
    return _movements(lot, StockAct.on > day, StockAct.kind.in_(of))


def passed_on(lot: Lot, *, after: date | None = None, after_act: int = 0) -> list[Movement]:
    """What went on to other lots or into packs later than a day or an act; also what was gone and came back as another
    lot, which took along what the record said of this one."""
    gone = StockAct.kind.in_([ActKind.LOSS, ActKind.OTHER_USE])
    back = union(
        *(select(which).where(which.is_not(None)) for which in (StockAct.reverses, StockAct.returns))
    )
    kinds = ~gone | StockAct.act_number.in_(back)
    since = StockAct.act_number > after_act, StockAct.on > (after or date.min)
    return _movements(lot, Posting.grams < 0, kinds, *since)


def taken_since(lot: Lot, number: int) -> list[Movement]:
    """What acts after an act took of a lot."""
    return _movements(lot, Posting.grams < 0, StockAct.act_number > number)


def losses_after(lot: Lot, day: date, *, reason: str) -> list[Movement]:
    return _movements(lot, StockAct.on > day, StockAct.kind == ActKind.LOSS, StockAct.reason == reason)


def _movements(lot: Lot, *conditions: ColumnElement[bool]) -> list[Movement]:
    """Without what was undone into the lot itself, and its undoing: these count on no day."""
    undone = select(StockAct.reverses).join(Posting)
    undone = undone.where(StockAct.reverses.is_not(None), Posting.lot_id == lot.id)
    standing = StockAct.reverses.is_(None), StockAct.act_number.not_in(undone)
    query = select(StockAct.act_number, StockAct.on, StockAct.kind, Posting.grams)
    query = query.join(Posting).where(Posting.lot_id == lot.id, *standing, *conditions)
    rows = db.session.execute(query.order_by(StockAct.on, StockAct.act_number))
    return [Movement(number, on, kind.label, grams) for number, on, kind, grams in rows]


def is_dear_on(lot: Lot, day: date) -> bool:
    """Old or claimed, so that nobody draws from it who did not name it."""
    return lot.material.ages and is_dear(lot.age_on(day), current_app.config["OLD_STOCK_YEARS"])


def check_agreed_to(lot: Lot, agreed: Collection[int], day: date) -> None:
    """That it is not dear, or one of those that a person named (ids). Raises ClaimedLotNotAgreed, OldLotNotAgreed."""
    if lot.material.ages and lot.id not in agreed:
        check_agreed(lot.number, lot.age_on(day), current_app.config["OLD_STOCK_YEARS"])


def business_day(on: date | None, *, lots: Sequence[Lot] = ()) -> date:
    """The day of an act: today unless said, not in the future, and not before its lots were made."""
    day = on or clock.today()
    back = current_app.config["STOCK_BACKDATE_DAYS"]
    check_business_day(day, today=clock.today(), most_days_back=back)
    for lot in lots:
        if day < lot.made_on:
            raise BeforeLotWasMade(day=day, lot=lot.number, made_on=lot.made_on)
    return day


def derive_lot(
    draws: Sequence[Draw],
    *,
    on: date,
    party: Party | None = None,
    material: Material | None = None,
    site: Site | None = None,
    aged_on: date | None = None,
) -> Lot:
    """A new, still empty lot with all that it inherits from the lots drawn: their age as it was `aged_on`."""
    lots = [lot for lot, _ in draws]
    first = lots[0]
    origins = sorted({tuple(origin) for lot in lots for origin in lot.origins})
    kinds = {lot.peel_kind for lot in lots}
    child = Lot(
        party=party or first.party,
        material=material or first.material,
        site=site,
        peel_kind=kinds.pop() if len(kinds) == 1 else None,
        origins=[list(origin) for origin in origins],
        first_season=min((season for _, season in origins), default=None),
        last_season=max((season for _, season in origins), default=None),
        opening_checks=sorted({check for lot in lots for check in lot.opening_checks}),
        claimed_year=youngest_claim(lot.claimed_year for lot in lots),
        made_on=on,
        balance_g=0,
        reserved_g=0,
        stays=_inherited_stays(lots, aged_on or on),
    )
    db.session.add(child)
    return child


def post(
    booking: Booking,
    lines: Sequence[Line],
    *,
    parents: Sequence[Parent] = (),
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Write and record postings. Returns the number of the act."""
    lines = [(place, grams) for place, grams in lines if grams]
    check_balanced([grams for _, grams in lines])
    db.session.flush()  # new lots need their numbers
    _check_filled_once(lines, booking)
    for place, grams in lines:
        if isinstance(place, Lot):
            place.balance_g += grams
    accounts = _move_outside([(place, grams) for place, grams in lines if isinstance(place, Outside)])
    number = record(booking.act, booking.subject, by=booking.by, facts=_facts(booking, lines, facts))
    db.session.add(
        StockAct(
            act_number=number,
            kind=booking.kind,
            on=booking.on,
            reason=booking.reason,
            unusual=booking.unusual,
            reverses=booking.reverses,
            returns=booking.returns,
        )
    )
    db.session.flush()
    db.session.add_all(
        Posting(
            act_number=number,
            lot_id=place.id if isinstance(place, Lot) else None,
            account_id=accounts[place] if isinstance(place, Outside) else None,
            grams=grams,
        )
        for place, grams in lines
    )
    db.session.add_all(
        LotParent(child_id=child.id, parent_id=parent.id, grams=grams, act_number=number)
        for child, parent, grams in parents
    )
    return number


def check_not_undone(number: int) -> None:
    """Raises AlreadyUndone."""
    reversal = db.session.scalar(select(StockAct.act_number).filter_by(reverses=number))
    if reversal is not None:
        raise AlreadyUndone(number=number, reversal=reversal)


def was_entered_today(number: int) -> bool:
    """An act of the record, on the business day of now."""
    return clock.day_of(db.session.get_one(RecordRow, number).at) == clock.today()


def _check_filled_once(lines: Sequence[Line], booking: Booking) -> None:
    """A lot of what ages gets its grams by the act that makes it; but for what is undone on its own day."""
    if booking.reverses and was_entered_today(booking.reverses):
        return
    filled = [lot.id for lot, grams in lines if isinstance(lot, Lot) and grams > 0 and lot.material.ages]
    query = select(Posting.lot_id).where(Posting.lot_id.in_(filled), Posting.grams > 0)
    if (lot_id := db.session.scalar(query.limit(1))) is not None:
        raise FilledTwice(f"{booking.act} adds to L{lot_id}")


def _facts(booking: Booking, lines: Sequence[Line], facts: Mapping[str, Any] | None) -> dict[str, Any]:
    postings = [
        [place.number if isinstance(place, Lot) else place.kind.value, grams] for place, grams in lines
    ]
    return {"on": booking.on, "reason": booking.reason, "postings": postings, **(facts or {})}


def _move_outside(lines: Sequence[tuple[Outside, int]]) -> dict[Outside, int]:
    """Book on standing accounts, opening one where it is new. Returns their ids."""
    return {place: _move(place, grams) for place, grams in sorted(lines)}


def _move(place: Outside, grams: int) -> int:
    key = vars(place)
    moving = (
        update(StandingAccount)
        .filter_by(**key)
        .values(balance_g=StandingAccount.balance_g + grams)
        .returning(StandingAccount.id)
    )
    account_id = db.session.scalar(moving)
    if account_id is None:
        opening = INSERT[db.engine.dialect.name](StandingAccount).values(**key, balance_g=0)
        db.session.execute(opening.on_conflict_do_nothing())
        account_id = db.session.scalars(moving).one()
    return account_id


def _inherited_stays(lots: Sequence[Lot], day: date) -> list[StayPeriod]:
    """The record of the parts as it stood on a day, written down again for the child."""
    records = [until(lot.record_of_stays, day) for lot in lots if lot.stays]
    return [StayPeriod(**vars(stay)) for stay in youngest(records, day)] if records else []
