"""Excel files for the roll: the template to fill in, and a sent file with its faults beside its rows.

Pure. Every cell is written as a string, so that none can start a formula.
"""

import io
from collections.abc import Mapping
from contextlib import contextmanager

import xlsxwriter

from gi_trace.excel.cells import day_of, is_empty, text_of
from gi_trace.excel.table import Column
from gi_trace.excel.workbook import Grid
from gi_trace.registry.roll_columns import BASES, Choice, Registered, last_day_of, roll_columns

ROWS_WITH_LISTS = 2000
FAULTS = "错误"
LISTS = "选项"

SAMPLE = {
    "name": "示范陈皮行（示例，勿填）",
    "uscc": "91440705MADEM0001Q",
    "number": "公告2099年第1号",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
    "address": "示范路1号",
}
NOTES = {
    "name": "按营业执照填写全称。",
    "uscc": "18 位，按营业执照填写；单元格保持“文本”格式，否则 Excel 会丢掉后几位。",
    "product": "从下拉列表选择。一家企业有几种产品的，每种写一行。",
    "basis": "从下拉列表选择。同一产品按两种依据授权的，各写一行。",
    "number": "地理标志保护产品填批准公告号；证明商标填商标注册号。",
    "starts_on": "写成 2026-03-01。2026年3月1日、2026.3.1、20260301 也可以。",
    "ends_on": "写法同上；没有截止日的填“长期”。",
    "area": "从下拉列表选择；可以留空。",
    "address": "可以留空。",
}


def roll_template(registered: Registered) -> bytes:
    """The empty roll: a sheet to fill in, a filled sample, notes, and the lists behind the drop-downs."""
    choices = {"product": registered.products, "basis": BASES, "area": registered.areas}
    return template_book("名册", roll_columns(registered), choices, sample=SAMPLE, notes=NOTES)


def template_book(
    title: str,
    columns: list[Column],
    choices: Mapping[str, tuple[Choice, ...]],
    *,
    sample: Mapping[str, str],
    notes: Mapping[str, str],
) -> bytes:
    """A template for any table: samples and notes by column key, drop-downs where there are choices."""
    with _workbook() as (book, written):
        sheet = book.add_worksheet(title)
        _write_header(book, sheet, columns)
        _write_sample(book, columns, choices, sample)
        _write_notes(book, columns, notes)
        _offer_choices(book, sheet, columns, choices)
    return written.getvalue()


def annotated(grid: Grid, header_row: int, faults: Mapping[int, str]) -> bytes:
    """The sent sheet, every row at its place, and a column of what is wrong; `faults` by Excel row number."""
    header = [text_of(cell) for cell in grid[header_row - 1]]
    beside = header.index(FAULTS) if FAULTS in header else len(header)
    with _workbook() as (book, written):
        sheet = book.add_worksheet("名册")
        plain = book.add_format({"num_format": "@"})
        at_fault = book.add_format({"num_format": "@", "bg_color": "#FFE3E0", "text_wrap": True})
        for number, cells in enumerate(grid, 1):
            style = at_fault if number in faults else plain
            for place, cell in enumerate(cells[:beside]):
                if not is_empty(cell):
                    sheet.write_string(number - 1, place, text_of(cell), style)
            if number in faults:
                sheet.write_string(number - 1, beside, faults[number], style)
        sheet.write_string(header_row - 1, beside, FAULTS, book.add_format({"bold": True}))
        sheet.set_column(0, beside - 1, 18)
        sheet.set_column(beside, beside, 70)
        sheet.freeze_panes(header_row, 0)
    return written.getvalue()


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
        sheet.set_column(place, place, max(12, 2.2 * len(column.name)), day if _is_day(column) else text)
        sheet.write_string(0, place, column.name, required if column.required else optional)
    sheet.freeze_panes(1, 2)


def _is_day(column: Column) -> bool:
    return column.read in (day_of, last_day_of)


def _write_sample(
    book, columns: list[Column], choices: Mapping[str, tuple[Choice, ...]], sample: Mapping[str, str]
) -> None:
    sheet = book.add_worksheet("示例")
    _write_header(book, sheet, columns)
    first = {key: offered[0].name for key, offered in choices.items() if offered}
    for place, column in enumerate(columns):
        sheet.write_string(1, place, (dict(sample) | first).get(column.key, ""))


def _write_notes(book, columns: list[Column], notes: Mapping[str, str]) -> None:
    sheet = book.add_worksheet("填写说明")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 80, wrap)
    for place, title in enumerate(("列", "是否必填", "说明")):
        sheet.write_string(0, place, title, book.add_format({"bold": True}))
    for row, column in enumerate(columns, 1):
        for place, text in enumerate(
            (column.name, "必填" if column.required else "可留空", notes[column.key])
        ):
            sheet.write_string(row, place, text)


def _offer_choices(book, roll, columns: list[Column], choices: Mapping[str, tuple[Choice, ...]]) -> None:
    """Drop-downs; their lists stand on a hidden sheet, since a list inside a rule ends at 255 characters."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    for place, (key, offered) in enumerate(choices.items()):
        if not offered:
            continue
        for row, choice in enumerate(offered):
            sheet.write_string(row, place, choice.name)
        letter = chr(ord("A") + place)
        at = next(index for index, column in enumerate(columns) if column.key == key)
        roll.data_validation(
            1,
            at,
            ROWS_WITH_LISTS,
            at,
            {
                "validate": "list",
                "source": f"={LISTS}!${letter}$1:${letter}${len(offered)}",
                "error_title": "请从列表选择",
                "error_message": "列表里没有的，先到系统的“产品”页面登记。",
                "error_type": "warning",
            },
        )
