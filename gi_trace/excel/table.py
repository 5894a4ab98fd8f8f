"""The lists in a file as an office keeps it: headers somewhere below merged titles, then rows of values.

Pure, for every import: the caller names its columns. What is wrong with a header is a refusal and comes first and
alone; what is wrong in rows is a list. A row's number tells its sheet as well: 300_005 is row 5 of the fourth list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from gi_trace.errors import N_
from gi_trace.excel.answers import NOTHING_SAID, Answers, HiddenContent
from gi_trace.excel.cells import (
    Cell,
    NumberFrom1904,
    Unreadable,
    day_of,
    is_empty,
    is_error,
    last_day_of,
    text_of,
)
from gi_trace.excel.header import Column, Header, as_it_says, header_of, said_by_sheet
from gi_trace.excel.template import SAMPLE, Marked
from gi_trace.excel.unreadable import UnreadableFile
from gi_trace.excel.workbook import Grid, Sheet, read_sheets

NEXT_LIST = 100_000  # from a row of one list to the same row of the next; more than a sheet may have
COUNTING = re.compile(r"序号|编号|行号|No\.?", re.IGNORECASE)  # columns that only count the rows
REMARK = re.compile(
    r"(注[:：]|备注|说明|填表|填报|制表|审核|复核|负责人|联系人|联系电话|单位[（(]?盖章|合计|总计|小计|共计|[以上本页表]{1,2}(合计)?共\s*\d+)"
)
TOTAL = re.compile(r"[合总小共]\s?计[:：]?")
SIGNATURE = re.compile(
    r".*(局|办公室|委员会|人民政府|农学会)([（(]?(盖章|公章)[）)]?)?|.*[（(](盖章|公章|签名|签字)[）)]|\d{4}年\d{1,2}月(\d{1,2}日)?"
)
SEPARATORS = re.compile(r"[、，,；;/／\n]+")


@dataclass(frozen=True)
class RowFault:
    """What is wrong in one row, and what to do; both msgids filled from facts."""

    row: int
    column: str
    message: str
    what_to_do: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """Values of one row by column key; None where the cell is empty or cannot be read."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


@dataclass(frozen=True)
class List:
    """A sheet that was read as a list, its `columns` as their headers say, and what counts for all of its rows; `unheeded`
    was said for the file, which says otherwise itself."""

    sheet: Sheet
    header: Header
    columns: Sequence[Column]
    said: dict[Column, Cell]
    unheeded: dict[Column, Cell]

    @property
    def ignored(self) -> list[str]:
        """Labels of columns with content that nobody reads."""
        ours, grid = set(self.header.places.values()), self.sheet.grid[self.header.row :]
        return [
            label
            for place, label in enumerate(self.header.labels)
            if label
            and place not in ours
            and not COUNTING.fullmatch(label)
            and any(not is_empty(row[place]) for row in grid)
        ]

    @property
    def to_send_back(self) -> Grid:
        """Its cells, days that are numbers counted from 1904 written out: the next book counts otherwise."""
        days = [column for column in self.columns if column.read in (day_of, last_day_of)]
        places = {self.header.places[column.key] for column in days if column.key in self.header.places}
        return [
            [_written_out(cell) if place in places else cell for place, cell in enumerate(row)]
            for row in self.sheet.grid
        ]


