"""A list becomes a file as its rows come, and no cell of it does anything."""

import csv
import io
import tracemalloc

import openpyxl
import pytest

from gi_trace.excel import list_file
from gi_trace.excel.list_file import TooLongForExcel, write_list

HEADER = ["名称", "件数"]


def written(form, rows):
    file = io.BytesIO()
    count = write_list(file, form, HEADER, rows)
    return file.getvalue(), count


def read_back(form, content):
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rows_are_counted_and_read_back(form):
    content, count = written(form, [["示范甲", 3], ["示范乙", None]])
    header, first, second = read_back(form, content)
    assert count == 2 and header == HEADER
    assert first == ["示范甲", "3" if form == "csv" else 3] and second[0] == "示范乙" and not second[1]
    assert written(form, [])[1] == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("cell", ["=1+1", "+86", "-示范", "@示范", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_no_cell_begins_what_a_spreadsheet_would_work_out(form, cell):
    content, _count = written(form, [[cell, 1]])
    value = read_back(form, content)[1][0]
    assert value.startswith("'") and value[1:].strip() == cell.strip()


def test_numbers_below_nought_stay_as_they_are():
    assert read_back("csv", written("csv", [["-12.5", -3]])[0])[1] == ["-12.5", "-3"]


def test_excel_opens_csv_as_chinese():
    assert written("csv", [])[0].startswith(b"\xef\xbb\xbf")


def test_rows_that_a_sheet_cannot_hold_are_refused_not_left_out(monkeypatch):
    monkeypatch.setattr(list_file, "MOST_ROWS", 5)
    assert written("xlsx", [["示范", 1]] * 5)[1] == 5
    with pytest.raises(TooLongForExcel):
        written("xlsx", [["示范", 1]] * 6)
    assert written("csv", [["示范", 1]] * 6)[1] == 6


def test_a_cell_that_excel_would_leave_out_is_cut():
    content, _count = written("xlsx", [["示" * 40_000, 1]])
    assert len(read_back("xlsx", content)[1][0]) == 32_766


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_list_takes_no_more_memory_than_a_short_one(form, tmp_path):
    def peak(rows):
        with open(tmp_path / "list", "wb") as file:
            tracemalloc.start()
            write_list(file, form, HEADER, ([f"示范 {number}", number] for number in range(rows)))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(100)  # what is made once
    assert peak(20_000) < peak(1_000) + 500_000
