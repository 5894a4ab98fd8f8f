"""Growers, plots and what the authority lets them yield."""

from datetime import date

import pytest

from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.record.models import PersonalValue, RecordRow
from gi_trace.registry.models import find_area
from gi_trace.registry.rules import ReasonMissing
from gi_trace.registry.taken import GrowerTaken
from gi_trace.stock.actions.ceilings import set_yield_ceiling
from gi_trace.stock.actions.plots import (
    CropIsFixed,
    PlotOutsideVillage,
    YieldCeilingUnknown,
    add_grower,
    add_site,
    change_plot,
    set_allocation,
)
from gi_trace.stock.models import plots_of
from gi_trace.stock.places import OutsideArea
from gi_trace.stock.rules.harvests import (
    AllocationBelowHarvest,
    AreaInvalid,
    BearingAreaTooLarge,
    YieldAboveCeiling,
)
from gi_trace.stock.rules.seasons import Season, SeasonPart, SeasonUnknown
from gi_trace.stock.rules.taken import PlotNumberTaken, SiteNameTaken
from tests.cast import party_of, person, store, two_officers
from tests.farm import (
    AUTUMN,
    KG,
    crop,
    grower,
    make_allocated_plot,
    make_harvest,
    make_paddy_plot,
    make_plot,
    plot_facts,
    village,
)

SEASON = Season(2026)


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def allocate(plot, kg_per_mu, *, season=SEASON, reason=""):
    return set_allocation(plot, season, yield_g_per_mu=kg_per_mu * KG, reason=reason, **two_officers())


def test_a_growers_name_stays_out_of_the_hashed_record():
    grower("示范户乙")
    row = db.session.query(RecordRow).filter_by(act="grower.added").one()
    assert "示范户乙" not in row.body
    assert db.session.get(PersonalValue, (row.number, "name")).value == "示范户乙"


def test_growers_of_one_village_have_different_names():
    grower()
    with pytest.raises(GrowerTaken):
        add_grower(" 示范户甲 ", village(), by=person("liang"))


def test_a_village_account_acts_for_its_own_village_only():
    with pytest.raises(Forbidden):
        add_grower("示范户丙", find_area("大泽"), by=person("liang"))
    assert add_grower("示范户丙", find_area("大泽"), by=person("zhao")).uscc is None
    with pytest.raises(Forbidden):
        add_grower("示范户丁", village(), by=person("lin"))


def test_a_plot_lies_inside_the_area_of_its_crop():
    assert make_plot().area is village()
    for changes in ({"area": find_area("台山市")}, {"crop": crop("paddy")}):
        with pytest.raises(OutsideArea):
            make_plot("示范-地-2", **changes)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"bearing_m2": 3001}, BearingAreaTooLarge),
        ({"bearing_m2": 0}, AreaInvalid),
        ({"measured_m2": 10**10}, AreaInvalid),
    ],
)
def test_areas_that_cannot_be_are_refused(changes, refusal):
    with pytest.raises(refusal):
        make_plot(**changes)


def test_a_plot_number_is_used_once():
    make_plot()
    with pytest.raises(PlotNumberTaken):
        make_plot(owner="示范户乙")


def test_a_plot_is_put_right_with_a_reason():
    plot = make_plot()
    with pytest.raises(ReasonMissing):
        change_plot(plot, plot_facts(bearing_m2=1500), reason="", by=person("liang"))
    change_plot(plot, plot_facts(bearing_m2=1500), reason="重测", by=person("liang"))
    row = db.session.query(RecordRow).filter_by(act="plot.changed").one()
    assert (row.facts["before"]["bearing_m2"], row.facts["after"]["bearing_m2"]) == (2000, 1500)


def test_an_allocation_is_bearing_area_times_the_verified_yield():
    allocation = allocate(make_plot(), 1430)
    assert allocation.allocated_g == 4290 * KG


def test_a_yield_above_the_crops_ceiling_is_refused():
    with pytest.raises(YieldAboveCeiling):
        allocate(make_plot(), 2001)


def test_changing_an_allocation_needs_a_reason_and_never_goes_below_the_harvest():
    plot = make_plot()
    allocate(plot, 1000)
    with pytest.raises(ReasonMissing):
        allocate(plot, 1100)
    make_harvest(2000 * KG)
    with pytest.raises(AllocationBelowHarvest) as refused:
        allocate(plot, 600, reason="减产")
    assert "还差 200 千克" in str(refused.value)
    assert allocate(plot, 1100, reason="复核").left_g == 1300 * KG


def test_rice_is_allocated_by_crop_and_needs_a_ceiling_with_a_source():
    plot = make_paddy_plot()
    late = Season(2026, SeasonPart.LATE)
    with pytest.raises(YieldCeilingUnknown):
        allocate(plot, 380, season=late)
    set_yield_ceiling(plot.crop, 600 * KG, valid_from=date(2026, 1, 1), source="示范", **two_officers())
    with pytest.raises(SeasonUnknown):
        allocate(plot, 380, season=SEASON)
    assert allocate(plot, 380, season=late).allocated_g == 1140 * KG


def test_a_partys_sites_have_different_names():
    store()
    with pytest.raises(SiteNameTaken):
        add_site(party_of("lin"), "会城示范仓", area=None, address="", by=person("lin"))
    with pytest.raises(Forbidden):
        add_site(party_of("lin"), "别人的仓", area=None, address="", by=person("wu"))


def test_a_growers_plots_are_listed():
    make_plot("示范-地-2")
    make_plot("示范-地-1")
    assert [plot.number for plot in plots_of(grower())] == ["示范-地-1", "示范-地-2"]


def test_a_village_registers_plots_of_its_own_village_only():
    with pytest.raises(PlotOutsideVillage, match="大鳌"):
        make_plot(area=find_area("大鳌"))


def test_the_crop_of_a_plot_with_an_allocation_stays():
    plot = make_allocated_plot()
    facts = plot_facts(plot.number, crop=crop("paddy"))
    with pytest.raises(CropIsFixed):
        change_plot(plot, facts, reason="错记", by=person("zhao"))
