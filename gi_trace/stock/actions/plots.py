"""Acts on land: growers, plots, sites, and what the authority lets a plot yield in a season."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.imports.actions import check_none_under_way, check_not_named
from gi_trace.imports.models import Import, ImportKind
from gi_trace.record.actions import Happening, record, record_all
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Area, Crop, CropYield, Party, PartyKind, Seasons, areas_within
from gi_trace.registry.rules import check_reason
from gi_trace.registry.taken import GrowerTaken
from gi_trace.registry.who_may import (
    as_proposed,
    check_acts_for,
    check_authority,
    check_second_officer,
    lineage,
)
from gi_trace.stock.actions.ceilings import find_yield_on
from gi_trace.stock.models import Allocation, Plot, Site, find_allocation, find_plot
from gi_trace.stock.places import check_inside
from gi_trace.stock.rules.harvests import (
    allocation_g,
    check_areas,
    check_new_allocation,
    check_yield,
)
from gi_trace.stock.rules.land import check_plot_size, check_room, check_trees, typed_key, usual_yield
from gi_trace.stock.rules.seasons import Season, check_season_fits_crop
from gi_trace.stock.rules.taken import PlotNumberAlike, PlotNumberTaken, SiteNameTaken

ON_LAND = (ImportKind.PLOTS, ImportKind.ALLOCATIONS, ImportKind.HARVESTS)


class YieldCeilingUnknown(Refused):
    code = "yield_ceiling_unknown"
    text = N_("还没有登记{crop}的单产上限，请先登记（须有依据）。")


class PlotOutsideVillage(Refused):
    code = "plot_outside_village"
    text = N_("{area}不在您的村，不能登记那里的地块。")


class CropIsFixed(Refused):
    code = "crop_is_fixed"
    text = N_("地块 {plot} 已有核定产量，不能改作物；请另行登记一块地。")


@dataclass(frozen=True)
class PlotFacts:
    """What is known of a plot; areas in whole square metres."""

    number: str
    area: Area
    crop: Crop
    measured_m2: int
    bearing_m2: int
    variety: str = ""
    trees: int | None = None


@act
def add_grower(name: str, area: Area, *, by: Account) -> Party:
    """A grower has no social credit code: a name that is unique in its village tells one from another."""
    lock_land()
    grower = Party(kind=PartyKind.GROWER, name=name.strip(), area=area)
    check_acts_for(by, grower)
    if find_grower(grower.name, area):
        raise GrowerTaken(name=grower.name)
    db.session.add(grower)
    record_all([grower_added(grower)], by=by)
    return grower


@act
def add_plot(grower: Party, facts: PlotFacts, *, by: Account) -> Plot:
    check_acts_for(by, grower)
    lock_land()
    _check_plot(facts)
    _check_number_free(facts.number)
    _check_room(facts)
    _check_own_village(facts.area, by)
    plot = Plot(grower=grower)
    _write(plot, facts)
    db.session.add(plot)
    record(Acted.PLOT_ADDED, plot, by=by, facts=facts_of(plot))
    return plot


@act
def change_plot(plot: Plot, facts: PlotFacts, *, reason: str, by: Account) -> None:
    """Put a plot's facts right; allocations already fixed stay as the authority fixed them."""
    check_acts_for(by, plot.grower)
    lock_land()
    lock(plot)
    _check_own_village(facts.area, by)
    if facts.crop.id != plot.crop_id and db.session.scalar(select(Allocation.id).filter_by(plot_id=plot.id)):
        raise CropIsFixed(plot=plot.number)
    _check_plot(facts)
    check_reason(reason)
    if typed_key(facts.number) != plot.number_key:
        _check_number_free(facts.number)
    if facts.area.id != plot.area_id or facts.measured_m2 > plot.measured_m2:
        _check_room(facts, but=plot)
    before = facts_of(plot)
    _write(plot, facts)
    changed = {"before": before, "after": facts_of(plot), "reason": reason.strip()}
    record(Acted.PLOT_CHANGED, plot, by=by, facts=changed)


