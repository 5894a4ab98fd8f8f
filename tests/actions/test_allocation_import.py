"""Allocations of many plots at once: one yield for all of a place, or a file that went out with the plots."""

import io
from datetime import date

import openpyxl
import pytest

from gi_trace.database import db
from gi_trace.imports.actions import ImportUnderWay
from gi_trace.imports.models import Import, ImportState, prepared_rows
from gi_trace.jobs.actions import Superseded
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import find_area
from gi_trace.stock.actions.ceilings import set_yield_ceiling
from gi_trace.stock.actions.import_allocations import fix_one_yield, send_yields, yield_template
from gi_trace.stock.actions.plots import YieldCeilingUnknown, add_plot, set_allocation
from gi_trace.stock.models import Allocation, Plot
from gi_trace.stock.rules.harvests import YieldAboveCeiling
from gi_trace.stock.rules.seasons import Season, SeasonPart, SeasonUnknown
from tests.cast import person, two_officers
from tests.excel import roll_xlsx, saved
from tests.farm import AUTUMN, KG, crop, grower, make_harvest, make_plot, plot_facts
from tests.imports import as_it_is, read, taken_over, the_fault

SEASON, NEXT = Season(2026), Season(2027)
YIELD = "核定亩产（千克）"


@pytest.fixture(autouse=True)
def two_plots(app, at):
    at(AUTUMN)
    make_plot("示范-地-1")
    make_plot("示范-地-2", bearing_m2=1000)


def fix(kg_per_mu, *, season=SEASON, which="missing", reason="", area=None):
    return read(
        fix_one_yield(
            crop(),
            season,
            area=area,
            which=which,
            yield_g_per_mu=kg_per_mu * KG,
            reason=reason,
            by=person("zhao"),
        )
    )


def send_file(*rows, season=SEASON, reason=""):
    content = roll_xlsx(*rows, header=["地块编号", YIELD])
    return read(send_yields("核定.xlsx", content, crop(), season, reason=reason, by=person("zhao")))


def allocations(season=SEASON):
    query = db.session.query(Plot.number, Allocation.allocated_g).join(Allocation.plot)
    return {number: grams // KG for number, grams in query.filter(Allocation.season == season.code)}


def words(sent):
    fault = the_fault(sent)
    return fault.message.format(**fault.facts)


def test_one_yield_for_all_plots_is_looked_at_and_then_taken_over():
    sent = fix(1000)
    assert (sent.state, sent.counts["new"]) == (ImportState.READY, 2) and allocations() == {}
    done = taken_over(sent)
    assert done.state is ImportState.DONE and allocations() == {"示范-地-1": 3000, "示范-地-2": 1500}
    row = db.session.query(RecordRow).filter_by(act="allocations.set").one()
    assert row.facts["allocated_g"] == {"示范-地-1": 3000 * KG, "示范-地-2": 1500 * KG}
    assert row.facts["season"] == "2026" and first_broken_row()[0] is None


def test_only_what_is_missing_is_fixed_unless_all_is_asked_for_with_a_reason():
    [plot] = db.session.query(Plot).filter_by(number="示范-地-1")
    set_allocation(plot, SEASON, yield_g_per_mu=900 * KG, reason="", by=person("zhao"))
    taken_over(fix(1000))
    assert allocations() == {"示范-地-1": 2700, "示范-地-2": 1500}
    refused = fix(1100, which="all")
    assert refused.state is ImportState.AT_FAULT and "理由" in refused.job.outcome
    sent = fix(1100, which="all", reason="复核")
    assert (sent.counts["changed"], sent.counts["new"]) == (2, 0)
    taken_over(sent)
    assert allocations() == {"示范-地-1": 3300, "示范-地-2": 1650}


def test_a_place_has_its_own_plots_only():
    assert fix(1000, area=find_area("大鳌")).rows == 0
    assert fix(1000, area=find_area("会城")).rows == 2


def test_a_yield_above_the_ceiling_is_refused_before_anything_is_kept():
    with pytest.raises(YieldAboveCeiling):
        fix(2001)
    with pytest.raises(SeasonUnknown):
        fix(1000, season=Season(2026, SeasonPart.LATE))
    assert db.session.query(Import).count() == 0


def test_the_file_that_went_out_comes_back_with_yields():
    taken_over(fix(1000))
    book = openpyxl.load_workbook(io.BytesIO(yield_template(crop(), NEXT, None)))
    header, first, second = ([cell.value for cell in row] for row in book["核定产量"])
    assert first[:5] == ["示范-地-1", "示范户甲", "示范天马村", "2000", "1,000"] and second[0] == "示范-地-2"
    book["核定产量"].cell(2, header.index(YIELD) + 1, "1,200")
    sent = read(send_yields("核定.xlsx", saved(book), crop(), NEXT, reason="", by=person("zhao")))
    assert (sent.counts["new"], sent.counts["empty"]) == (1, 1)
    taken_over(sent)
    assert allocations(NEXT) == {"示范-地-1": 3600}


def test_a_template_of_a_place_has_its_plots_only():
    sheet = openpyxl.load_workbook(io.BytesIO(yield_template(crop(), SEASON, find_area("大鳌"))))["核定产量"]
    assert sheet.max_row == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["示范-地-9", 1000], "没有编号为“示范-地-9”的这种作物的地块"),
        (["示范-地-1", 2001], "高于该作物的上限"),
        (["示范-地-1", "很多"], "“很多”不是重量"),
        (["示范-地-1", -1], "必须大于 0"),
    ],
)
def test_a_fault_is_told_with_its_row_and_nothing_is_taken_over(row, message):
    sent = send_file(["示范-地-2", 1000], row)
    assert message in words(sent) and the_fault(sent).row == 3
    assert sent.state is ImportState.AT_FAULT and allocations() == {}


