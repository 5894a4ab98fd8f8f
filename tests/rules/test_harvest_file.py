"""Many harvests as villages write them down: files, and columns pasted into a page."""

from datetime import date

import pytest

from gi_trace.excel.cells import Unreadable
from gi_trace.stock.files.harvests import lines_of, pasted, read_harvests, typed, weight_under
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
    assert weight_under((label,), ())(6.0) == grams


def test_a_unit_in_the_cell_that_is_not_the_labels_is_a_fault():
    with pytest.raises(Unreadable):
        weight_under(("重量（千克）",), ())("6斤")


def test_the_same_row_twice_is_a_fault_and_a_second_picking_of_the_day_is_none():
    [fault] = read_harvests(csv(ROW, ROW)).faults
    assert (fault.row, fault.facts["first"]) == (3, "2")
    assert len(read_harvests(csv(ROW, [*ROW[:2], "100", ""])).rows) == 2


@pytest.mark.parametrize(
    "text",
    [
        "示-1\t2026-11-24\t1,250.5\t大红皮\n\n",
        "地块\t重量（千克）\t皮类\t日期\r\n示-1\t1,250.5\t大红皮\t2026-11-24",
        "示-1 2026-11-24 1250.5 大红皮",
    ],
)
def test_columns_are_pasted_with_or_without_their_header(text):
    file = read_harvests(typed(pasted(text)))
    assert file.faults == [] and file.rows == read_harvests(csv(ROW)).rows


def test_what_a_page_took_can_be_pasted_again():
    rows = [ROW, ["示-2", "", "5", ""]]
    assert pasted(lines_of(typed(rows))) == rows
    assert pasted(" \n") == [] and pasted("示-1") == [["示-1", "", "", ""]]