@act
def add_site(party: Party, name: str, *, area: Area | None, address: str, by: Account) -> Site:
    """A place where a party keeps stock; without an area it lies outside, where peel does not age."""
    check_acts_for(by, party)
    site = Site(party_id=party.id, name=name.strip(), area_id=area.id if area else None)
    site.address = address.strip()
    if db.session.scalar(select(Site.id).filter_by(party_id=party.id, name=site.name)):
        raise SiteNameTaken(name=site.name)
    db.session.add(site)
    record(Acted.SITE_ADDED, site, by=by, facts={"party": party.id, "area": area.code if area else None})
    return site


@act
def set_allocation(
    plot: Plot,
    season: Season,
    *,
    yield_g_per_mu: int,
    reason: str,
    by: Account,
    confirmed_by: Account | None = None,
) -> Allocation:
    """Fix or change what a plot may yield in a season: bearing area × verified yield per mu. One officer fixes
    it within what is usual of the crop, two fix more, and two raise what was fixed. Raises AllocationBelowHarvest,
    ReasonMissing, YieldAboveCeiling and
    what `check_second_officer` raises."""
    check_authority(by)
    lock_land()
    lock(plot)  # nobody changes its area meanwhile
    check_allocation(plot, season, yield_g_per_mu, reason)
    if confirmed_by or takes_two(plot, season, yield_g_per_mu):
        check_second_officer(by, confirmed_by)
    allocation = _allocate(plot, season, yield_g_per_mu)
    facts = {"season": season.code, "yield_g_per_mu": yield_g_per_mu, "reason": reason.strip()}
    facts |= {"plot": plot.number, "allocated_g": allocation.allocated_g} | as_proposed(by, confirmed_by)
    record(Acted.ALLOCATION_SET, allocation, by=confirmed_by or by, facts=facts)
    return allocation


def lock_land(taking_over: Import | None = None) -> None:
    """Whatever writes growers, plots and allocations waits for one another. While an import of them is taken over, only
    that one writes."""
    db.session.execute(select(Crop.id).order_by(Crop.id).with_for_update(key_share=True))
    check_none_under_way(*ON_LAND, but=taking_over)


def share_land(plot: Plot, taking_over: Import | None = None) -> None:
    """Harvests need not wait for one another, but no import lowers an allocation while they draw on it, and none declares
    harvests of the same plot."""
    db.session.execute(select(Crop.id).filter_by(id=plot.crop_id).with_for_update(read=True))
    check_none_under_way(ImportKind.ALLOCATIONS)
    check_not_named(ImportKind.HARVESTS, [plot.number], but=taking_over)


def grower_added(grower: Party) -> Happening:
    assert grower.area is not None
    return Happening(Acted.GROWER_ADDED, grower, {"area": grower.area.code}, {"name": grower.name})


def find_grower(name: str, area: Area) -> Party | None:
    query = select(Party).filter_by(kind=PartyKind.GROWER, name=name, area_id=area.id)
    return db.session.scalar(query)


def facts_of(plot: Plot) -> dict[str, object]:
    return {
        "number": plot.number,
        "area": plot.area.code,
        "crop": plot.crop.code,
        "measured_m2": plot.measured_m2,
        "bearing_m2": plot.bearing_m2,
        "variety": plot.variety,
        "trees": plot.trees,
    }


def yield_ceiling(crop: Crop) -> CropYield:
    """The ceiling that is in force today."""
    ceiling = find_yield_on(crop, clock.today())
    if ceiling is None:
        raise YieldCeilingUnknown(crop=crop.name)
    return ceiling


