"""Many harvests at once: a page with a row for each plot, lines pasted from a sheet, or a file."""

import io
import re

import pytest
from openpyxl import load_workbook

from gi_trace import clock
from gi_trace.database import db
from gi_trace.imports.actions import ImportUnderWay
from gi_trace.imports.models import Import, ImportState
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions.harvests import declare_harvest
from gi_trace.stock.actions.plots import set_allocation
from gi_trace.stock.actions.requests import grant
from gi_trace.stock.models import Harvest, Plot, Slip, StockRequest
from gi_trace.stock.rules.seasons import PeelKind, Season
from tests.cast import party_of, person
from tests.farm import AUTUMN, KG, crop, make_allocated_plot, make_harvest, make_paddy_plot, the_plot
from tests.jobs import do_what_waits

HEADER = "地块编号\t采收日期\t采收重量（千克）\t皮类"
FORM = "/enterprise/harvests/new"
COMMON = {"picked_on": "2026-11-24", "peel_kind": "red"}


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


@pytest.fixture
def liang(sign_in):
    return sign_in("liang")


def last_import():
    return db.session.query(Import).order_by(Import.id.desc()).first()


def enter(browser, **answers):
    """The page that follows."""
    return browser.post(FORM, data=COMMON | answers, follow_redirects=True)


def plot_of(number):
    return db.session.query(Plot).filter_by(number=number).one()


def confirm(browser):
    return browser.post(f"/enterprise/imports/{last_import().id}/confirm", follow_redirects=True)


def test_rows_of_plots_are_looked_at_confirmed_and_their_slips_printed(liang):
    plots = [make_allocated_plot(f"示范-地-{n}", owner=f"示范户{n}") for n in (1, 2, 3)]
    page = liang.get(FORM).text
    assert FORM in liang.get("/enterprise/").text
    assert all(f'name="weight-{plot.id}"' in page for plot in plots) and "还可采收 4,500 千克" in page
    weights = {
        f"weight-{plots[0].id}": "100",
        f"weight-{plots[1].id}": "250.5",
        f"day-{plots[1].id}": "2026-11-23",
    }
    preview = enter(liang, **weights)
    assert "350.5 千克" in preview.text and db.session.query(Harvest).count() == 0
    done = confirm(liang).text
    assert [(harvest.weight_g, harvest.lot.peel_kind) for harvest in db.session.query(Harvest)] == [
        (100 * KG, PeelKind.RED), (250_500, PeelKind.RED),
    ]  # fmt: skip
    [slips] = re.findall(r'href="([^"]+/slips)"', done)
    printed = liang.get(slips).text
    assert printed.count("<svg viewBox") >= 2
    assert all(f"/slips/{slip.token}" in printed for slip in db.session.query(Slip))


def test_pasted_lines_may_have_their_own_day_kind_and_header(liang):
    make_allocated_plot("示范-地-1"), make_allocated_plot("示范-地-2", owner="示范户乙")
    lines = f"{HEADER}\n示范-地-1\t2026-11-23\t10\t\n示范-地-2\t\t20\t大红皮"
    enter(liang, lines=lines, peel_kind="")
    confirm(liang)
    assert [(one.weight_g, one.picked_on.day, one.lot.peel_kind) for one in db.session.query(Harvest)] == [
        (10 * KG, 23, None), (20 * KG, 24, PeelKind.RED),
    ]  # fmt: skip


def test_every_fault_is_told_by_row_nothing_is_declared_and_nothing_typed_is_lost(liang):
    make_allocated_plot("示范-地-1"), make_paddy_plot()
    lines = [
        "示范-地-1 2026-11-24 4000",
        "示范-地-1 2026-11-23 501",
        "示范-地-9 2026-11-24 5",
        "示范-田-1 2026-11-24 5",
        "示范-地-1 2026-12-24 5",
        "示范-地-1 2026-11-24 五",
        "示范-地-1 2026-11-24 5 青皮",
    ]
    page = enter(liang, lines="\n".join(lines[:5]), peel_kind="").text
    for words in ("超出 1 千克", "没有“示范-地-9”", "没有“示范-田-1”", ">2</td>", ">5</td>", "有 4 处问题"):
        assert words in page, words
    assert "示范户戊" not in page and "文件" not in page and "Excel" not in page
    [again] = re.findall(r'href="([^"]+again=\d+)"', page)[:1]
    form = liang.get(again.replace("&amp;", "&")).text
    assert "示范-地-1\t2026-11-23\t501" in form
    assert "“五”" in enter(liang, lines="\n".join(lines[5:])).text
    assert "采摘期" in enter(liang, lines=lines[6]).text
    assert db.session.query(Harvest).count() == 0
    assert enter(liang, lines=" ").status_code == 422


def test_what_was_typed_is_put_right_and_the_first_try_is_given_up(liang):
    make_allocated_plot()
    enter(liang, lines="示范-地-1 2026-11-24 5000")
    first = last_import()
    assert first.state is ImportState.AT_FAULT
    liang.post(f"{FORM}?again={first.id}", data=COMMON | {"lines": "示范-地-1 2026-11-24 500"})
    confirm(liang)
    assert db.session.get(Import, first.id).state is ImportState.GIVEN_UP
    assert db.session.query(Harvest).one().weight_g == 500 * KG