@dataclass(frozen=True)
class Table:
    """What was read: rows, the faults of their cells, and the numbers of rows passed over (remarks, totals, repeated
    headers), and left out since they are hidden; the lists that it was read from, and the names of sheets that were not read.
    """

    lists: list[List]
    rows: list[Row] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [each.sheet.name for each in self.lists]

    def marked(self, faults: Mapping[int, str]) -> list[Marked]:
        """Its lists with what is wrong in their rows, to be sent back."""
        left_out = dict.fromkeys(self.left_out, "")
        return [
            Marked(
                each.sheet.name, each.to_send_back, each.header.row, _of(faults, place), _of(left_out, place)
            )
            for place, each in enumerate(self.lists)
        ]

    def told(self) -> dict[str, Any]:
        """What whoever confirms it should know, as JSON."""
        numbers = {row.number for row in self.rows}
        rows = [sum(number // NEXT_LIST == place for number in numbers) for place in range(len(self.lists))]
        mapped = {label: name for each in self.lists for label, name in each.header.mapped.items()}
        return {
            "lists": list(zip(self.names, rows, strict=True)),
            "not_read": self.not_read,
            "passed_over": self.passed_over,
            "left_out": self.left_out,
            "mapped": mapped,
            "ignored": list(dict.fromkeys(label for each in self.lists for label in each.ignored)),
            "unheeded": _told_of(self.lists, "unheeded"),
            "shapes": [each.header.shape for each in self.lists if each.header.mapped],
            "said": _told_of(self.lists, "said"),
            "encoding": self.lists[0].sheet.encoding,
        }


class NoRows(UnreadableFile):
    code = "file.no_rows"
    text = N_("表头（第 {row} 行）下面没有数据。")


def read_table(content: bytes, columns: Sequence[Column], answers: Answers = NOTHING_SAID) -> Table:
    """The lists under headers that name most of `columns`, on every sheet but the template's sample.

    Raises UnreadableFile (and its kinds) for faults of the file as a whole, and Question for what it asks.
    """
    return table_of(read_sheets(content), columns, answers)


def table_of(all_sheets: Sequence[Sheet], columns: Sequence[Column], answers: Answers) -> Table:
    """Raises what `read_table` raises."""
    sheets = [sheet for sheet in all_sheets if sheet.name != SAMPLE]
    headers = [header_of(sheet, columns, answers) for sheet in sheets]
    most = max((len(header.places) for header in headers), default=0)
    lists = [
        _list(sheet, header, columns, answers)
        for sheet, header in zip(sheets, headers, strict=True)
        if len(header.places) > 1 and 2 * len(header.places) >= most and not _is_bare(sheet, header)
    ]
    if not lists:
        _check_header(sheets, headers, columns)
    if answers.hidden_sheets is False:
        lists = [each for each in lists if not each.sheet.is_hidden]
    for each in lists:
        each.header.check(each.sheet.name if len(lists) > 1 else "", columns, each.said)
    _check_hidden(lists, answers)
    names = {each.sheet.name for each in lists}
    table = Table(lists, not_read=[sheet.name for sheet in sheets if sheet.name not in names])
    for place, each in enumerate(lists):
        _read_rows(table, place * NEXT_LIST, each, with_hidden=bool(answers.hidden_rows))
    if not table.rows:
        raise NoRows(row=lists[0].header.row if lists else 1)
    return table


def place_text(number: int, names: Sequence[str]) -> str:
    """A row as Excel shows it; with its sheet where the file has several lists."""
    place, row = divmod(number, NEXT_LIST)
    return f"{row}（“{names[place]}”表）" if len(names) > 1 else str(row)


def _list(sheet: Sheet, header: Header, columns: Sequence[Column], answers: Answers) -> List:
    columns = [as_it_says(column, sheet, header) for column in columns]
    return List(sheet, header, columns, *_said(sheet, header, columns, answers))


def _said(
    sheet: Sheet, header: Header, columns: Sequence[Column], answers: Answers
) -> tuple[dict[Column, Cell], dict[Column, Cell]]:
    """Cells that count for every row, of columns that the sheet does not have; a sheet's name says it more closely than
    the form. And what the form says in vain."""
    said: dict[str, Cell] = {**answers.said, **said_by_sheet(sheet, header, columns)}
    sayable = [column for column in columns if column.sayable and column.key in said]
    here = header.keys(columns)
    counts = {column: said[column.key] for column in sayable if column.key not in here}
    in_form: dict[Column, Cell] = {
        column: answers.said[column.key] for column in sayable if column.key in answers.said
    }
    return counts, {column: cell for column, cell in in_form.items() if counts.get(column) != cell}


def _told_of(lists: Sequence[List], name: str) -> list[list[Any]]:
    return [
        [each.sheet.name, column.name, cell] for each in lists for column, cell in getattr(each, name).items()
    ]


def _is_bare(sheet: Sheet, header: Header) -> bool:
    return all(is_empty(cell) for row in sheet.grid[header.row :] for cell in row)


def _check_header(sheets: Sequence[Sheet], headers: Sequence[Header], columns: Sequence[Column]) -> None:
    """Of a file without a list: that nothing stands under its header, or that it has none."""
    best = max(headers, key=lambda header: len(header.places), default=None)
    if best is None:
        raise NoRows(row=1)
    if len(best.places) < 2:
        best.check("", columns, ())
    raise NoRows(row=best.row)


def _check_hidden(lists: Sequence[List], answers: Answers) -> None:
    sheets = [each.sheet.name for each in lists if each.sheet.is_hidden]
    rows = [
        place * NEXT_LIST + row
        for place, each in enumerate(lists)
        if not each.sheet.is_hidden
        for row in sorted(each.sheet.hidden_rows)
        if row > each.header.row
    ]
    rows = rows if answers.hidden_rows is None else []
    sheets = sheets if answers.hidden_sheets is None else []
    if rows or sheets:
        asked = {"rows": rows, "sheets": sheets, "lists": [each.sheet.name for each in lists]}
        raise HiddenContent(asked, rows=len(rows), sheets=len(sheets))


def _read_rows(table: Table, before: int, of: List, *, with_hidden: bool) -> None:
    header, grid, columns = of.header, of.sheet.grid, of.columns
    heads = header.cells_of(grid[header.row - 1], columns)
    nothing: dict[Column, Cell] = dict.fromkeys(columns, "")
    for row, cells in enumerate(grid[header.row :], header.row + 1):
        given = header.cells_of(cells, columns)
        if all(map(is_empty, given.values())):
            continue
        if row in of.sheet.hidden_rows and not with_hidden:
            table.left_out.append(before + row)
            continue
        if given == heads or _is_remark(cells, given):
            table.passed_over.append(before + row)
            continue
        errors = list(_error_faults(before + row, given))
        rows, faults = _read_row(before + row, {**nothing, **of.said, **given})
        table.rows.extend(rows)
        table.faults.extend(errors or faults)


def _is_remark(cells: list[Cell], given: Mapping[Column, Cell]) -> bool:
    """A total, a signature line or a note: begins like one and fills few of the columns."""
    texts = [text_of(cell) for cell in cells if not is_empty(cell)]
    if TOTAL.fullmatch(texts[0]):
        return True
    filled = {cell for cell in given.values() if not is_empty(cell)}
    if 2 * len(filled) >= len(given):
        return False
    return bool(REMARK.match(texts[0])) or all(SIGNATURE.fullmatch(text) for text in texts)


def _error_faults(number: int, given: Mapping[Column, Cell]) -> Iterator[RowFault]:
    for column, cell in given.items():
        if is_error(cell):
            message, what_to_do = N_("单元格是错误值“{error}”"), N_("改正公式，或直接填写内容")
            yield RowFault(number, column.name, message, what_to_do, {"error": text_of(cell)})


def _read_row(number: int, given: Mapping[Column, Cell]) -> tuple[list[Row], list[RowFault]]:
    values: dict[str, list[Any]] = {column.key: [None] for column in given}
    filled = {column for column, cell in given.items() if not is_empty(cell)}
    covered = {key for column in filled for key in column.covers}
    faults = []
    for column in given:
        if column in filled:
            try:
                values[column.key] = _values_of(column, _with_cell_before(column, given))
            except Unreadable as why:
                faults.append(RowFault(number, column.name, why.message, why.what_to_do, why.facts))
        elif column.required and column.key not in covered:
            faults.append(missing_cell(number, column.name))
    _spread(values, given)
    rows = [Row(number, dict(zip(values, each, strict=True))) for each in product(*values.values())]
    return rows, faults


def _with_cell_before(column: Column, given: Mapping[Column, Cell]) -> Cell:
    """The cell, with that of the column that it stands behind before it: a village's name behind its town's."""
    before = next((other for other in given if other.key == column.behind), None) if column.behind else None
    if before is None or is_empty(given[before]):
        return given[column]
    return text_of(given[before]) + text_of(given[column])


def _spread(values: dict[str, list[Any]], columns: Iterable[Column]) -> None:
    """What a column says for those that it covers; their own cells say it more closely."""
    for column in columns:
        if column.covers:
            [said] = values.pop(column.key)
            for key, value in zip(column.covers, said or (), strict=False):
                if values[key] == [None]:
                    values[key] = [value]


def _values_of(column: Column, cell: Cell) -> list[Any]:
    """One value, or each of several things that one cell names."""
    try:
        value = column.read(cell)
    except Unreadable:
        parts = [part for part in SEPARATORS.split(str(cell)) if not is_empty(part)]
        if not column.several or len(parts) < 2:
            raise
        return list(dict.fromkeys(map(column.read, parts)))
    if column.most and isinstance(value, str) and len(value) > column.most:
        facts = {"length": len(value), "most": column.most}
        raise Unreadable(N_("有 {length} 个字，最多 {most} 个"), N_("写短一些"), **facts)
    return [value]


def _of(rows: Mapping[int, str], place: int) -> dict[int, str]:
    """Those of one list, by the row numbers that Excel shows."""
    return {row % NEXT_LIST: told for row, told in rows.items() if row // NEXT_LIST == place}


def _written_out(cell: Cell) -> Cell:
    try:
        return day_of(cell).isoformat() if isinstance(cell, NumberFrom1904) else cell
    except Unreadable:
        return cell


def missing_cell(row: int, column: str) -> RowFault:
    return RowFault(row, column, N_("缺少{column}"), N_("填写{column}"), {"column": column})
