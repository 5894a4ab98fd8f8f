"""The roll of mark users as an Excel file: its columns, and its check against what is registered.

Pure. The outcome is either faults or clean rows: nothing of a roll is imported until all of it can be.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from gi_trace.errors import N_
from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.header import Column, header_of
from gi_trace.excel.table import Row, RowFault, Table, place_text, table_of
from gi_trace.excel.unreadable import UnreadableFile
from gi_trace.excel.workbook import read_sheets
from gi_trace.registry.numbers import same_number
from gi_trace.registry.rolls.changes import tells_changes
from gi_trace.registry.rolls.columns import BASES, Registered, roll_columns
from gi_trace.registry.rolls.standing import check_titles, standing_faults
from gi_trace.registry.rules import Basis


@dataclass(frozen=True)
class RollRow:
    """One authorisation of one enterprise.

    Codes of product, basis and area as registered; no `ends_on` means an open end.
    """

    row: int
    name: str
    uscc: str
    product: str
    basis: Basis
    number: str
    starts_on: date
    ends_on: date | None
    area: str | None
    address: str | None
    representative: str | None = None


@dataclass(frozen=True)
class Roll:
    """The outcome: rows only without faults; `merged` are (row, earlier row) of plain repetitions."""

    table: Table
    rows: list[RollRow]
    faults: list[RowFault]
    merged: list[tuple[int, int]]


class ListOfChanges(UnreadableFile):
    code = "file.list_of_changes"
    text = N_("这是变更名单，不是用标名册。")


def read_roll(content: bytes, registered: Registered, answers: Answers = NOTHING_SAID) -> Roll:
    """Read and check the whole file. Raises UnreadableFile for faults of the file itself (ListOfChanges for one that is
    no roll), Question for what it asks."""
    columns = roll_columns(registered)
    sheets = read_sheets(content)
    if changes := list(filter(tells_changes, sheets)):
        others = [sheet for sheet in sheets if sheet not in changes]
        if not any(len(header_of(sheet, columns, answers).places) > 1 for sheet in others):
            raise ListOfChanges
    table = table_of(sheets, columns, answers)
    check_titles(table)
    return checked_roll(table, columns, registered)


def checked_roll(table: Table, columns: list[Column], registered: Registered) -> Roll:
    at_fault = {fault.row for fault in table.faults}
    readable = [row for row in table.rows if row.number not in at_fault]
    faults = [
        *table.faults,
        *standing_faults(table),
        *_faults_within_rows(readable, registered),
        *_contradictions(readable, columns, table.names),
        *_overlaps(readable, table.names),
    ]
    if faults:
        return Roll(table, [], sorted(faults, key=lambda fault: fault.row), [])
    first_rows: dict[tuple, Row] = {}
    merged, rows = [], []
    for row in readable:
        earlier = first_rows.setdefault(_right_key(row), row)
        if earlier is row:
            rows.append(RollRow(row=row.number, **row.values))
        else:
            merged.append((row.number, earlier.number))
    return Roll(table, rows, [], merged)


def _faults_within_rows(rows: Iterable[Row], registered: Registered) -> Iterator[RowFault]:
    for row in rows:
        yield from _basis_faults(row, registered)
        yield from _period_faults(row, registered)


def _basis_faults(row: Row, registered: Registered) -> Iterator[RowFault]:
    bases = registered.bases_of.get(row["product"], frozenset())
    if row["basis"] not in bases:
        names = [choice.name for choice in BASES if choice.code in bases]
        facts = {"product": registered.product_name(row["product"]), "bases": "、".join(names)}
        what_to_do = N_("{product}可填：{bases}。有变化的，先到“产品”页面登记")
        if not names:
            what_to_do = N_("先到“产品”页面登记{product}的保护依据")
        yield RowFault(row.number, "保护依据", N_("{product}没有登记这一保护依据"), what_to_do, facts)


def _period_faults(row: Row, registered: Registered) -> Iterator[RowFault]:
    since = registered.since_of.get((row["product"], row["basis"]))
    if since and row["starts_on"] < since:
        yield RowFault(
            row.number,
            "授权起始日",
            N_("{day} 早于该产品取得这一保护的日期 {since}"),
            N_("核对起始日和保护依据；登记的保护日期有误的，先到“产品”页面更改"),
            {"day": row["starts_on"].isoformat(), "since": since.isoformat()},
        )
    if row["ends_on"] and row["ends_on"] < row["starts_on"]:
        yield RowFault(
            row.number,
            "授权截止日",
            N_("截止日 {ends_on} 早于起始日 {starts_on}"),
            N_("核对两个日期是否填反"),
            {"ends_on": row["ends_on"].isoformat(), "starts_on": row["starts_on"].isoformat()},
        )


def _enterprise_key(row: Row) -> tuple:
    return (row["uscc"],)


def _right_key(row: Row) -> tuple:
    return (row["uscc"], row["product"], row["basis"], row["starts_on"])


@dataclass(frozen=True)
class Agreement:
    """Rows of the same key must agree on these columns; an empty cell of an optional column says nothing."""

    key_of: Callable[[Row], tuple]
    keys: tuple[str, ...]
    what_to_do: str


AGREEMENTS = (
    Agreement(
        _enterprise_key,
        ("name", "area", "address", "representative"),
        N_("同一统一社会信用代码只能是一家企业，核对两行并改成一致"),
    ),
    Agreement(_right_key, ("number", "ends_on"), N_("同一项授权只能有一个号码和截止日，核对两行并改成一致")),
)


def _contradictions(rows: list[Row], columns: list[Column], lists: list[str]) -> Iterator[RowFault]:
    """Rows that disagree about the same enterprise or right: the later one is at fault."""
    by_key = {column.key: column for column in columns}
    for agreement in AGREEMENTS:
        said: dict[tuple, Row] = {}
        for row in rows:
            for column in map(by_key.__getitem__, agreement.keys):
                if row[column.key] is None and not column.required:
                    continue
                earlier = said.setdefault((column.key, *agreement.key_of(row)), row)
                if not _agree(column.key, earlier[column.key], row[column.key]):
                    facts = {"column": column.name, "earlier": place_text(earlier.number, lists)}
                    yield RowFault(
                        row.number,
                        column.name,
                        N_("{column}与第 {earlier} 行不一致"),
                        agreement.what_to_do,
                        facts,
                    )


def _agree(key: str, one: Any, other: Any) -> bool:
    return same_number(one, other) if key == "number" else one == other


def _overlaps(rows: list[Row], lists: list[str]) -> Iterator[RowFault]:
    """Two periods on one basis for one product that run at the same time."""
    periods: dict[tuple, dict[date, Row]] = {}
    for row in rows:
        periods.setdefault(_right_key(row)[:-1], {}).setdefault(row["starts_on"], row)
    for same_right in periods.values():
        for before, after in pairwise(same_right[day] for day in sorted(same_right)):
            if before["ends_on"] is None or before["ends_on"] >= after["starts_on"]:
                earlier, later = sorted((before, after), key=lambda row: row.number)
                yield RowFault(
                    later.number,
                    "授权起始日",
                    N_("与第 {earlier} 行是同一产品、同一依据，两段期限重叠"),
                    N_("核对两行的起止日；续期的起始日应在上一期截止日之后"),
                    {"earlier": place_text(earlier.number, lists)},
                )
