"""Fictional stock for the demo: a chain for each product, old peel, a blend, a hold and a harvest refused.

The peel's chain began years ago, so those acts are played on the days on which they would have happened.
"""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from PIL import Image

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.actions import BatchFacts, activate_units, order_print_run, register_batch
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.labels import FileOptions
from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.registry.actions import grant_authorisation
from gi_trace.registry.models import Area, Authorisation, Party, Product, Seasons, find_product
from gi_trace.stock.actions.ceilings import set_yield_ceiling
from gi_trace.stock.actions.harvests import declare_harvest
from gi_trace.stock.actions.holds import LabReport, report_test
from gi_trace.stock.actions.opening import OnSiteFacts, confirm_on_site_check, record_on_site_check
from gi_trace.stock.actions.plots import PlotFacts, add_grower, add_plot, add_site, set_allocation
from gi_trace.stock.actions.processing import Output, book_weighing, process
from gi_trace.stock.actions.reshaping import blend_lots, split_lot
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from gi_trace.stock.models import Lot, Plot, Site
from gi_trace.stock.rules.harvests import AllocationExceeded
from gi_trace.stock.rules.seasons import PeelKind, season_of

KG = 1000
TRACED = "示范-陈皮-01"  # the firm's number of the batch whose whole chain the record has seen
PAST_HARVESTS = (2021, 2022)


@dataclass(frozen=True)
class DemoPeople:
    """Who acts in the demo: two officers, two inspectors, a village account, and two firms with a clerk each."""

    officer: Account
    reviewer: Account
    inspectors: tuple[Account, Account]
    village: Account
    clerk: Account
    miller: Account


@dataclass
class DemoFarm:
    """A grower's plot and the site of the firm that buys from it."""

    plot: Plot
    site: Site
    village: Account
    clerk: Account

    def deliver(self, weight_g: int, peel_kind: PeelKind | None = None) -> Lot:
        """Picked today, offered and accepted: a lot at the firm's site."""
        crop = self.plot.crop
        harvest = declare_harvest(
            self.plot, weight_g, clock.today(), crop=crop, by=self.village, peel_kind=peel_kind
        )
        transfer = offer_transfer(harvest.lot, self.site.party, weight_g, by=self.village)
        return accept_transfer(transfer, site=self.site, by=self.clerk)

    def allocate(self, yield_g_per_mu: int, officer: Account) -> None:
        season = season_of(clock.today(), two_crops=self.plot.crop.seasons is Seasons.EARLY_LATE)
        set_allocation(self.plot, season, yield_g_per_mu=yield_g_per_mu, reason="", by=officer)


def load_demo_peel(people: DemoPeople, area: Area) -> tuple[DemoFarm, list[Lot]]:
    """The plot of a grower in `area` and Lin's peel of earlier seasons, each act on its own day."""
    with clock.played_at(datetime(2021, 11, 20, 2, tzinfo=UTC)):
        farm = _citrus_farm(people, area)
    return farm, [_peel_of(year, farm, people) for year in PAST_HARVESTS]


def load_demo_stock(people: DemoPeople, farm: DemoFarm, peel: list[Lot], right: Authorisation) -> None:
    """Everything of today; the right is Lin's to 新会陈皮."""
    _pack(right, peel[0], 100, 120, TRACED, people.clerk)
    old = load_old_peel(farm.site, people, claimed_year=2016, outside_number="示范旧系统-002")
    blend = blend_lots([(peel[0], 5 * KG), (old, 20 * KG)], by=people.clerk, agreed=[old.id])
    _pack(right, blend, 200, 50, "示范-拼配-01", people.clerk)
    _hold_a_part(peel[1], people)
    _fresh_fruit(farm, people)
    _rice(people)


def load_old_peel(site: Site, people: DemoPeople, *, claimed_year: int, outside_number: str) -> Lot:
    """Peel older than the system, seen by both inspectors."""
    product = _product("xinhui-chenpi")
    facts = OnSiteFacts(product, site, 300 * KG, claimed_year, clock.today(), outside_number)
    first, second = people.inspectors
    return confirm_on_site_check(record_on_site_check(facts, [_photo()], by=first), by=second)


def _citrus_farm(people: DemoPeople, area: Area) -> DemoFarm:
    crop = _product("xinhui-chenpi").material.crop
    grower = add_grower("示范户甲（演示）", area, by=people.village)
    facts = PlotFacts("示范-柑-001", area, crop, 3000, 2000, "大种油身", 240)
    plot = add_plot(grower, facts, by=people.village)
    town = area.within or area
    site = add_site(_party(people.clerk), "会城示范仓", area=town, address="示范路 1 号", by=people.clerk)
    return DemoFarm(plot, site, people.village, people.clerk)


