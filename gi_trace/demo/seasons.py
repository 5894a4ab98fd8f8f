"""The years of the trade: peel of six seasons, fresh fruit and rice of the last three, rights, and what was packed and
checked of it. `year` is the one in which the demo is loaded; all that it tells is before that day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gi_trace import clock
from gi_trace.demo.land import KG, Trade, Trades, old_peel
from gi_trace.demo.packing import looked_at, pack
from gi_trace.demo.people import DemoPeople, Firm, get_product
from gi_trace.demo.playing import Story
from gi_trace.registry.actions import grant_authorisation
from gi_trace.registry.models import Authorisation
from gi_trace.registry.rules import Basis
from gi_trace.stock.actions.holds import LabReport, report_test
from gi_trace.stock.actions.processing import Output, book_weighing, process
from gi_trace.stock.models import Lot
from gi_trace.stock.rules.seasons import PeelKind

PEEL_SEASONS, LAST_SEASONS = range(-6, 0), range(-3, 0)  # years before this one


@dataclass
class Rights:
    """By the word that the stories call them by."""

    lin: Authorisation
    lin_mark: Authorisation
    lin_fruit: Authorisation
    orchard: Authorisation
    store: Authorisation
    mill: Authorisation


def grant(
    firm: Firm,
    product: str,
    number: str,
    officer: DemoPeople,
    *,
    ends_on: date | None = None,
    basis: Basis | None = None,
) -> Authorisation:
    """From today on."""
    granted = get_product(product)
    return grant_authorisation(
        firm.party,
        granted,
        basis or granted.bases[0].basis,
        number=f"示范公告第 {number} 号",
        starts_on=clock.today(),
        ends_on=ends_on,
        by=officer.officer,
    )


def grant_rights(people: DemoPeople, today: date) -> Rights:
    """Some end soon, some later, some never."""
    soon, later = today + timedelta(days=45), date(today.year + 2, 12, 31)
    return Rights(
        lin=grant(people.lin, "xinhui-chenpi", "1", people),
        lin_mark=grant(people.lin, "xinhui-chenpi", "2", people, ends_on=later, basis=Basis.CERTIFICATION),
        lin_fruit=grant(people.lin, "xinhui-gan", "3", people, ends_on=later),
        orchard=grant(people.orchard, "xinhui-chenpi", "4", people, ends_on=soon),
        store=grant(people.store, "xinhui-chenpi", "5", people, ends_on=later),
        mill=grant(people.mill, "taishan-rice", "6", people, ends_on=later),
    )


def years_of(people: DemoPeople, trades: Trades, rights: Rights, year: int) -> Iterator[Story]:
    """All of these stories."""
    bought = ((trades.lin, 2000 * KG), (trades.orchard, 2400 * KG), (trades.store, 1500 * KG))
    for trade, fruit_g in bought:
        for picked in PEEL_SEASONS:
            yield peel_of(year + picked, trade, fruit_g * (10 + picked) // 8, people)
    for picked in LAST_SEASONS:
        yield fruit_of(year + picked, trades.lin, rights.lin_fruit, people)
        yield rice_of(date(year + picked, 7, 20), f"{year + picked}-早", trades.mill, rights.mill, people)
        yield rice_of(date(year + picked, 11, 12), f"{year + picked}-晚", trades.mill, rights.mill, people)
    for packed in (-2, -1):
        for trade, right, name in (
            (trades.lin, rights.lin, "林记"),
            (trades.orchard, rights.orchard, "柑园"),
            (trades.store, rights.store, "老仓"),
        ):
            yield packs_of(
                date(year + packed, 3, 8), trade, right, f"示范-{name}-{year + packed}-1", year + packed
            )
            yield packs_of(
                date(year + packed, 9, 6), trade, right, f"示范-{name}-{year + packed}-2", year + packed
            )
    yield old_packs_of(date(year - 2, 1, 15), trades.lin, rights.lin, people)


def peel_of(year: int, trade: Trade, fruit_g: int, people: DemoPeople) -> Story:
    """Picked and dried in December, tested, and weighed again a year later."""
    yield date(year, 11, 26)
    trade.allocate(1400 * KG, people.officer)
    picked_on = date(year, 12, 5)
    yield picked_on
    fruit = trade.buy(fruit_g, PeelKind.RED)
    yield picked_on + timedelta(days=10)
    material = get_product("xinhui-chenpi").material
    peel = process(fruit, fruit_g, Output(material, fruit_g * 46 // 1000, trade.site), by=trade.firm.clerk)
    trade.peel[year] = peel
    yield picked_on + timedelta(days=40)
    number = f"示范检字 {year}-{peel.id} 号"
    report_test(peel, LabReport(number, "示范检验所", clock.today(), passed=True), by=people.officer)
    yield picked_on + timedelta(days=375)
    book_weighing(peel, peel.balance_g * 98 // 100, by=trade.firm.clerk)


def fruit_of(year: int, trade: Trade, right: Authorisation, people: DemoPeople) -> Story:
    """新会柑 of December, sold within weeks."""
    yield date(year, 12, 8)
    trade.allocate(1400 * KG, people.officer)
    fruit = trade.buy(500 * KG)
    number = f"示范-柑-{year}"
    batch = pack(right, [(fruit, 500 * KG)], trade.firm.clerk, number=number, net_weight_g=2500, used=180)
    yield from looked_at(batch, 180, 24, days=40)


def rice_of(picked_on: date, season: str, trade: Trade, right: Authorisation, people: DemoPeople) -> Story:
    """台山大米 of an early or late crop, from paddy to packs."""
    yield picked_on - timedelta(days=20)
    trade.allocate(400 * KG, people.officer)
    yield picked_on
    paddy = trade.buy(3000 * KG)
    yield picked_on + timedelta(days=12)
    material = get_product("taishan-rice").material
    rice = process(paddy, 3000 * KG, Output(material, 1950 * KG, trade.site), by=trade.firm.clerk)
    trade.stored[picked_on] = rice
    draws = [(rice, 1500 * KG)]
    batch = pack(right, draws, trade.firm.clerk, number=f"示范-米-{season}", net_weight_g=5000, used=280)
    yield from looked_at(batch, 280, 30, days=300)


def packs_of(packed_on: date, trade: Trade, right: Authorisation, number: str, year: int) -> Story:
    """新会陈皮 of the youngest peel that was old enough by then."""
    yield packed_on
    peel = trade.peel[year - 4]
    batch = pack(right, [(peel, 8 * KG)], trade.firm.clerk, number=number, net_weight_g=100, used=72)
    yield from looked_at(batch, 72, 26)


def old_packs_of(packed_on: date, trade: Trade, right: Authorisation, people: DemoPeople) -> Story:
    """Of peel that was there before the system, by the year that the firm claims."""
    yield packed_on
    old = opening(trade, people, packed_on.year - 8)
    batch = pack(right, [(old, 12 * KG)], trade.firm.clerk, number="示范-申报-01", net_weight_g=250, used=24)
    yield from looked_at(batch, 24, 12)


def opening(trade: Trade, people: DemoPeople, claimed_year: int) -> Lot:
    number = f"示范旧系统-{trade.site.id}-{claimed_year}-{clock.today():%Y%m%d}"
    return old_peel(trade.site, people, 300 * KG, claimed_year=claimed_year, number=number)
