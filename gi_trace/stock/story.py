"""Reads the chain of what was packed, for the story that the public is told of one pack (`rules/story.py`)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from gi_trace.database import db
from gi_trace.registry.models import Area, Crop, Material
from gi_trace.stock.chain import ancestor_ids
from gi_trace.stock.models import (
    ActKind,
    Lot,
    LotParent,
    LotTest,
    OnSiteCheck,
    Plot,
    Posting,
    Site,
    StayPeriod,
    StockAct,
)
from gi_trace.stock.places import area_ids_of
from gi_trace.stock.rules.age import Stay
from gi_trace.stock.rules.carrying import Draws, PublicPlace, TracedChain, TracedLot
from gi_trace.stock.rules.story import LabFinding, Story, story_of

FEWEST_GROWERS = 2  # of a village that is named: of one alone it would name the grower
MAKING = (
    ActKind.HARVEST,
    ActKind.OPENING,
    ActKind.TRANSFER,
    ActKind.PROCESSING,
    ActKind.SPLIT,
    ActKind.MERGE,
    ActKind.BLEND,
    ActKind.UNPACKING,
)


def story_of_pack(draws: Draws, *, net_weight_g: int, packed_on: date) -> Story | None:
    """Of what was drawn (ids of lots, grams) into packs of that weight; None where nothing was."""
    if not draws:
        return None
    ids = ancestor_ids(lot_id for lot_id, _ in draws)
    areas = PublicAreas(db.session.get_one(Lot, draws[0][0]).material.crop)
    return story_of(
        _traced(ids, areas),
        draws,
        net_weight_g=net_weight_g,
        packed_on=packed_on,
        tests=_tests(ids),
        sites=_sites(ids, areas),
    )


class PublicAreas:
    """Where goods of a crop grew and lay, as far as the public may know it."""

    def __init__(self, crop: Crop):
        self.protected = area_ids_of(crop)
        rows = db.session.execute(select(Area.id, Area.code, Area.name, Area.within_id))
        self.areas = {row.id: row for row in rows}
        growers = select(Plot.area_id, func.count(Plot.party_id.distinct())).group_by(Plot.area_id)
        growers = growers.where(Plot.crop_id == crop.id)
        self.growers = {area_id: count for area_id, count in db.session.execute(growers)}

    def grown_in(self, area_id: int) -> PublicPlace:
        """The village, or its town where the village has one grower of the crop."""
        named = area_id if self.growers.get(area_id, 0) >= FEWEST_GROWERS else self._town(area_id)
        return PublicPlace(self.areas[named].name, self.areas[self._town(area_id)].code)

    def town(self, area_id: int) -> PublicPlace:
        town = self.areas[self._town(area_id)]
        return PublicPlace(town.name, town.code)

    def _town(self, area_id: int) -> int:
        """The protected area around it, else the outermost."""
        while area_id not in self.protected and (within := self.areas[area_id].within_id):
            area_id = within
        return area_id


def _traced(ids: Collection[int], areas: PublicAreas) -> TracedChain:
    parents = defaultdict(list)
    steps = select(LotParent.child_id, LotParent.parent_id, LotParent.grams).order_by(LotParent.parent_id)
    for child, parent, grams in db.session.execute(steps.where(LotParent.child_id.in_(ids))):
        parents[child].append((parent, grams))
    made, lost, stays, seen = _made(ids), _losses(ids), _stays(ids), _seen_in(ids, areas)
    query = select(Lot.id, Lot.made_on, Lot.origins, Lot.claimed_year, Material.name, Material.ages)
    lots = {}
    for row in db.session.execute(query.join(Lot.material).where(Lot.id.in_(ids))):
        begins = row.id not in parents
        area_id, season = row.origins[0] if begins and row.origins else (None, "")
        lots[row.id] = TracedLot(
            id=row.id,
            material=row.name,
            ages=row.ages,
            made_on=row.made_on,
            made_g=made.get(row.id) or sum(grams for _, grams in parents[row.id]),
            place=areas.grown_in(area_id) if area_id else seen.get(row.id),
            season=season,
            claimed_year=row.claimed_year if begins else None,
            stays=tuple(stays[row.id]),
            losses=tuple(lost[row.id]),
        )
    return TracedChain(lots, parents)


def _made(ids: Collection[int]) -> dict[int, int]:
    """Grams of each lot as it was made."""
    query = select(Posting.lot_id, func.sum(Posting.grams)).join(StockAct).group_by(Posting.lot_id)
    query = query.where(Posting.lot_id.in_(ids), Posting.grams > 0)
    query = query.where(StockAct.kind.in_(MAKING), StockAct.reverses.is_(None))
    return {lot_id: int(grams) for lot_id, grams in db.session.execute(query) if lot_id}


def _losses(ids: Collection[int]) -> dict[int, list[tuple[date, int]]]:
    """By lot, with their days; what was undone never was."""
    undoing = aliased(StockAct)
    lost: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    query = select(Posting.lot_id, StockAct.on, -Posting.grams).join(StockAct)
    query = query.where(Posting.lot_id.in_(ids), StockAct.kind == ActKind.LOSS, StockAct.reverses.is_(None))
    query = query.where(~select(undoing.act_number).where(undoing.reverses == StockAct.act_number).exists())
    for lot_id, on, grams in db.session.execute(query):
        lost[lot_id or 0].append((on, grams))
    return lost


def _stays(ids: Collection[int]) -> dict[int, list[Stay]]:
    stays = defaultdict(list)
    query = select(StayPeriod.__table__).where(StayPeriod.lot_id.in_(ids)).order_by(StayPeriod.id)
    for row in db.session.execute(query):
        stays[row.lot_id].append(Stay(row.starts_on, row.ends_on, row.inside, row.claimed, row.site_id))
    return stays


def _seen_in(ids: Collection[int], areas: PublicAreas) -> dict[int, PublicPlace]:
    """The towns in which officers saw opening stock, by its lot."""
    query = select(OnSiteCheck.lot_id, Site.area_id).join(OnSiteCheck.site)
    found = db.session.execute(query.where(OnSiteCheck.lot_id.in_(ids)))
    return {lot_id: areas.town(area_id) for lot_id, area_id in found if lot_id and area_id}


def _sites(ids: Collection[int], areas: PublicAreas) -> dict[int, PublicPlace | None]:
    """The towns of those at which these lots lay, None of one without an area, by id."""
    stayed = select(StayPeriod.site_id).where(StayPeriod.lot_id.in_(ids))
    found = db.session.execute(select(Site.id, Site.area_id).where(Site.id.in_(stayed)))
    return {site_id: areas.town(area_id) if area_id else None for site_id, area_id in found}


def _tests(ids: Collection[int]) -> list[LabFinding]:
    query = select(LotTest.report_number, LotTest.laboratory, LotTest.tested_on, LotTest.passed)
    rows = db.session.execute(query.where(LotTest.lot_id.in_(ids)).order_by(LotTest.id))
    return [LabFinding(*row) for row in rows]