def _peel_of(year: int, farm: DemoFarm, people: DemoPeople) -> Lot:
    """Picked and dried in December of a year, and weighed again a year later."""
    picked_at = datetime(year, 12, 5, 2, tzinfo=UTC)
    with clock.played_at(picked_at):
        farm.allocate(1400 * KG, people.officer)
        fruit = farm.deliver(1000 * KG, PeelKind.RED)
    with clock.played_at(picked_at + timedelta(days=10)):
        output = Output(_product("xinhui-chenpi").material, 46 * KG, farm.site)
        peel = process(fruit, 1000 * KG, output, by=people.clerk)
    with clock.played_at(picked_at + timedelta(days=375)):
        book_weighing(peel, 45 * KG, by=people.clerk)
    return peel


def _hold_a_part(peel: Lot, people: DemoPeople) -> None:
    """A failed report on a part of a lot stops that part and leaves the rest."""
    part = split_lot(peel, [8 * KG], by=people.clerk)[0]
    facts = LabReport("示范检字第 1 号", "示范检验所", clock.today(), passed=False, notes="水分超标（演示）")
    report_test(part, facts, by=people.officer)


def _fresh_fruit(farm: DemoFarm, people: DemoPeople) -> None:
    """新会柑 of today, and a harvest that the plot's allocation refuses."""
    farm.allocate(1200 * KG, people.officer)
    right = _grant(people.clerk, "xinhui-gan", people.officer)
    _pack(right, farm.deliver(500 * KG), 2500, 40, "示范-柑-01", people.clerk)
    try:
        farm.deliver(4000 * KG)
    except AllocationExceeded:
        db.session.rollback()


def _rice(people: DemoPeople) -> None:
    """台山大米 from paddy to packs; the paddy's ceiling is the demo's own, since no source gives one."""
    product = _product("taishan-rice")
    crop, area = product.material.crop, product.areas[0]
    source = "示范数据，非真实上限（演示）"
    set_yield_ceiling(
        crop,
        600 * KG,
        valid_from=date(2015, 1, 1),
        source=source,
        by=people.officer,
        confirmed_by=people.reviewer,
    )
    grower = add_grower("示范户乙（演示）", area, by=people.officer)
    facts = PlotFacts("示范-稻-001", area, crop, 20_000, 18_000, "丝苗")
    plot = add_plot(grower, facts, by=people.officer)
    mill = _party(people.miller)
    site = add_site(mill, "示范米厂", area=area, address="示范路 9 号", by=people.miller)
    farm = DemoFarm(plot, site, people.officer, people.miller)
    farm.allocate(400 * KG, people.officer)
    paddy = farm.deliver(3000 * KG)
    rice = process(paddy, 3000 * KG, Output(product.material, 1950 * KG, site), by=people.miller)
    right = _grant(people.miller, "taishan-rice", people.officer)
    _pack(right, rice, 5000, 200, "示范-米-01", people.miller)


def _pack(right: Authorisation, lot: Lot, net_weight_g: int, units: int, number: str, by: Account) -> Batch:
    today = clock.today()
    best_before = today + timedelta(days=365) if right.product.has_best_before else None
    facts = BatchFacts(number, net_weight_g, units, today, best_before)
    batch = register_batch(right, facts, [(lot, units * net_weight_g)], by=by, agreed=[lot.id])
    label_packs(batch, units // 2, by)
    return batch


def label_packs(batch: Batch, used: int, by: Account) -> None:
    """Labels for all its packs, so many of them in use."""
    run = order_print_run(batch, batch.units, by=by)
    begin_download(run, FileOptions("pdf"), reason="", by=by)
    activate_units(run, 1, used, by=by)


def _grant(clerk: Account, code: str, officer: Account) -> Authorisation:
    product = _product(code)
    basis = product.bases[0].basis
    return grant_authorisation(
        _party(clerk),
        product,
        basis,
        number="示范公告第 2 号",
        starts_on=clock.today(),
        ends_on=None,
        by=officer,
    )


def _party(account: Account) -> Party:
    assert account.party is not None
    return account.party


def _product(code: str) -> Product:
    product = find_product(code)
    assert product is not None
    return product


def _photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "peru").save(content, "JPEG")
    return content.getvalue()
