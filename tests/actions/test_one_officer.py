"""One officer and one firm: what one account of the authority, or one plot told twice, cannot do alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace import clock
from gi_trace.accounts.officers import SecondOfficerNeeded
from gi_trace.batches.actions import activate_units, order_print_run, register_batch
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.labels import FileOptions
from gi_trace.database import db
from gi_trace.imports.import_proposals import takes_two
from gi_trace.imports.models import ImportState
from gi_trace.registry.models import find_area
from gi_trace.registry.product_actions import change_area
from gi_trace.registry.who_may import OfficerHoldsNoGoods
from gi_trace.stock.actions.ceilings import set_yield_ceiling
from gi_trace.stock.actions.harvests import ask_late_harvest
from gi_trace.stock.actions.import_allocations import fix_one_yield
from gi_trace.stock.actions.import_plots import send_plots
from gi_trace.stock.actions.plots import add_plot, change_plot, set_allocation
from gi_trace.stock.actions.processing import Output, book_loss, book_weighing, process, return_goods
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from gi_trace.stock.models import Plot
from gi_trace.stock.rules.land import (
    PlotTooLarge,
    TooManyTrees,
    VillageFull,
    check_trees,
    typed_key,
)
from gi_trace.stock.rules.seasons import Season
from gi_trace.stock.rules.taken import PlotNumberAlike, PlotNumberTaken
from tests.cast import (
    batch_facts,
    make_batch,
    make_print_run,
    party_of,
    peel_of,
    person,
    right_of,
    store,
    two_officers,
)
from tests.excel import roll_xlsx
from tests.farm import (
    AUTUMN,
    KG,
    crop,
    deliver,
    grower,
    make_fruit,
    make_harvest,
    make_plot,
    material,
    offer,
    plot_facts,
    sell,
    the_plot,
    village,
)
from tests.imports import read

SEASON = Season(2026)
DASHES = "-‐‑‒–—―−－﹣─"


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


@given(
    st.text("AZaz09地", min_size=1, max_size=8),
    st.text("09地", min_size=1, max_size=8),
    st.sampled_from(DASHES),
    st.sampled_from(["", " ", "\u3000", "\u200b", "\xa0"]),
)
def test_a_number_is_the_same_however_it_is_typed(first, second, dash, blank):
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in first)
    assert typed_key(f"{blank}{wide.swapcase()}{blank}{dash}{second}") == typed_key(f"{first}-{second}")


def test_numbers_that_differ_in_more_than_typing_stay_apart():
    assert len({typed_key(number) for number in ("1-12", "11-2", "112", "地-1", "田-1")}) == 5


@pytest.mark.parametrize("number", ["示范－地－1", "示范-地- 1", "示范—地—1", "示范-地-１"])
def test_one_field_is_not_registered_twice_by_typing_its_number_otherwise(number):
    make_plot()
    with pytest.raises(PlotNumberAlike) as refused:
        make_plot(number, owner="示范户乙")
    assert "示范-地-1" in str(refused.value)
    with pytest.raises(PlotNumberTaken):
        make_plot(owner="示范户乙")
    other = make_plot("示范-地-2")
    with pytest.raises(PlotNumberAlike):
        change_plot(other, plot_facts(number), reason="更正", by=person("liang"))


def test_a_file_names_a_plot_however_its_number_is_typed():
    make_plot(trees=100)
    rows = [["示范－地－１", "示范户乙", "示范天马村", "茶枝柑", 3000, 2000, "", 100]]
    sent = read_plots(rows)
    assert sent.state is ImportState.AT_FAULT and db.session.query(Plot).count() == 1
    twice = [["示范-地-7", *rows[0][1:]], ["示范—地—7", *rows[0][1:]]]
    assert read_plots(twice).state is ImportState.AT_FAULT


def read_plots(rows):
    head = [
        "地块编号",
        "种植户",
        "所在村镇",
        "作物",
        "实测面积（平方米）",
        "挂果面积（平方米）",
        "品种",
        "株数",
    ]
    return read(send_plots("地块.xlsx", roll_xlsx(*rows, header=head), same_people=True, by=person("liang")))


def test_a_plot_is_no_larger_than_fields_are(app):
    app.config["PLOT_MOST_M2"] = 10_000
    with pytest.raises(PlotTooLarge):
        make_plot(measured_m2=10_001)
    plot = make_plot(measured_m2=10_000)
    with pytest.raises(PlotTooLarge):
        change_plot(plot, plot_facts(measured_m2=10_001), reason="重测", by=person("liang"))


def test_the_plots_of_a_village_fit_into_its_protected_area():
    change_area(village(), {"protected_m2": 5000}, by=person("zhao"))
    make_plot(measured_m2=3000)
    with pytest.raises(VillageFull) as refused:
        make_plot("示范-地-2", measured_m2=2001)
    assert "超出 1 平方米" in str(refused.value)
    second = make_plot("示范-地-2", measured_m2=2000)
    change_plot(
        second, plot_facts("示范-地-2", measured_m2=2000, bearing_m2=1900), reason="重测", by=person("liang")
    )
    with pytest.raises(VillageFull):
        change_plot(second, plot_facts("示范-地-2", measured_m2=2500), reason="重测", by=person("liang"))
    change_area(find_area("会城"), {"protected_m2": 5000}, by=person("zhao"))
    change_area(village(), {"protected_m2": None}, by=person("zhao"))
    with pytest.raises(VillageFull):  # of the town that it lies in
        make_plot("示范-地-3")


def test_a_file_of_plots_fits_into_the_village_too():
    change_area(village(), {"protected_m2": 5000}, by=person("zhao"))
    rows = [[f"示范-地-{i}", "示范户乙", "示范天马村", "茶枝柑", 3000, 2000, "", 100] for i in (1, 2)]
    assert read_plots(rows[:1]).state is ImportState.READY
    assert read_plots(rows).state is ImportState.AT_FAULT


def test_trees_stand_no_closer_than_they_can():
    check_trees(300, measured_m2=2000, most_per_mu=100)
    with pytest.raises(TooManyTrees):
        check_trees(301, measured_m2=2000, most_per_mu=100)
    check_trees(10**6, measured_m2=2000, most_per_mu=None)
    with pytest.raises(TooManyTrees):
        make_plot(trees=100_000)


def test_one_officer_fixes_the_usual_yield_and_two_a_higher_one():
    plot, told = make_plot(), {"reason": "丰产", "by": person("zhao")}
    with pytest.raises(SecondOfficerNeeded):
        set_allocation(plot, SEASON, yield_g_per_mu=1501 * KG, **told)
    assert set_allocation(plot, SEASON, yield_g_per_mu=1500 * KG, **told).allocated_g == 4500 * KG
    other = make_plot("示范-地-2")
    assert set_allocation(other, SEASON, yield_g_per_mu=1501 * KG, reason="丰产", **two_officers())


def test_what_is_usual_is_what_two_officers_entered():
    source = {"valid_from": clock.today(), "source": "示范依据"}
    with pytest.raises(SecondOfficerNeeded):  # a higher usual loosens, though the ceiling stays
        set_yield_ceiling(crop(), 2000 * KG, usual_g_per_mu=1800 * KG, by=person("zhao"), **source)
    set_yield_ceiling(crop(), 2000 * KG, usual_g_per_mu=1000 * KG, by=person("zhao"), **source)
    with pytest.raises(SecondOfficerNeeded):
        set_allocation(make_plot(), SEASON, yield_g_per_mu=1001 * KG, reason="", by=person("zhao"))


def test_many_allocations_above_the_usual_take_two_as_one_does():
    make_plot()
    told = {"area": None, "which": "all", "reason": "丰产", "by": person("zhao")}
    assert not takes_two(read(fix_one_yield(crop(), SEASON, yield_g_per_mu=1500 * KG, **told)))
    assert takes_two(read(fix_one_yield(crop(), SEASON, yield_g_per_mu=1501 * KG, **told)))


def test_who_fixes_what_may_be_picked_neither_picks_nor_takes_nor_works_it():
    """One account of the authority gave 10,000 t on 3 mu: allocation, harvest and acceptance."""
    zhao, plot = person("zhao"), the_plot()
    harvest, fruit = make_harvest(), make_fruit()
    offered = offer(harvest.lot, KG, to="lin", by="liang")
    tried = [
        lambda: make_harvest(by=zhao),
        lambda: ask_late_harvest(
            plot, KG, clock.today().replace(month=10, day=1), crop=crop(), reason="补报", by=zhao
        ),
        lambda: offer_transfer(harvest.lot, party_of("lin"), KG, by=zhao),
        lambda: accept_transfer(offered, site=store(), by=zhao),
        lambda: process(fruit, 20 * KG, Output(material("dry-peel"), KG, store()), by=zhao),
        lambda: book_loss(fruit, KG, reason="腐烂", by=zhao),
    ]
    for act in tried:
        with pytest.raises(OfficerHoldsNoGoods):
            act()
        db.session.rollback()
    assert add_plot(grower(), plot_facts("示范-地-9"), by=zhao)  # land is the authority's to keep
    assert deliver(harvest.lot, KG).balance_g == KG


def test_who_grants_the_mark_neither_packs_under_it_nor_prints_its_labels():
    zhao, peel, run = person("zhao"), peel_of("lin"), make_print_run(make_batch())
    sold = sell(peel, KG)
    tried = [
        lambda: register_batch(right_of("lin"), batch_facts(own_number="A-2"), [(peel, 25 * KG)], by=zhao),
        lambda: order_print_run(run.batch, 1, by=zhao),
        lambda: begin_download(run, FileOptions("csv"), reason="再次", by=zhao),
        lambda: activate_units(run, 1, 1, by=zhao),
        lambda: return_goods(sold, KG, reason="退回", by=zhao),
        lambda: book_weighing(peel, KG, by=zhao),
    ]
    for act in tried:
        with pytest.raises(OfficerHoldsNoGoods):
            act()
        db.session.rollback()
