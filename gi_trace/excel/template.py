"""Excel files that go out: a template to fill in, and a sent file with its faults beside its rows.

Pure. Every cell is written as a string, so that none can start a formula.
"""

import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from gi_trace.excel.cells import day_of, is_empty, last_day_of, text_of
from gi_trace.excel.header import Column
from gi_trace.excel.workbook import Grid

ROWS_WITH_LISTS = 2000
FAULTS = "错误"
SAMPLE = "示例"
NOT_IN_NAMES, LONGEST_NAME = re.compile(r"[\[\]:*?/\\']"), 31  # of sheets
LISTS = "选项"


def template_book(title: str, columns: list[Column], filled: Iterable[Mapping[str, str]] = ()) -> bytes:
    """A sheet to fill in (`filled` are its first rows, by column key), a sample unless it has rows already, notes on
    filling it in, and drop-downs where there are choices."""
    rows, columns = list(filled), [column for column in columns if not column.covers]
    with _workbook() as (book, written):
        sheet = book.add_worksheet(title)
        _write_header(book, sheet, columns)
        _write_rows(sheet, columns, rows)
        if not rows:
            sample = book.add_worksheet(SAMPLE)
            _write_header(book, sample, columns)
            _write_rows(sample, columns, [{column.key: column.sample for column in columns}])
        _write_notes(book, columns)
        _offer_choices(book, sheet, columns)
    return written.getvalue()


@dataclass(frozen=True)
class Marked:
    """A sent list with what is wrong in it, by Excel's row numbers; `hidden` rows were not read, and stay hidden."""

    name: str
    grid: Grid
    header_row: int
    faults: Mapping[int, str]
    hidden: Collection[int] = ()

    @property
    def beside(self) -> int:
        """The place of the column of faults: that of an earlier such file, or a new one."""
        header = [text_of(cell) for cell in self.grid[self.header_row - 1]]
        return header.index(FAULTS) if FAULTS in header else len(header)


def annotated(lists: Sequence[Marked]) -> bytes:
    """The lists, every row at its place, and a column of what is wrong. Mended and sent again it is read as the file was."""
    with _workbook() as (book, written):
        for number, marked in enumerate(lists, 1):
            title = NOT_IN_NAMES.sub(" ", marked.name).strip() or "标注"
            title = f"{number} {title}" if len(lists) > 1 else title
            _write_annotated(book, book.add_worksheet(title[:LONGEST_NAME]), marked)
    return written.getvalue()


def _write_annotated(book, sheet, marked: Marked) -> None:
    beside = marked.beside
    plain = book.add_format({"num_format": "@"})
    at_fault = book.add_format({"num_format": "@", "bg_color": "#FFE3E0", "text_wrap": True})
    for number, cells in enumerate(marked.grid, 1):
        style = at_fault if number in marked.faults else plain
        for place, cell in enumerate(cells):
            if place != beside and not is_empty(cell):
                sheet.write_string(number - 1, place, text_of(cell), style)
        if number in marked.faults:
            sheet.write_string(number - 1, beside, marked.faults[number], style)
        if number in marked.hidden:
            sheet.set_row(number - 1, None, None, {"hidden": True})
    sheet.write_string(marked.header_row - 1, beside, FAULTS, book.add_format({"bold": True}))
    sheet.set_column(0, len(marked.grid[0]), 18)
    sheet.set_column(beside, beside, 70)
    sheet.freeze_panes(marked.header_row, 0)


@contextmanager
def _workbook():
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        yield book, written


def _write_header(book, sheet, columns: list[Column]) -> None:
    required = book.add_format({"bold": True, "bg_color": "#DDEBE1", "border": 1, "num_format": "@"})
    optional = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(columns):
        is_day = column.read in (day_of, last_day_of)
        sheet.set_column(place, place, max(12, 2.2 * len(column.name)), day if is_day else text)
        sheet.write_string(0, place, column.name, required if column.required else optional)
    sheet.freeze_panes(1, 2)


def _write_rows(sheet, columns: list[Column], rows: Iterable[Mapping[str, str]]) -> None:
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            if text := row.get(column.key):
                sheet.write_string(number, place, text)


def _write_notes(book, columns: list[Column]) -> None:
    sheet = book.add_worksheet("填写说明")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 80, wrap)
    for place, title in enumerate(("列", "是否必填", "说明")):
        sheet.write_string(0, place, title, book.add_format({"bold": True}))
    for row, column in enumerate(columns, 1):
        for place, text in enumerate((column.name, "必填" if column.required else "可留空", column.note)):
            sheet.write_string(row, place, text)


def _offer_choices(book, filled, columns: list[Column]) -> None:
    """Drop-downs; their lists stand on a hidden sheet, since a list inside a rule ends at 255 characters."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    for place, (at, column) in enumerate((at, column) for at, column in enumerate(columns) if column.choices):
        for row, choice in enumerate(column.choices):
            sheet.write_string(row, place, choice.name)
        letter = xl_col_to_name(place)
        rule = {
            "validate": "list",
            "source": f"={LISTS}!${letter}$1:${letter}${len(column.choices)}",
            "error_title": "请从列表选择",
            "error_message": "列表里没有的，先到系统的“产品”页面登记。",
            "error_type": "warning",
        }
        filled.data_validation(1, at, ROWS_WITH_LISTS, at, rule)