def test_the_same_set_sent_and_confirmed_twice_is_declared_once(liang):
    make_allocated_plot()
    for _ in range(2):
        enter(liang, lines="示范-地-1 2026-11-24 5")
        confirm(liang)
    confirm(liang)
    assert db.session.query(Harvest).count() == 1


def test_a_harvest_declared_meanwhile_opens_the_faults_again_and_the_set_stays_whole(liang):
    plot = make_allocated_plot()
    enter(liang, lines="示范-地-1 2026-11-24 3000\n示范-地-1 2026-11-23 1000")
    declare_harvest(plot, 600 * KG, clock.today(), crop=crop(), by=person("liang"))
    assert "超出 100 千克" in confirm(liang).text
    assert db.session.query(Harvest).count() == 1


def test_while_a_set_is_taken_over_its_plots_and_the_land_wait_and_other_plots_do_not(liang):
    make_allocated_plot("示范-地-1"), make_allocated_plot("示范-地-2", owner="示范户乙")
    enter(liang, lines="示范-地-2 2026-11-24 5")
    sent = last_import()
    with db.engine.begin() as connection:
        stopped = {"state": ImportState.TAKING_OVER.value, "confirmed_by_id": person("liang").id}
        connection.execute(Import.__table__.update().values(**stopped))
    make_harvest(KG)
    with pytest.raises(ImportUnderWay):
        declare_harvest(plot_of("示范-地-2"), KG, clock.today(), crop=crop(), by=person("liang"))
    db.session.rollback()
    with pytest.raises(ImportUnderWay):
        set_allocation(the_plot(), Season(2026), yield_g_per_mu=KG, reason="复核", by=person("zhao"))
    db.session.rollback()
    confirm(liang)
    assert db.session.get(Import, sent.id).state is ImportState.DONE
    assert db.session.query(Harvest).count() == 2


def test_late_rows_are_asked_of_the_authority_with_a_reason_and_the_others_declared(liang):
    make_allocated_plot()
    lines = "示范-地-1 2026-10-25 300\n示范-地-1 2026-11-24 200"
    assert "填写迟报原因" in enter(liang, lines=lines, peel_kind="").text
    preview = enter(liang, lines=lines, peel_kind="", late_reason="村里停电").text
    assert "补报申请" in preview and "500 千克" in preview
    assert "1 行作为补报申请" in confirm(liang).text
    asked = db.session.query(StockRequest).one()
    assert (asked.arguments["weight_g"], asked.reason) == (300 * KG, "村里停电")
    assert db.session.query(Harvest).one().weight_g == 200 * KG
    assert (
        "已经申请补报"
        in enter(liang, lines=lines.replace("200", "201"), peel_kind="", late_reason="停电").text
    )
    grant(asked, by=person("zhao"))
    assert {harvest.import_id for harvest in db.session.query(Harvest)} == {asked.arguments["import"]}


def test_a_file_is_read_in_the_background_and_its_template_offers_the_plots(liang):
    plot = make_allocated_plot()
    book = load_workbook(io.BytesIO(liang.get("/enterprise/harvests/template.xlsx").data))
    sheet = book["采收申报"]
    assert len(sheet.data_validations.dataValidation) == 2 and book["选项"]["A1"].value == plot.number
    for column, cell in enumerate((plot.number, None, "2026-11-24", "100", "大红皮"), 1):
        sheet.cell(2, column, cell)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    liang.post("/enterprise/harvests/import", data={"file": (content, "采收.xlsx")})
    do_what_waits()
    assert "100 千克" in liang.get(f"/enterprise/imports/{last_import().id}").text
    confirm(liang)
    do_what_waits()
    assert db.session.query(Harvest).one().import_id == last_import().id
    assert db.session.query(RecordRow).filter_by(act="harvest.declared").count() == 1


def test_a_firm_declares_what_it_picks_on_its_own_land(sign_in):
    lin, zhao = sign_in("lin"), sign_in("zhao")
    page = f"/authority/parties/{party_of('lin').id}/plots/new"
    assert page in zhao.get(f"/authority/parties/{party_of('lin').id}").text
    facts = {"number": "林-1", "area": "会城", "crop": crop().id, "measured_m2": 3000, "bearing_m2": 2000}
    assert zhao.post(page, data=facts | {"answers": "confirmed"}).status_code == 302
    plot = plot_of("林-1")
    set_allocation(plot, Season(2026), yield_g_per_mu=1000 * KG, reason="", by=person("zhao"))
    assert "林-1" in zhao.get("/authority/plots").text and FORM in lin.get("/enterprise/").text
    make_allocated_plot()
    assert "示范-地-1" not in lin.get(FORM).text
    enter(lin, **{f"weight-{plot.id}": "50"})
    confirm(lin)
    assert db.session.query(Harvest).one().lot.party_id == party_of("lin").id
    assert "没有“示范-地-1”" in enter(lin, lines="示范-地-1 2026-11-24 5").text


def test_a_village_sees_no_slips_of_another(liang, sign_in):
    make_allocated_plot()
    enter(liang, lines="示范-地-1 2026-11-24 5")
    confirm(liang)
    assert sign_in("lin").get(f"/enterprise/imports/{last_import().id}/slips").status_code == 404
