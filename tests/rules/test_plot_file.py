"""Lists of plots as villages keep them: areas in the unit that they are stated in, villages by their names."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.excel.answers import Answers
from gi_trace.excel.cells import Unreadable, whole_of
from gi_trace.excel.choices import Choice
from gi_trace.excel.unreadable import NotATable
from gi_trace.stock.files.areas import area_under
from gi_trace.stock.files.plots import plot_columns, read_plots
from tests.workbooks import Page, ods, xls

TOWNS = (Choice("nan", "示范南", ("示范南镇",)), Choice("bei", "示范北"))
VILLAGES = (
    Choice("nan-1", "示范联村", (), "nan"),
    Choice("nan-2", "示范新村", (), "nan"),
    Choice("bei-1", "示范新村", (), "bei"),
)
CROPS = (Choice("citrus", "茶枝柑", ("新会柑",)), Choice("paddy", "水稻"))
COLUMNS = plot_columns(TOWNS + VILLAGES, CROPS)
HEADER = ["地块编号", "种植户", "所在村镇", "作物", "实测面积", "挂果面积", "品种", "株数"]
ROW = ["示-1", "示范户甲", "示范南", "茶枝柑", 3000, 2000, "大种油身", 100]


def book(*sheets: list[list]) -> bytes:
    made, written = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.active)
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(row)
    made.save(written)
    return written.getvalue()


def read(*rows: list, header: list = HEADER, above: list[list] = [], **said: str):  # noqa: B006
    return read_plots(book([*above, header, *rows]), COLUMNS, Answers(said=said))


def areas(file):
    assert file.faults == []
    return [(row.measured_m2, row.bearing_m2) for row in file.rows]


def told(file):
    return [
        (fault.row, fault.column, fault.message.format(**fault.facts), fault.what_to_do.format(**fault.facts))
        for fault in file.faults
    ]


def in_unit(measured, bearing, labels=("实测面积", "挂果面积"), above=()):
    cells = [*ROW[:4], measured, bearing, *ROW[6:]]
    return read(cells, header=[*HEADER[:4], *labels, *HEADER[6:]], above=list(above))


@pytest.mark.parametrize(
    ("labels", "cells", "m2"),
    [
        (("实测面积（亩）", "挂果面积（亩）"), (6, 5.25), (4000, 3500)),
        (("实测面积(亩)", "种植面积(亩)"), ("５.５", "4.25"), (3667, 2833)),
        (("面积亩", "挂果亩数"), (6, 6), (4000, 4000)),
        (("实测面积（公顷）", "挂果面积/hm²"), (0.4, 0.3), (4000, 3000)),
        (("实测面积（平方米）", "挂果面积（㎡）"), ("3,335.4", 50), (3335, 50)),
        (("实测面积", "挂果面积"), ("6亩", "5 亩"), (4000, 3333)),
        (("实测面积", "挂果面积"), ("3335平方米", "2000㎡"), (3335, 2000)),
        (("实测面积", "挂果面积"), (3335, "２，０００"), (3335, 2000)),
    ],
)
def test_an_area_counts_in_the_unit_that_header_or_cell_says(labels, cells, m2):
    assert areas(in_unit(*cells, labels)) == [m2]


@pytest.mark.parametrize("title", ["单位：亩", "（面积单位: 亩、株）"])
def test_a_unit_in_the_title_counts_for_the_sheet(title):
    assert areas(in_unit(6, 3, above=[[title]])) == [(4000, 2000)]


@pytest.mark.parametrize("title", ["千亩示范园登记表", "填表单位：三亩村委会"])
def test_a_title_that_only_has_the_word_says_no_unit(title):
    assert areas(in_unit(3000, 2000, above=[[title]])) == [(3000, 2000)]


def test_the_upper_of_two_header_rows_says_the_unit_of_both_columns_below():
    upper = [*HEADER[:4], "面积（亩）", "面积（亩）", *HEADER[6:], "备注"]
    lower = [*[None] * 4, "实测面积", "种植面积", None, None, None]
    title = ["示范村柑农种植情况登记表"]
    file = read(
        [*ROW[:4], 6, 5, *ROW[6:], None],
        ["合计", None, "1户", None, 6, 5],
        header=lower,
        above=[title, upper],
    )
    assert areas(file) == [(4000, 3333)] and file.unit == "亩"


@pytest.mark.parametrize("small", [6, 5.5, "99"])
def test_a_small_number_without_a_unit_is_asked_about_and_never_square_metres(small):
    [fault, *_] = told(in_unit(small, small))
    assert fault[2:] == (
        f"“{small}”没有写明单位",
        "在表头写明单位，例如“实测面积（亩）”或“实测面积（平方米）”",
    )


@pytest.mark.parametrize(
    "file",
    [
        read(ROW, ["示-2", *ROW[1:4], "6亩", 2000, *ROW[6:]]),
        in_unit(6, 2000, ("实测面积（亩）", "挂果面积（平方米）")),
        read_plots(
            book(
                [HEADER, ROW], [[*HEADER[:4], "实测面积（亩）", "挂果面积（亩）"], ["示-2", *ROW[1:4], 6, 5]]
            ),
            COLUMNS,
        ),
    ],
    ids=["cells", "columns", "sheets"],
)
def test_two_units_in_one_file_are_refused_by_row(file):
    assert file.rows == [] and any("其余的按" in fault[2] for fault in told(file))
    assert {fault[3] for fault in told(file)} == {"全文件用一种单位，换算好再上传"}


@given(mu=st.decimals("0.01", "9999", places=2))
def test_mu_are_rounded_to_the_nearest_square_metre(mu):
    m2 = area_under(("实测面积（亩）",), ())(str(mu)).m2
    assert abs(m2 * 3 - mu * 2000) <= 1.5


@pytest.mark.parametrize("cell", ["约6亩", "6亩5", "-6", "六", "6 000 000 000 000", "#", "6万亩"])
def test_what_is_no_area_is_a_fault(cell):
    with pytest.raises(Unreadable):
        area_under(("实测面积（亩）",), ())(cell)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("示范南镇示范联村", "nan-1"), ("示范联村委会", "nan-1"), ("示范联", "nan-1"), ("nan-1", "nan-1"),
        ("示范北新村", None), ("示范北镇示范新村", "bei-1"), ("示范南", "nan"),
    ],
)  # fmt: skip
def test_a_village_is_found_by_its_name_alone_or_behind_its_town(written, code):
    file = read([*ROW[:2], written, *ROW[3:]])
    assert [row.area for row in file.rows] == ([code] if code else [])


def test_a_name_of_two_villages_asks_for_the_town_which_may_stand_in_a_column_of_its_own():
    [fault] = told(read([*ROW[:2], "示范新村", *ROW[3:]]))
    assert fault[2:] == ("不止一处叫“示范新村”", "连镇名一起写：示范北示范新村、示范南示范新村")
    header = [*HEADER[:2], "所在镇", "所在村", *HEADER[3:]]
    places = [
        ("示范北镇", "示范新村"),
        ("示范南", "示范南镇示范新村"),
        ("示范南", "示范南"),
        ("示范北", None),
    ]
    rows = [[f"示-{n}", "示范户甲", *place, *ROW[3:]] for n, place in enumerate(places)]
    assert [row.area for row in read(*rows, header=header).rows] == ["bei-1", "nan-2", "nan", "bei"]
    [fault] = told(read(["示-9", "示范户甲", "示范北", "示范联村", *ROW[3:]], header=header))
    assert fault[2] == "示范北没有登记“示范联村”"


def test_an_unknown_village_is_a_fault_that_says_what_to_do():
    [fault] = told(read([*ROW[:2], "示范南镇示范远村", *ROW[3:]]))
    assert fault[1:3] == ("所在村镇", "示范南没有登记“示范远村”")
    assert "增加这个村" in fault[3] and "先填“示范南”" in fault[3]


def test_what_one_village_grows_may_be_said_once():
    header = [*HEADER[:2], *HEADER[4:]]
    file = read([*ROW[:2], *ROW[4:]], header=header, area="示范联村", crop="茶枝柑")
    assert [(row.area, row.crop) for row in file.rows] == [("nan-1", "citrus")]


def test_lists_are_read_in_every_format_and_from_every_sheet():
    rows = [HEADER, [str(cell) for cell in ROW]]
    text = "\n".join(",".join(row) for row in rows).encode("gbk")
    for content in (xls(Page("表", rows)), ods(Page("表", rows)), text):
        assert areas(read_plots(content, COLUMNS)) == [(3000, 2000)]
    sheets = [[HEADER, *([f"示-{sheet}{n}", *ROW[1:]] for n in range(3))] for sheet in range(3)]
    assert len(areas(read_plots(book(*sheets), COLUMNS))) == 9


def test_a_page_renamed_is_refused_as_what_it_is():
    with pytest.raises(NotATable, match="网页"):
        read_plots("<html><table><tr><td>地块编号</td></tr></table></html>".encode(), COLUMNS)


def test_each_cell_that_cannot_be_is_a_fault_of_its_row():
    bad = ["示" * 41, 13800000000.0, "示范南", "柑", "3335平方米", "2000㎡", "品" * 61, "约120"]
    columns = {fault[1] for fault in told(read(bad))}
    assert columns == {"地块编号", "种植户", "作物", "品种", "株数"}
    assert [fault[1] for fault in told(read([*ROW[:5], None, "", -5]))] == ["挂果面积", "株数"]


@pytest.mark.parametrize(
    ("words", "count"),
    [("一百", 100), ("一百二十", 120), ("十五", 15), ("两千零五", 2005), ("三", 3), ("120株", None)],
)
def test_counts_in_words_are_read(words, count):
    if count is None:
        assert read([*ROW[:7], words]).rows[0].trees == 120
    else:
        assert whole_of(words) == count


@pytest.mark.parametrize("words", ["一百二", "千", "零", "百"])
def test_a_count_that_may_be_two_numbers_is_not_guessed(words):
    with pytest.raises(Unreadable):
        whole_of(words)