def test_a_plot_that_stands_twice_in_a_file_is_a_fault():
    assert "与第 2 行重复" in words(send_file(["示范-地-1", 1000], ["示范-地-1", 1100]))


def test_a_file_in_which_nothing_is_filled_in_says_so():
    assert "没有一块地填了" in send_file(["示范-地-1", None], ["示范-地-2", None]).job.outcome


def test_what_was_picked_since_the_preview_keeps_the_allocation_above_it():
    taken_over(send_file(["示范-地-1", 1000]))
    sent = send_file(["示范-地-1", 500], ["示范-地-2", 500], reason="减产")
    assert sent.state is ImportState.READY
    make_harvest(2000 * KG)
    failed = taken_over(sent)
    assert failed.state is ImportState.AT_FAULT and "还差 500 千克" in words(failed)
    assert allocations() == {"示范-地-1": 3000}


def test_a_plot_measured_anew_since_the_preview_gets_its_allocation_by_the_new_area():
    sent = send_file(["示范-地-1", 1000])
    add_plot(grower(), plot_facts("示范-地-3"), by=person("liang"))
    assert taken_over(sent).taken == 1


def test_nobody_picks_or_registers_while_allocations_are_taken_over(monkeypatch):
    taken_over(send_file(["示范-地-1", 1000]))
    sent = send_file(["示范-地-2", 500])

    def stop(*_):
        raise Superseded

    monkeypatch.setattr("gi_trace.imports.actions.is_stale", stop)
    assert taken_over(sent).state is ImportState.TAKING_OVER
    for deed in (
        lambda: make_harvest(1 * KG),
        lambda: add_plot(grower(), plot_facts("示范-地-3"), by=person("liang")),
        lambda: fix_by_hand(),
    ):
        with pytest.raises(ImportUnderWay):
            deed()
    assert list(prepared_rows(as_it_is(sent)))


def fix_by_hand():
    [plot] = db.session.query(Plot).filter_by(number="示范-地-2")
    set_allocation(plot, SEASON, yield_g_per_mu=900 * KG, reason="", by=person("zhao"))


def test_a_ceiling_that_was_lowered_since_the_preview_counts():
    sent = fix(1500)
    set_yield_ceiling(crop(), 1000 * KG, valid_from=date(2026, 6, 1), source="示范", **two_officers())
    assert taken_over(sent).state is ImportState.AT_FAULT and allocations() == {}


def test_a_crop_without_a_ceiling_is_refused():
    with pytest.raises(YieldCeilingUnknown):
        fix_one_yield(
            crop("paddy"),
            Season(2026, SeasonPart.LATE),
            area=None,
            which="all",
            yield_g_per_mu=KG,
            reason="",
            by=person("zhao"),
        )
