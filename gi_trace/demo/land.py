"""Plots, what is picked on them, and the peel and rice that is made of it."""

from dataclasses import dataclass, field
from datetime import date

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.demo.people import DemoPeople, Firm, get_product, photo
from gi_trace.registry.models import Area, Seasons
from gi_trace.registry.product_actions import change_product
from gi_trace.stock.actions.ceilings import set_yield_ceiling
from gi_trace.stock.actions.harvests import declare_harvest
from gi_trace.stock.actions.opening import OnSiteFacts, confirm_on_site_check, record_on_site_check
from gi_trace.stock.actions.plots import PlotFacts, add_grower, add_plot, add_site, set_allocation
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from gi_trace.stock.models import Lot, Plot, Site, find_allocation
from gi_trace.stock.rules.seasons import PeelKind, season_of

KG = 1000


@dataclass
class Trade:
    """What a firm buys and keeps: its site, the plot that it buys from, its peel by the year of picking, its rice by
    the day."""

    firm: Firm
    site: Site
    plot: Plot
    picker: Account
    peel: dict[int, Lot] = field(default_factory=dict)
    stored: dict[date, Lot] = field(default_factory=dict)

    def buy(self, weight_g: int, peel_kind: PeelKind | None = None) -> Lot:
        """Picked today, offered and accepted: a lot at the firm's site."""
        crop = self.plot.crop
        harvest = declare_harvest(
            self.plot, weight_g, clock.today(), crop=crop, by=self.picker, peel_kind=peel_kind
        )
        transfer = offer_transfer(harvest.lot, self.firm.party, weight_g, by=self.picker)
        return accept_transfer(transfer, site=self.site, by=self.firm.clerk)

    def allocate(self, yield_g_per_mu: int, officer: Account) -> None:
        """Once a season."""
        season = season_of(clock.today(), two_crops=self.plot.crop.seasons is Seasons.EARLY_LATE)
        if find_allocation(self.plot, season) is None:
            set_allocation(self.plot, season, yield_g_per_mu=yield_g_per_mu, reason="", by=officer)


@dataclass(frozen=True)
class Trades:
    lin: Trade
    orchard: Trade
    store: Trade
    mill: Trade


def enter_land(people: DemoPeople) -> Trades:
    _close_opening_stock(people.officer)
    village, single = people.village, people.single_village
    first = _citrus("示范户甲（演示）", "示范-柑-001", people.many, village)
    second = _citrus("示范户乙（演示）", "示范-柑-002", people.many, village)
    third = _citrus("示范户丙（演示）", "示范-柑-003", people.single, single)
    town = people.many.within
    return Trades(
        lin=Trade(people.lin, _site(people.lin, "会城示范仓", town), first, village),
        orchard=Trade(people.orchard, _site(people.orchard, "示范晒场仓", town), third, single),
        store=Trade(people.store, _site(people.store, "示范老仓", town), second, village),
        mill=_paddy(people),
    )


def _close_opening_stock(officer: Account) -> None:
    """Two inspectors are enough until then."""
    product = get_product("xinhui-chenpi")
    until = date(clock.today().year + 10, 12, 31)
    change_product(product, {"name": product.name, "opening_stock_until": until}, by=officer)


def old_peel(site: Site, people: DemoPeople, weight_g: int, *, claimed_year: int, number: str) -> Lot:
    """Peel older than the system, seen by both inspectors."""
    first, second = people.inspectors
    product, today = get_product("xinhui-chenpi"), clock.today()
    facts = OnSiteFacts(product, site, weight_g, claimed_year, today, number, founded_year=today.year - 15)
    return confirm_on_site_check(record_on_site_check(facts, [photo(of=number)], by=first), by=second)


def _citrus(name: str, number: str, area: Area, by: Account) -> Plot:
    crop = get_product("xinhui-chenpi").material.crop
    facts = PlotFacts(number, area, crop, 3000, 2000, "大种油身", 240)
    return add_plot(add_grower(name, area, by=by), facts, by=by)


def _paddy(people: DemoPeople) -> Trade:
    """The paddy's ceiling is the demo's own, since no source gives one."""
    product = get_product("taishan-rice")
    crop, area = product.material.crop, product.areas[0]
    source = "示范数据，非真实上限（演示）"
    set_yield_ceiling(crop, 600 * KG, valid_from=date(2015, 1, 1), source=source, **people.both)
    grower = add_grower("示范户丁（演示）", area, by=people.rice_village)
    facts = PlotFacts("示范-稻-001", area, crop, 20_000, 18_000, "丝苗")
    plot = add_plot(grower, facts, by=people.rice_village)
    return Trade(people.mill, _site(people.mill, "示范米厂", area), plot, people.rice_village)


def _site(firm: Firm, name: str, area: Area | None) -> Site:
    return add_site(firm.party, name, area=area, address="示范路 1 号（演示）", by=firm.clerk)
