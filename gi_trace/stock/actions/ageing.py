"""Moving stock between sites; only days at sites inside the protected area make peel older."""

from datetime import date

from gi_trace.accounts.models import Account
from gi_trace.database import act
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.who_may import check_acts_for
from gi_trace.stock.actions.ledger import business_day, lock_lots
from gi_trace.stock.models import Lot, Site, StayPeriod
from gi_trace.stock.places import check_site, is_inside


class MoveBeforeStay(Refused):
    code = "move_before_stay"
    text = N_("移库日期 {day} 早于批料 {lot} 入当前场所的日期 {since}。")


class AlreadyThere(Refused):
    code = "already_there"
    text = N_("批料 {lot} 已在“{site}”。")


class LotOffered(Refused):
    code = "lot_offered"
    text = N_("批料 {lot} 有等待对方确认的转让，请先等对方确认或撤回转让。")


@act
def move_lot(lot: Lot, site: Site, *, by: Account, on: date | None = None) -> None:
    """Bring a whole lot to another site of its party: outside the clock stops, inside it resumes."""
    check_acts_for(by, lot.party)
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
    from_site = lot.site.name if lot.site else None
    lot.site = site
    begin_stay(lot, site, day)
    inside = is_inside(site.area, lot.material.crop)
    facts = {"on": day, "from": from_site, "to": site.name, "inside": inside}
    record(Acted.LOT_MOVED, lot, by=by, facts=facts)


def begin_stay(lot: Lot, site: Site | None, day: date) -> None:
    """Close the period that runs and open one at this site, for a material that ages."""
    if not lot.material.ages:
        return
    for period in lot.stays:
        if period.ends_on is None:
            period.ends_on = day
    inside = site is not None and is_inside(site.area, lot.material.crop)
    site_id = site.id if site else None
    lot.stays.append(StayPeriod(site_id=site_id, starts_on=day, inside=inside))
    if inside and lot.oldest_on is None:
        lot.oldest_on = day
