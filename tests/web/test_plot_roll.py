"""Growers and plots from an office's Excel file."""

import io
import re

import pytest
from openpyxl import Workbook, load_workbook

from gi_trace.database import db
from gi_trace.record.models import PersonalValue, RecordRow
from gi_trace.registry.models import Party, PartyKind, find_area
from gi_trace.stock.models import Plot
from tests.jobs import do_what_waits

HEADER = ["地块编号", "种植户", "所在村镇", "作物", "实测面积", "挂果面积", "品种", "株数"]
GOOD = ["示范-地-1", "示范户甲", "示范天马村", "茶枝柑", "３０００", 2000.0, "大种油身", 120]


def workbook(*rows):
    book, content = Workbook(), io.BytesIO()
    book.active.append(["某某村 2026 年地块登记表（示范）"])
    for row in (HEADER, *rows):
        book.active.append(row)
    book.save(content)
    return content.getvalue()


@pytest.fixture
def send(sign_in):
    """The page of an import that was sent and read."""

    def send_file(content, who="liang", face="enterprise", **answers):
        browser, file = sign_in(who), (io.BytesIO(content), "plots.xlsx")
        answer = browser.post(f"/{face}/plots/import", data={"file": file, **answers}, follow_redirects=True)
        do_what_waits()
        return browser.get(answer.request.path) if answer.status_code == 200 else answer

    return send_file


@pytest.fixture
def bring_in(send, sign_in):
    """The page of an import that was taken over, if it could be confirmed."""

    def send_and_confirm(content, who="liang", face="enterprise", **answers):
        page = send(content, who, face, **answers)
        if "确认导入" in page.text:
            confirmed = sign_in(who).post(f"{page.request.path}/confirm")
            assert confirmed.status_code == 302
            do_what_waits()
        return sign_in(who).get(page.request.path)

    return send_and_confirm


def test_a_village_imports_its_plots_and_the_same_file_again_changes_nothing(bring_in):
    content = workbook(GOOD, ["示范-地-2", *GOOD[1:]])
    assert "种植户和地块已导入" in bring_in(content).text
    assert [plot.measured_m2 for plot in db.session.query(Plot)] == [3000, 3000]
    assert db.session.query(Party).filter_by(kind=PartyKind.GROWER).count() == 1
    assert "同样的文件已于" in bring_in(content).text
    assert "每一行都与已登记的内容相同" in bring_in(workbook(GOOD)).text
    assert db.session.query(Plot).count() == 2


def test_an_imported_growers_name_enters_the_record_as_a_hash(bring_in):
    bring_in(workbook(GOOD, ["示范-地-2", *GOOD[1:]]))
    row = db.session.query(RecordRow).filter_by(act="grower.added").one()
    assert "示范户甲" not in row.body
    assert db.session.get(PersonalValue, (row.number, "name")).value == "示范户甲"


def test_every_fault_is_named_with_excels_row_and_nothing_is_imported(send):
    content = workbook(
        GOOD,
        ["示范-地-2", "", "示范天马村", "茶枝柑", 3000, 2000],
        ["示范-地-3", "示范户乙", "天马示范", "茶枝柑", 3000, 2000],
        ["示范-地-4", "示范户乙", "示范天马村", "茶枝柑", 2000, 3000],
        ["示范-地-1", "示范户乙", "示范天马村", "茶枝柑", 2000, 1000],
        ["示范-地-5", "示范户乙", "台山市", "茶枝柑", 2000, 1000],
    )
    page = send(content)
    assert "确认导入" not in page.text and db.session.query(Plot).count() == 0
    for words in ("缺少", "没有登记“天马示范”", "大于地块面积", "与第 3 行重复", ">4</td>", ">7</td>"):
        assert words in page.text, words
    outside = send(workbook(["示范-地-5", "示范户乙", "台山市", "茶枝柑", 2000, 1000]), "zhao", "authority")
    assert "不在茶枝柑的保护产区之内" in outside.text


def test_a_known_plot_is_never_changed_by_an_import(bring_in):
    bring_in(workbook(GOOD))
    assert "请打开该地块办理" in bring_in(workbook([*GOOD[:5], 1000, *GOOD[6:]])).text
    assert db.session.query(Plot).one().bearing_m2 == 2000


