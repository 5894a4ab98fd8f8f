"""The header of a list: wherever it stands below merged titles, in one row or two, under whatever names.

Pure.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gi_trace.errors import N_
from gi_trace.excel.answers import Answers, ColumnsMissing
from gi_trace.excel.cells import Cell, text_of
from gi_trace.excel.choices import Choice, near_names, one_of
from gi_trace.excel.unreadable import UnreadableFile
from gi_trace.excel.workbook import Sheet

HEADER_WITHIN = 20  # rows in which a header may begin
UNTOLD = re.compile(r"(序号|备注|说明|电话|联系人|联系方式)$")  # labels that never mean a column of ours


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a file, said once for its reader, its template and the notes on filling it in.

    `name` is its header in the template, `aliases` are other headers that mean the same; `read` takes a cell
    that is not empty and raises Unreadable; `required` asks for it in every row. Of `choices` the template makes
    a drop-down, `note` and `sample` stand on its other sheets. What is `sayable` may be said once for a whole file or
    sheet; of `several` things in one cell each makes a row. Texts have `most` characters. One that `covers` others is
    read as a value for each of them, and stands in no template; the cell of one that stands `behind` another is read with
    the other's before it. `under` makes the reader of what stands over it: its labels (one, or two), the sheet's titles.
    """

    name: str
    key: str
    read: Callable[[Cell], Any] = text_of
    required: bool = True
    aliases: tuple[str, ...] = ()
    note: str = ""
    sample: str = ""
    choices: tuple[Choice, ...] = ()
    sayable: bool = False
    several: bool = False
    most: int = 0
    covers: tuple[str, ...] = ()
    behind: str = ""
    under: Callable[[Sequence[str], Sequence[str]], Callable[[Cell], Any]] | None = None


def chosen(name: str, key: str, choices: tuple[Choice, ...], **more: Any) -> Column:
    """A column whose cells name one of the choices, and which is read as its code."""
    sample = choices[0].name if choices else ""
    return Column(name, key, one_of(choices), sample=sample, choices=choices, **more)


class HeaderNotFound(UnreadableFile):
    """`labels` are those of the row that is most like one."""

    code = "file.no_header"
    text = N_("前 {within} 行里找不到表头。表头应有这些列：{columns}。")

    def __init__(self, labels: list[str], **facts: object):
        super().__init__(**facts)
        self.labels = labels


class ColumnRepeated(UnreadableFile):
    code = "file.column_repeated"
    text = N_("第 {row} 行的表头里，“{first}”和“{second}”都像是“{column}”列。请只保留一列。")


@dataclass(frozen=True)
class Header:
    """Where the columns stand: Excel's row number of the last header row, and places by column key; `over` are the labels
    of the upper one of two rows; `mapped` those that people said what they mean."""

    row: int
    labels: list[str]
    over: list[str]
    places: dict[str, int]
    repeated: tuple[str, str, str] | None
    strangers: list[str]
    mapped: dict[str, str]

    @property
    def shape(self) -> str:
        keys = sorted({label_key(label) for label in self.labels if label})
        return hashlib.sha256("\n".join(keys).encode()).hexdigest()

    def cells_of(self, cells: list[Cell], columns: Iterable[Column]) -> dict[Column, Cell]:
        """The cells of the columns that the sheet has."""
        return {column: cells[self.places[column.key]] for column in columns if column.key in self.places}

    def keys(self, columns: Iterable[Column]) -> set[str]:
        """Of the columns that the sheet has, those that another one covers among them."""
        covered = {key for column in columns if column.key in self.places for key in column.covers}
        return self.places.keys() | covered

    def check(self, sheet: str, columns: Sequence[Column], said: Iterable[Column]) -> None:
        """Raises what is wrong with it, or what it asks."""
        if len(self.places) < 2:
            names = "、".join(column.name for column in columns if column.required)
            raise HeaderNotFound(self.strangers, within=HEADER_WITHIN, columns=names)
        if self.repeated:
            first, second, column = self.repeated
            raise ColumnRepeated(row=self.row, first=first, second=second, column=column)
        known = self.keys(columns) | {column.key for column in said}
        missing = [column for column in columns if column.required and column.key not in known]
        if missing:
            names = "、".join(map(self._with_near_miss, missing))
            labels = [label for label in dict.fromkeys(self.strangers) if not UNTOLD.search(label)]
            asked = {"missing": [column.key for column in missing], "labels": labels, "shape": self.shape}
            answerable = sum(not column.sayable for column in missing) <= len(labels)
            where = f"“{sheet}”表" if sheet else ""
            raise ColumnsMissing(asked, answerable=answerable, sheet=where, row=self.row, missing=names)

    def _with_near_miss(self, column: Column) -> str:
        near = near_names(column.name, self.strangers)
        return f"{column.name}（是否指{near}？）" if near else column.name


