"""Growers and plots from an office's Excel file."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from gi_trace.database import db
from gi_trace.record.models import PersonalValue, RecordRow
from gi_trace.registry.models import Party, PartyKind
from gi_trace.stock.models import Plot

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
    def send_file(content, who="liang", face="enterprise", **answers):
        file = (io.BytesIO(content), "plots.xlsx")
        return sign_in(who).post(f"/{face}/plots/import", data={"file": file, **answers})

    return send_file


def test_a_village_imports_its_plots_and_the_same_file_again_changes_nothing(send):
    content = workbook(GOOD, ["示范-地-2", *GOOD[1:]])
    assert send(content).status_code == 302
    assert [plot.measured_m2 for plot in db.session.query(Plot)] == [3000, 3000]
    assert db.session.query(Party).filter_by(kind=PartyKind.GROWER).count() == 1
    assert send(content).status_code == 302
    assert db.session.query(Plot).count() == 2


def test_an_imported_growers_name_enters_the_record_as_a_hash(send):
    send(workbook(GOOD, ["示范-地-2", *GOOD[1:]]))
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
    assert page.status_code == 422 and db.session.query(Plot).count() == 0
    for words in ("缺少", "没有登记过“天马示范”", "大于地块面积", "与第 3 行重复", ">4</td>", ">7</td>"):
        assert words in page.text, words
    outside = send(workbook(["示范-地-5", "示范户乙", "台山市", "茶枝柑", 2000, 1000]), "zhao", "authority")
    assert "不在茶枝柑的保护产区之内" in outside.text


def test_a_known_plot_is_never_changed_by_an_import(send):
    send(workbook(GOOD))
    answer = send(workbook([*GOOD[:5], 1000, *GOOD[6:]]))
    assert answer.status_code == 422 and "请打开该地块办理" in answer.text
    assert db.session.query(Plot).one().bearing_m2 == 2000


def test_a_village_cannot_import_for_another_place_and_a_file_must_be_one(send):
    answer = send(workbook(["示范-地-9", "示范户丙", "大鳌", "茶枝柑", 2000, 1000]))
    assert answer.status_code == 403 or "不能替" in answer.text
    assert send(b"not excel").status_code == 422
    assert db.session.query(Plot).count() == 0


def test_the_template_has_drop_downs_and_no_formula(sign_in):
    content = sign_in("liang").get("/enterprise/plots/template.xlsx").data
    book = load_workbook(io.BytesIO(content))
    sheet = book["地块"]
    assert [cell.value for cell in sheet[1]] == HEADER
    assert len(sheet.data_validations.dataValidation) == 2


def test_a_name_that_the_village_has_already_is_asked_about_once(send):
    send(workbook(GOOD))
    more = workbook(["示范-地-2", *GOOD[1:]], ["示范-地-3", *GOOD[1:]])
    answer = send(more)
    assert (
        answer.status_code == 422 and answer.text.count("该村已登记过种植户“示范户甲”（地块 示范-地-1）") == 1
    )
    assert db.session.query(Plot).count() == 1
    assert send(more, same_people="y").status_code == 302
    assert {plot.grower.name for plot in db.session.query(Plot)} == {"示范户甲"}


def test_a_village_is_told_nothing_of_another_villages_growers(send):
    send(workbook(["大鳌-地-1", "示范户丁", "大鳌", "茶枝柑", 2000, 1000]), "zhao", "authority")
    answer = send(workbook(["示范-地-9", "示范户丁", "大鳌", "茶枝柑", 2000, 1000]))
    assert answer.status_code == 422 and "大鳌-地-1" not in answer.text
    assert db.session.query(Plot).count() == 1


def test_the_other_of_one_name_is_told_apart_by_the_office(send):
    send(workbook(GOOD))
    assert send(workbook(["示范-地-2", "示范户甲（二）", *GOOD[2:]])).status_code == 302
    assert db.session.query(Party).filter_by(kind=PartyKind.GROWER).count() == 2
