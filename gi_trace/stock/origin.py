"""Where goods come from, as the public may know it: towns and days, never growers or plots."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from gi_trace.database import db
from gi_trace.registry.models import Area
from gi_trace.registry.who_may import lineage
from gi_trace.stock.chain import ancestor_ids
from gi_trace.stock.models import ActKind, Lot, OnSiteCheck, Posting, StockAct
from gi_trace.stock.places import area_ids_of

SHOWN = (ActKind.HARVEST, ActKind.PROCESSING, ActKind.OPENING)
Origin = dict[str, list[str]]


def origin_of(lots: Sequence[Lot]) -> Origin:
    """For storing with a batch: `towns`, and first and last day (ISO) of harvest, processing, on-site check."""
    return {"towns": _towns(lots)} | _days(lots)


def _towns(lots: Sequence[Lot]) -> list[str]:
    """The protected towns that the harvests, or the stores of opening stock, lie in."""
    protected = {area for lot in lots for area in area_ids_of(lot.material.crop)}
    grown = {area for lot in lots for area, _ in lot.origins}
    checks = {check for lot in lots for check in lot.opening_checks}
    stores = db.session.scalars(select(OnSiteCheck).where(OnSiteCheck.id.in_(checks)))
    places = [db.session.get_one(Area, area) for area in grown]
    places += [check.site.area for check in stores if check.site.area]
    towns = [next((a for a in lineage(place) if a.id in protected), place) for place in places]
    return sorted({town.name for town in towns})


def _days(lots: Sequence[Lot]) -> Origin:
    query = select(StockAct.kind, func.min(StockAct.on), func.max(StockAct.on)).join(Posting)
    query = query.where(Posting.lot_id.in_(ancestor_ids([lot.id for lot in lots])), Posting.grams > 0)
    query = query.where(StockAct.kind.in_(SHOWN), StockAct.reverses.is_(None)).group_by(StockAct.kind)
    return {kind.value: _iso(first, last) for kind, first, last in db.session.execute(query)}


def _iso(first: date, last: date) -> list[str]:
    return [first.isoformat(), last.isoformat()]