def header_of(sheet: Sheet, columns: Sequence[Column], answers: Answers) -> Header:
    """The row, or pair of rows (起始日 under 授权期限), that names the most columns; the first of equals."""
    found = _best_header(sheet, columns, answers.columns)
    if remembered := answers.remembered.get(found.shape):
        mapped = {**remembered, **answers.columns}
        return _header(found.row, found.labels, columns, mapped, found.over)
    return found


def as_it_says(column: Column, sheet: Sheet, header: Header) -> Column:
    """The column as it is read in this list, under the name that it has there, which says its unit."""
    if column.under is None:
        return column
    titles = dict.fromkeys(text_of(cell) for row in sheet.grid[: header.row - 1] for cell in row)
    at = header.places.get(column.key)
    labels = [] if at is None else [header.labels[at], *header.over[at : at + 1]]
    return replace(column, read=column.under(labels, list(titles)), name=labels[0] if labels else column.name)


def _best_header(sheet: Sheet, columns: Sequence[Column], mapped: Mapping[str, str]) -> Header:
    labels = [[text_of(cell) for cell in row] for row in sheet.grid[: HEADER_WITHIN + 1]]
    single = [_header(number, row, columns, mapped) for number, row in enumerate(labels[:HEADER_WITHIN], 1)]
    double = [
        _header(number, [low or high for high, low in zip(upper, lower, strict=True)], columns, mapped, upper)
        for number, (upper, lower) in enumerate(zip(labels, labels[1:], strict=False), 2)
    ]
    return max(single + double, key=lambda header: len(header.places))


def _header(
    number: int,
    labels: list[str],
    columns: Sequence[Column],
    answered: Mapping[str, str],
    over: Sequence[str] = (),
) -> Header:
    names = {label_key(name): column for column in columns for name in (column.name, *column.aliases)}
    by_key = {column.key: column for column in columns}
    answers = {label_key(label): by_key[key] for label, key in answered.items() if key in by_key}
    places: dict[str, int] = {}
    repeated, strangers, mapped = None, [], {}
    for place, label in enumerate(labels):
        key = label_key(label)
        column = (
            answers.get(key) or names.get(key) or names.get(label_key(re.sub(r"[（(].*?[）)]", "", label)))
        )
        if column is None:
            strangers += [label] if label else []
            continue
        if key in answers:
            mapped[label] = column.name
        if column.key not in places:
            places[column.key] = place
        else:
            repeated = repeated or (labels[places[column.key]], label, column.name)
    return Header(number, labels, list(over), places, repeated, strangers, mapped)


def label_key(label: str) -> str:
    return re.sub(r"[\s*:/()·_\-]", "", unicodedata.normalize("NFKC", label)).lower()


def said_by_sheet(sheet: Sheet, header: Header, columns: Sequence[Column]) -> dict[str, str]:
    """What the sheet's name or its titles say for all of its rows: one sheet a product."""
    titles = "\n".join(
        text_of(cell) for row in sheet.grid[: header.row - 1] for cell in dict.fromkeys(map(text_of, row))
    )
    said: dict[str, str] = {}
    for column in columns:
        if column.sayable and column.choices and column.key not in header.places:
            named = _named(sheet.name, column.choices) or _named(titles, column.choices)
            said |= {column.key: named} if named else {}
    return said


def _named(text: str, choices: Iterable[Choice]) -> str:
    """The one choice that the text names: of 新会柑 and 新会柑茶 in a text, the longer one."""
    words = {word: choice for choice in choices for word in (choice.name, *choice.aliases) if word in text}
    longest = {word for word in words if not any(word != other and word in other for other in words)}
    found = {words[word].code: words[word].name for word in longest}
    return next(iter(found.values())) if len(found) == 1 else ""
