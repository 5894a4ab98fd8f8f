"""Moving stock between sites; only days at sites inside the protected area make peel older."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.who_may import check_handles_goods_of
from gi_trace.stock.actions.ledger import business_day, lock_lots, passed_on, was_entered_today
from gi_trace.stock.models import Lot, Site, StayPeriod, sites_of
from gi_trace.stock.places import check_site, is_inside
from gi_trace.stock.rules.undoing import AlreadyUndone, MovedMeanwhile, WeightHasGoneOn


class MoveBeforeStay(Refused):
    code = "move_before_stay"
    text = N_("移库日期 {day} 早于批料 {lot} 登记入当前场所的日期 {since}。")


class ClockWentBack(Refused):
    code = "clock_went_back"
    text = N_("系统时间是 {today}，早于批料 {lot} 已登记的日期 {since}，不能继续。请先核对系统时间。")


class MovedAfterUse(Refused):
    code = "moved_after_use"
    text = N_("批料 {lot} 在 {day} 之后又有：{later}。移库日期不能早于这些事项，否则它们的陈化就不对了。")


class AlreadyThere(Refused):
    code = "already_there"
    text = N_("批料 {lot} 已在“{site}”。")


class LotOffered(Refused):
    code = "lot_offered"
    text = N_("批料 {lot} 有等待对方确认的转让，请先等对方确认或撤回转让。")


@act
def move_lot(lot: Lot, site: Site, *, by: Account, on: date | None = None) -> None:
    """Bring a whole lot to another site of its party: outside the clock stops, inside it resumes.

    It left on the day that is stated, and is at the other site from today. Not dated before what went on from it, which
    took its age along from where it lay.
    """
    check_handles_goods_of(by, lot.party)
    check_site(site, lot.party)
    lock_lots([lot])
    day = business_day(on, lots=[lot])
    if lot.reserved_g:
        raise LotOffered(lot=lot.number)
    if lot.site_id == site.id:
        raise AlreadyThere(lot=lot.number, site=site.name)
    since = max((period.starts_on for period in lot.stays), default=lot.made_on)
    if day < since:
        raise MoveBeforeStay(day=day, lot=lot.number, since=since)
    if later := passed_on(lot, after=day):
        raise MovedAfterUse(lot=lot.number, day=day, later=later)
    from_site = lot.site.name if lot.site else None
    lot.site = site
    begin_stay(lot, site, left_on=day)
    inside = is_inside(site.area, lot.material.crop)
    facts = {"on": day, "from": from_site, "to": site.name, "inside": inside}
    record(Acted.LOT_MOVED, lot, by=by, facts=facts)


@act
def undo_move(lot: Lot, move: RecordRow, *, by: Account, facts: Mapping[str, Any]) -> int:
    """The lot is again where it was; only its last move, and only before anything went on from there. On the day of the
    move it never left, later the days since then count for nobody. Returns the act's number."""
    lock_lots([lot])
    if lot.reserved_g:
        raise LotOffered(lot=lot.number)
    moves = standing_moves_of(lot)
    if move not in moves:
        raise AlreadyUndone(number=move.number, reversal=_undoing_of(lot)[move.number])
    if moves[-1] is not move:
        raise MovedMeanwhile(lot=lot.number, move=moves[-1].number)
    if passed_on(lot, after_act=move.number):
        raise WeightHasGoneOn(number=move.number)
    named = {site.name: site for site in sites_of(lot.party)}
    lot.site = named[move.facts["from"]] if move.facts["from"] else None
    if was_entered_today(move.number):
        _take_back_stay(lot)
    else:
        _take_back_stays_since(lot, date.fromisoformat(move.facts["on"]))
        begin_stay(lot, lot.site)
    return record(Acted.LOT_MOVE_UNDONE, lot, by=by, facts=facts)


def standing_moves_of(lot: Lot) -> list[RecordRow]:
    """Moves of a lot as the record tells them, without those undone."""
    undone = _undoing_of(lot)
    return [row for row in moves_of(lot) if row.act == Acted.LOT_MOVED.value and row.number not in undone]


def moves_of(lot: Lot) -> list[RecordRow]:
    """Moves of a lot and the undoing of them, as the record tells them."""
    acts = (Acted.LOT_MOVED.value, Acted.LOT_MOVE_UNDONE.value)
    query = select(RecordRow).where(RecordRow.subject == subject_of(lot), RecordRow.act.in_(acts))
    return list(db.session.scalars(query.order_by(RecordRow.number)))


def _undoing_of(lot: Lot) -> dict[int, int]:
    """By the numbers of moves that were undone, those of the acts that did it."""
    undone = [row for row in moves_of(lot) if row.act == Acted.LOT_MOVE_UNDONE.value]
    return {row.facts["undoes"]: row.number for row in undone}


def begin_stay(lot: Lot, site: Site | None, *, left_on: date | None = None) -> None:
    """Close the period that runs on the day that is stated, today unless said, and open one at this site today: what is
    dated back makes nothing older. For a material that ages. Raises ClockWentBack."""
    if not lot.material.ages:
        return
    today = clock.today()
    _end_stay(lot, left_on or today)
    since = max((day for one in lot.stays for day in (one.starts_on, one.ends_on) if day), default=today)
    if today < since:
        raise ClockWentBack(today=today, lot=lot.number, since=since)
    inside = site is not None and is_inside(site.area, lot.material.crop)
    site_id = site.id if site else None
    lot.stays.append(StayPeriod(site_id=site_id, starts_on=today, inside=inside))


def _end_stay(lot: Lot, day: date) -> None:
    """Close the period that runs."""
    for period in lot.stays:
        if period.ends_on is None:
            period.ends_on = day


def _take_back_stay(lot: Lot) -> None:
    """The last period never was, and the one before it goes on."""
    if not lot.stays:
        return
    lot.stays.pop()
    if lot.stays:
        lot.stays[-1].ends_on = None


def _take_back_stays_since(lot: Lot, day: date) -> None:
    """What was told of it since never was, and nobody knows where it was instead."""
    lot.stays = [period for period in lot.stays if period.claimed or period.starts_on < day]
