"""Many harvests as villages write them down: files, and columns pasted into a page."""

from datetime import date

import pytest

from gi_trace.excel.cells import Unreadable
from gi_trace.stock.files.allocations import read_yields
from gi_trace.stock.files.harvests import lines_of, pasted, read_harvests, typed
from gi_trace.stock.files.weights import weight_under
from gi_trace.stock.rules.seasons import PeelKind

HEADER = ["地块编号", "采收日期", "采收重量（千克）", "皮类"]
ROW = ["示-1", "2026-11-24", "1,250.5", "大红皮"]


def csv(*rows, header=HEADER):
    return "\n".join("\t".join(row) for row in (header, *rows)).encode()


def test_a_row_says_what_was_picked_of_a_plot_on_a_day():
    [row] = read_harvests(csv(ROW)).rows
    assert (row.number, row.picked_on, row.weight_g) == ("示-1", date(2026, 11, 24), 1_250_500)
    assert row.peel_kind is PeelKind.RED


@pytest.mark.parametrize(
    ("label", "grams"),
    [("重量", 6000), ("重量（公斤）", 6000), ("采收重量（斤）", 3000), ("重量/吨", 6_000_000)],
)
def test_a_weight_counts_in_the_unit_that_its_label_says(label, grams):
    assert weight_under((label,), ())(6.0).grams == grams


def test_a_weight_may_say_its_unit_itself_and_a_title_says_it_for_the_sheet():
    assert weight_under(("重量",), ())("1,200斤") == (600_000, "斤")
    assert weight_under(("重量（斤）",), ())("1,200 市斤") == (600_000, "斤")
    assert weight_under(("重量",), ("某村采收表  单位：斤",))(1200) == (600_000, "斤")
    assert weight_under(("重量",), ("填报单位：万斤村委会",))(1200) == (1_200_000, "千克")


@pytest.mark.parametrize(
    ("label", "cell"), [("重量（千克）", "6斤"), ("重量（斤）", "600千克"), ("重量（斤）", "600kg")]
)
def test_a_unit_in_the_cell_that_is_not_the_labels_is_a_fault(label, cell):
    with pytest.raises(Unreadable) as fault:
        weight_under((label,), ())(cell)
    assert fault.value.facts["over"] in label and fault.value.facts["own"] not in fault.value.what_to_do


@pytest.mark.parametrize("cell", ["一千", "1200头", "-5", "1.2345", ""])
@pytest.mark.parametrize("unit", ["斤", "千克", "吨"])
def test_advice_names_the_columns_unit_and_no_other(unit, cell):
    with pytest.raises(Unreadable) as fault:
        weight_under((f"采收重量（{unit}）",), ())(cell)
    assert fault.value.facts.get("unit", unit) == unit and "千克" not in fault.value.what_to_do
    if fault.value.message.startswith("“{text}”"):
        assert "千克" not in fault.value.message


def test_a_fault_names_the_column_as_the_file_does_and_the_file_says_its_unit():
    in_jin = [*HEADER[:2], "采收重量（斤）", HEADER[3]]
    [fault] = read_harvests(csv([*ROW[:2], "多", ROW[3]], header=in_jin)).faults
    assert (fault.column, fault.facts["unit"]) == ("采收重量（斤）", "斤")
    file = read_harvests(csv([*ROW[:2], "1,200斤", ROW[3]], header=in_jin))
    assert (file.rows[0].weight_g, file.unit) == (600_000, "斤")


def test_cells_with_a_unit_among_cells_without_one_are_asked_to_agree():
    header = [*HEADER[:2], "重量", HEADER[3]]
    rows = [[f"示-{n}", ROW[1], weight, ""] for n, weight in enumerate(("1200斤", "1100斤", "900"))]
    [fault] = read_harvests(csv(*rows, header=header)).faults
    assert (fault.row, fault.facts["unit"], fault.facts["most"]) == (4, "千克", "斤")


def test_a_verified_yield_is_read_in_the_unit_that_its_label_says():
    [row] = read_yields("地块编号\t核定亩产（斤）\n示-1\t1,200".encode()).rows
    assert row.yield_g_per_mu == 600_000


def test_the_same_row_twice_is_a_fault_and_a_second_picking_of_the_day_is_none():
    [fault] = read_harvests(csv(ROW, ROW)).faults
    assert (fault.row, fault.facts["first"]) == (3, "2")
    [fault] = read_harvests(typed([ROW, ROW]), is_typed=True).faults
    assert fault.facts["first"] == "1"
    assert len(read_harvests(csv(ROW, [*ROW[:2], "100", ""])).rows) == 2


@pytest.mark.parametrize(
    "text",
    [
        "示-1\t2026-11-24\t1,250.5\t大红皮\n\n",
        "地块\t重量（千克）\t皮类\t日期\r\n示-1\t1,250.5\t大红皮\t2026-11-24",
        "示-1 2026-11-24 1250.5 大红皮",
        "地块\t重量（斤）\t皮类\t日期\n示-1\t2,501\t大红皮\t2026-11-24",
        "地块\t重量\t皮类\t日期\n示-1\t2,501斤\t大红皮\t2026-11-24",
    ],
)
def test_columns_are_pasted_with_or_without_their_header(text):
    file = read_harvests(typed(pasted(text)))
    assert file.faults == [] and file.rows == read_harvests(csv(ROW)).rows


def test_what_a_page_took_can_be_pasted_again():
    rows = [ROW, ["示-2", "", "5", ""]]
    assert pasted(lines_of(typed(rows))) == rows
    assert pasted(" \n") == [] and pasted("示-1") == [["示-1", "", "", ""]]
