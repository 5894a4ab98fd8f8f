"""The table in a workbook as an office keeps it: header somewhere below merged titles, then rows of values.

Pure, for every import: the caller names its columns. Rows carry Excel's own numbers. What is wrong
with the header is a refusal and comes first and alone; what is wrong in rows is a list.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, is_empty, text_of
from gi_trace.excel.choices import Choice, near_names, one_of
from gi_trace.excel.workbook import Grid, UnreadableFile, read_grids

HEADER_WITHIN = 20  # rows in which a header may begin
REMARK = re.compile(
    r"(注[:：]|备注|说明|填表|填报|制表|审核|复核|负责人|联系人|联系电话|单位[（(]?盖章|合计|总计|小计)"
)


@dataclass(frozen=True)
class Column:
    """One column of a file, said once for its reader, its template and the notes on filling it in.

    `name` is its header in the template, `aliases` are other headers that mean the same; `read` takes a cell
    that is not empty and raises Unreadable; `required` asks for it in every row. Of `choices` the template makes
    a drop-down, `note` and `sample` stand on its other sheets.
    """

    name: str
    key: str
    read: Callable[[Cell], Any] = text_of
    required: bool = True
    aliases: tuple[str, ...] = ()
    note: str = ""
    sample: str = ""
    choices: tuple[Choice, ...] = ()


def chosen(name: str, key: str, choices: tuple[Choice, ...], **more: Any) -> Column:
    """A column whose cells name one of the choices, and which is read as its code."""
    sample = choices[0].name if choices else ""
    return Column(name, key, one_of(choices), sample=sample, choices=choices, **more)


@dataclass(frozen=True)
class RowFault:
    """What is wrong in one row, by Excel's own row number, and what to do; both msgids filled from facts."""

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
class Table:
    """What was read: rows, the faults of their cells, and the numbers of rows passed over (remarks, totals,
    repeated headers); also the whole sheet and the number of its header row, so that it can be sent back.
    """

    rows: list[Row]
    faults: list[RowFault]
    passed_over: list[int]
    grid: Grid
    header_row: int


class HeaderNotFound(UnreadableFile):
    code = "file.no_header"
    text = N_("前 {within} 行里找不到表头。表头应有这些列：{columns}。")


class ColumnsMissing(UnreadableFile):
    code = "file.columns_missing"
    text = N_("第 {row} 行是表头，但缺少列：{missing}。")


class ColumnRepeated(UnreadableFile):
    code = "file.column_repeated"
    text = N_("第 {row} 行的表头里，“{first}”和“{second}”都像是“{column}”列。请只保留一列。")


class NoRows(UnreadableFile):
    code = "file.no_rows"
    text = N_("表头（第 {row} 行）下面没有数据。")


def read_table(content: bytes, columns: Sequence[Column]) -> Table:
    """The table under the header that names most of `columns`, on any visible sheet.

    Raises UnreadableFile (and its kinds) for faults of the file as a whole.
    """
    grids = read_grids(content)
    headers = [_best_header(grid, columns) for grid in grids]
    grid, header = max(zip(grids, headers, strict=True), key=lambda found: len(found[1].places))
    header.check(columns)
    table = _read_rows(grid, header, columns)
    if not table.rows:
        raise NoRows(row=header.row)
    return table


@dataclass(frozen=True)
class Header:
    """Where the columns stand: Excel's row number of the last header row, and places by column key."""

    row: int
    places: dict[str, int]
    repeated: tuple[str, str, str] | None
    strangers: list[str]

    def cells_of(self, cells: list[Cell], columns: Sequence[Column]) -> dict[Column, Cell]:
        """The cell of each column; empty for an optional column that the sheet does not have."""
        return {c: cells[self.places[c.key]] if c.key in self.places else "" for c in columns}

    def check(self, columns: Sequence[Column]) -> None:
        if len(self.places) < 2:
            raise HeaderNotFound(
                within=HEADER_WITHIN, columns="、".join(c.name for c in columns if c.required)
            )
        if self.repeated:
            first, second, column = self.repeated
            raise ColumnRepeated(row=self.row, first=first, second=second, column=column)
        missing = [column for column in columns if column.required and column.key not in self.places]
        if missing:
            raise ColumnsMissing(row=self.row, missing="、".join(map(self._with_near_miss, missing)))

    def _with_near_miss(self, column: Column) -> str:
        near = near_names(column.name, self.strangers)
        return f"{column.name}（是否指{near}？）" if near else column.name


def _best_header(grid: Grid, columns: Sequence[Column]) -> Header:
    """The row, or pair of rows (起始日 under 授权期限), that names the most columns; the first of equals."""
    labels = [[text_of(cell) for cell in row] for row in grid[: HEADER_WITHIN + 1]]
    single = [_header(number, row, columns) for number, row in enumerate(labels[:HEADER_WITHIN], 1)]
    double = [
        _header(number, [low or high for high, low in zip(upper, lower, strict=True)], columns)
        for number, (upper, lower) in enumerate(zip(labels, labels[1:], strict=False), 2)
    ]
    return max(single + double, key=lambda header: len(header.places))


def _header(number: int, labels: list[str], columns: Sequence[Column]) -> Header:
    names = {_header_key(name): column for column in columns for name in (column.name, *column.aliases)}
    places: dict[str, int] = {}
    repeated, strangers = None, []
    for place, label in enumerate(labels):
        column = names.get(_header_key(label)) or names.get(_header_key(re.sub(r"[（(].*?[）)]", "", label)))
        if column is None:
            strangers += [label] if label else []
        elif column.key not in places:
            places[column.key] = place
        else:
            repeated = repeated or (labels[places[column.key]], label, column.name)
    return Header(number, places, repeated, strangers)


def _header_key(label: str) -> str:
    return re.sub(r"[\s*:/()·_\-]", "", unicodedata.normalize("NFKC", label)).lower()


def _read_rows(grid: Grid, header: Header, columns: Sequence[Column]) -> Table:
    table = Table([], [], [], grid, header.row)
    heads = header.cells_of(grid[header.row - 1], columns)
    for number, cells in enumerate(grid[header.row :], header.row + 1):
        given = header.cells_of(cells, columns)
        if all(map(is_empty, given.values())):
            continue
        if given == heads or _is_remark(cells, given):
            table.passed_over.append(number)
            continue
        row, faults = _read_row(number, given)
        table.rows.append(row)
        table.faults.extend(faults)
    return table


def _is_remark(cells: list[Cell], given: Mapping[Column, Cell]) -> bool:
    """A total, a signature line or a note: begins like one and fills few of the columns."""
    first = text_of(next(cell for cell in cells if not is_empty(cell)))
    filled = {cell for cell in given.values() if not is_empty(cell)}
    return bool(REMARK.match(first)) and 2 * len(filled) < len(given)


def _read_row(number: int, given: Mapping[Column, Cell]) -> tuple[Row, list[RowFault]]:
    row, faults = Row(number, {column.key: None for column in given}), []
    for column, cell in given.items():
        if not is_empty(cell):
            try:
                row.values[column.key] = column.read(cell)
            except Unreadable as why:
                faults.append(RowFault(number, column.name, why.message, why.what_to_do, why.facts))
        elif column.required:
            faults.append(missing_cell(number, column.name))
    return row, faults


def missing_cell(row: int, column: str) -> RowFault:
    return RowFault(row, column, N_("缺少{column}"), N_("填写{column}"), {"column": column})