def check_allocation(plot: Plot, season: Season, yield_g_per_mu: int, reason: str) -> None:
    check_season_fits_crop(season, two_crops=plot.crop.seasons is Seasons.EARLY_LATE)
    ceiling = yield_ceiling(plot.crop)
    check_yield(
        yield_g_per_mu=yield_g_per_mu,
        ceiling_g_per_mu=ceiling.ceiling_g_per_mu,
        source=ceiling.source,
    )
    if allocation := find_allocation(plot, season):
        check_reason(reason)
        allocated_g = allocation_g(bearing_m2=plot.bearing_m2, yield_g_per_mu=yield_g_per_mu)
        check_new_allocation(asked_g=allocated_g, harvested_g=allocation.harvested_g)


def takes_two(plot: Plot, season: Season, yield_g_per_mu: int) -> bool:
    """Whether more may be harvested than is usual, or than was fixed before."""
    if is_unusual(yield_g_per_mu, yield_ceiling(plot.crop)):
        return True
    before = find_allocation(plot, season)
    allocated_g = allocation_g(bearing_m2=plot.bearing_m2, yield_g_per_mu=yield_g_per_mu)
    return before is not None and allocated_g > before.allocated_g


def is_unusual(yield_g_per_mu: int, ceiling: CropYield) -> bool:
    return yield_g_per_mu > usual_yield(ceiling.ceiling_g_per_mu, ceiling.usual_g_per_mu)


def _allocate(plot: Plot, season: Season, yield_g_per_mu: int) -> Allocation:
    allocation = find_allocation(plot, season)
    allocated_g = allocation_g(bearing_m2=plot.bearing_m2, yield_g_per_mu=yield_g_per_mu)
    if allocation is None:
        allocation = Allocation(plot=plot, season=season.code, harvested_g=0)
        db.session.add(allocation)
    else:
        lock(allocation)  # a harvest may have been declared meanwhile
        check_new_allocation(asked_g=allocated_g, harvested_g=allocation.harvested_g)
    allocation.yield_g_per_mu, allocation.allocated_g = yield_g_per_mu, allocated_g
    return allocation


def _check_plot(facts: PlotFacts) -> None:
    check_areas(measured_m2=facts.measured_m2, bearing_m2=facts.bearing_m2)
    check_inside(facts.area, facts.crop, place=facts.area.name)
    check_plausible(facts.crop, facts.measured_m2, facts.trees)


def check_plausible(crop: Crop, measured_m2: int, trees: int | None) -> None:
    """Raises PlotTooLarge, TooManyTrees."""
    check_plot_size(measured_m2, most_m2=current_app.config["PLOT_MOST_M2"])
    ceiling = find_yield_on(crop, clock.today())
    check_trees(trees, measured_m2=measured_m2, most_per_mu=ceiling.most_trees_per_mu if ceiling else None)


def measured_in(area: Area, *, but: Plot | None = None) -> int:
    """Square metres of all plots in an area and in those that lie within it."""
    within = [place.id for place in areas_within(area)]
    query = select(func.sum(Plot.measured_m2)).where(Plot.area_id.in_(within))
    return int(db.session.scalar(query.where(Plot.id != but.id) if but else query) or 0)


def _check_room(facts: PlotFacts, *, but: Plot | None = None) -> None:
    for area in lineage(facts.area):
        if area.protected_m2 is not None:
            had_m2 = measured_in(area, but=but)
            check_room(area.name, protected_m2=area.protected_m2, had_m2=had_m2, asked_m2=facts.measured_m2)


def _check_number_free(number: str) -> None:
    if found := find_plot(number):
        if found.number == number:
            raise PlotNumberTaken(number=number)
        raise PlotNumberAlike(number_key=found.number)


def _check_own_village(area: Area, by: Account) -> None:
    if by.role is Role.VILLAGE and by.area not in lineage(area):
        raise PlotOutsideVillage(area=area.name)


def _write(plot: Plot, facts: PlotFacts) -> None:
    for name, value in vars(facts).items():
        setattr(plot, name, value)
