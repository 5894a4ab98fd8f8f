"""The land and stock of the cast: Liang's village has a grower with a citrus plot, Lin and Wu have stores."""

from collections.abc import Iterable
from datetime import date

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import Area, Crop, Material, Party, find_area
from gi_trace.stock.actions.harvests import declare_harvest
from gi_trace.stock.actions.plots import (
    PlotFacts,
    add_grower,
    add_plot,
    find_grower,
    set_allocation,
)
from gi_trace.stock.actions.processing import OtherUse, Output, process, return_goods, use_otherwise
from gi_trace.stock.actions.reshaping import blend_lots
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from gi_trace.stock.chain import ancestor_ids
from gi_trace.stock.models import ActKind, Harvest, Lot, Plot, StockAct, Transfer, plots_of
from gi_trace.stock.models.reads import acts_of
from gi_trace.stock.rules.seasons import PeelKind, Season, peel_window, season_of
from tests.cast import party_of, person, store

KG = 1000
AUTUMN = "2026-11-24T08:00Z"


def village() -> Area:
    area = find_area("示范天马村")
    assert area is not None
    return area


def crop(code: str = "citrus") -> Crop:
    return db.session.query(Crop).filter_by(code=code).one()


def material(code: str) -> Material:
    return db.session.query(Material).filter_by(code=code).one()


def grower(name: str = "示范户甲") -> Party:
    return find_grower(name, village()) or add_grower(name, village(), by=person("liang"))


def plot_facts(number: str = "示范-地-1", **changes: object) -> PlotFacts:
    facts = {"number": number, "area": village(), "crop": crop(), "measured_m2": 3000, "bearing_m2": 2000}
    return PlotFacts(**(facts | changes))  # type: ignore[arg-type]


def make_plot(number: str = "示范-地-1", *, owner: str = "示范户甲", **changes: object) -> Plot:
    """2,000 m² (3 mu) of bearing citrus, without an allocation."""
    return add_plot(grower(owner), plot_facts(number, **changes), by=person("liang"))


def make_allocated_plot(number: str = "示范-地-1", *, allocated_kg: int = 4500, **changes: object) -> Plot:
    """3 mu of citrus that may bear `allocated_kg` in the season of today."""
    plot = make_plot(number, **changes)
    season = season_of(clock.today(), two_crops=False)
    set_allocation(plot, season, yield_g_per_mu=allocated_kg * KG // 3, reason="", by=person("zhao"))
    return plot


def make_paddy_plot(number: str = "示范-田-1") -> Plot:
    """3 mu of paddy in Taishan, for which the authority acts."""
    taishan = find_area("台山市")
    assert taishan is not None
    name = "示范户戊"
    farmer = find_grower(name, taishan) or add_grower(name, taishan, by=person("zhao"))
    return add_plot(farmer, plot_facts(number, area=taishan, crop=crop("paddy")), by=person("zhao"))


def the_plot() -> Plot:
    """The grower's first plot, made with an allocation of 4,500 kg when there is none."""
    return next(iter(plots_of(grower())), None) or make_allocated_plot()


def kinds_on(day: date, season: Season) -> list[PeelKind]:
    """The kinds of peel that fruit picked on a day may give: one from 立秋 on."""
    windows = {kind: peel_window(kind, season) for kind in PeelKind}
    return [kind for kind, (first, last) in windows.items() if first <= day <= last]


def harvests_of(lots: Iterable[int]) -> list[Harvest]:
    """The harvests at the beginning of these lots (ids)."""
    return db.session.query(Harvest).filter(Harvest.lot_id.in_(ancestor_ids(lots))).all()


def make_harvest(weight_g: int = 1000 * KG, picked_on: date | None = None, **changes: object) -> Harvest:
    """大红皮 fruit of today unless said otherwise."""
    details = {"crop": crop(), "peel_kind": PeelKind.RED, "by": person("liang")}
    day = picked_on or clock.today()
    return declare_harvest(the_plot(), weight_g, day, **(details | changes))  # type: ignore[arg-type]


def offer(lot: Lot, weight_g: int, *, to: str, by: str) -> Transfer:
    return offer_transfer(lot, party_of(to), weight_g, by=person(by))


def deliver(lot: Lot, weight_g: int, *, to: str = "lin", by: str = "liang") -> Lot:
    """The whole way of a transfer."""
    return accept_transfer(offer(lot, weight_g, to=to, by=by), site=store(to), by=person(to))


def sell(lot: Lot, weight_g: int, **changes: object) -> StockAct:
    """Loose, by Lin unless said."""
    details = {"by": person("lin")} | changes
    return db.session.get_one(StockAct, use_otherwise(lot, weight_g, OtherUse.LOOSE_SALE, **details))  # type: ignore[arg-type]


def last_sale_of(lot: Lot) -> StockAct:
    """Of those that stand; any act where nothing was sold, which is then refused."""
    acts = [act for act, _grams in acts_of(lot)]
    undone = {act.reverses for act in acts}
    sales = [act for act in acts if act.kind is ActKind.OTHER_USE and not act.reverses]
    return next((act for act in reversed(sales) if act.act_number not in undone), acts[0])


def bring_back(lot: Lot, weight_g: int, **changes: object) -> Lot:
    """What was sold last of a lot, by Lin unless said. Returns the lot that it is in."""
    sale = last_sale_of(lot)
    details = {"reason": "退货", "by": person("lin")} | changes
    return return_goods(sale, weight_g, **details)  # type: ignore[arg-type]


def make_fruit(weight_g: int = 1000 * KG, owner: str = "lin") -> Lot:
    """Fresh citrus of the season in an enterprise's store."""
    return deliver(make_harvest(weight_g).lot, weight_g, to=owner)


def make_peel(weight_g: int = 50 * KG, owner: str = "lin") -> Lot:
    """Dry peel of today, made of twenty times its weight of fruit."""
    fruit = make_fruit(weight_g * 20, owner)
    return process(
        fruit, weight_g * 20, Output(material("dry-peel"), weight_g, store(owner)), by=person(owner)
    )


def blended(draws: list[tuple[Lot, int]], by: str = "lin") -> Lot:
    """With a yes to each lot."""
    return blend_lots(draws, by=person(by), agreed=[lot.id for lot, _ in draws])


def make_peel_of(season: Season, weight_g: int = 50 * KG) -> Lot:
    """Dry peel of a later season, whose allocation the plot gets first."""
    set_allocation(the_plot(), season, yield_g_per_mu=1500 * KG, reason="", by=person("zhao"))
    return make_peel(weight_g)