def test_a_village_cannot_import_for_another_place_and_a_file_must_be_one(send):
    assert (
        "您不能替示范户丙办理" in send(workbook(["示范-地-9", "示范户丙", "大鳌", "茶枝柑", 2000, 1000])).text
    )
    assert send(b"not excel").status_code == 422
    assert db.session.query(Plot).count() == 0


def test_the_template_has_drop_downs_and_no_formula(sign_in):
    content = sign_in("liang").get("/enterprise/plots/template.xlsx").data
    book = load_workbook(io.BytesIO(content))
    sheet = book["地块"]
    assert [cell.value for cell in sheet[1]] == HEADER
    assert len(sheet.data_validations.dataValidation) == 2


def test_a_name_that_the_village_has_already_is_asked_about_once(bring_in):
    bring_in(workbook(GOOD))
    more = workbook(["示范-地-2", *GOOD[1:]], ["示范-地-3", *GOOD[1:]])
    assert bring_in(more).text.count("该村已登记过种植户“示范户甲”（地块 示范-地-1）") == 1
    assert db.session.query(Plot).count() == 1
    assert "已导入" in bring_in(more, same_people="y").text
    assert {plot.grower.name for plot in db.session.query(Plot)} == {"示范户甲"}


def test_a_village_is_told_nothing_of_another_villages_growers(bring_in, sign_in):
    theirs = bring_in(workbook(["大鳌-地-1", "示范户丁", "大鳌", "茶枝柑", 2000, 1000]), "zhao", "authority")
    answer = bring_in(workbook(["示范-地-9", "示范户丁", "大鳌", "茶枝柑", 2000, 1000]))
    assert "您不能替示范户丁办理" in answer.text and "大鳌-地-1" not in answer.text
    address = theirs.request.path.replace("authority", "enterprise")
    assert sign_in("liang").get(address).status_code == 404
    assert db.session.query(Plot).count() == 1


def test_the_other_of_one_name_is_told_apart_by_the_office(bring_in):
    bring_in(workbook(GOOD))
    bring_in(workbook(["示范-地-2", "示范户甲（二）", *GOOD[2:]]))
    assert db.session.query(Party).filter_by(kind=PartyKind.GROWER).count() == 2


def test_the_authority_adds_a_towns_villages_as_a_column_and_files_may_name_them(bring_in, send, sign_in):
    row = ["示范-地-8", "示范户丙", "三江镇示范联村", *GOOD[3:]]
    told = send(workbook(row), "zhao", "authority").text
    assert "三江没有登记“示范联村”" in told and "增加这个村" in told
    page = sign_in("zhao").get("/authority/areas").text
    [town] = re.findall(r'href="(/authority/areas/[^"/]*sanjiang/villages/new)"', page)
    zhao = sign_in("zhao")
    answers = {"names": "示范联村\n 示范远村 \n\n示范联村", "answers": "confirmed"}
    assert zhao.post(town, data=answers).status_code == 302
    assert zhao.post(town, data=answers | {"names": "示范联"}).status_code == 422
    page = zhao.get("/authority/areas").text
    assert page.count("示范联村</a>") == page.count("示范远村</a>") == 1
    assert "已导入" in bring_in(workbook(row), "zhao", "authority").text
    other = town.replace("sanjiang", "daze")
    assert zhao.post(other, data=answers).status_code == 302
    unclear = {"name": "示范户丁", "area": "示范联村", "answers": "confirmed"}
    assert "不止一个镇有" in zhao.post("/authority/growers/new", data=unclear).text
    assert zhao.post("/authority/growers/new", data=unclear | {"area": "大泽示范联村"}).status_code == 302
    village = db.session.query(Plot).one().area
    assert (village.name, village.within.name, find_area("新会区三江镇示范联村委会")) == (
        "示范联村",
        "三江",
        village,
    )


def test_an_area_in_mu_is_shown_in_square_metres_before_it_is_imported(send):
    header = [*HEADER[:4], "实测面积（亩）", "挂果面积（亩）", *HEADER[6:]]
    book, content = Workbook(), io.BytesIO()
    for row in (header, [*GOOD[:4], 6, 5.25, *GOOD[6:]]):
        book.active.append(row)
    book.save(content)
    page = send(content.getvalue()).text
    assert "按亩填写" in page and "4,000 m²" in page and "3,500 m²" in page
