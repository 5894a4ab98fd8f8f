"""Many harvests as a file, or as a column set pasted into a page: a row for each plot and day. Pure."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gi_trace.errors import N_, Refused
from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.cells import Cell, Unreadable, day_of, text_of
from gi_trace.excel.choices import Choice
from gi_trace.excel.header import Column, chosen, header_of
from gi_trace.excel.table import RowFault, Table, place_text, read_table
from gi_trace.excel.workbook import Sheet
from gi_trace.stock.rules.seasons import PeelKind
from gi_trace.stock.rules.weights import parse_weight

WEIGHT = "采收重量（千克）"
IN_KG = {
    "千克": Fraction(1),
    "公斤": Fraction(1),
    "kg": Fraction(1),
    "斤": Fraction(1, 2),
    "吨": Fraction(1000),
}
_UNIT = re.compile("公斤|千克|kg|吨|斤", re.IGNORECASE)
ALSO = {PeelKind.GREEN: ("青皮",), PeelKind.REDDISH: ("二红皮",), PeelKind.RED: ("红皮",)}
PEELS = tuple(Choice(kind.value, kind.label, ALSO[kind]) for kind in PeelKind)


@dataclass(frozen=True)
class HarvestRow:
    """What a file says was picked of a plot on a day."""

    row: int
    number: str
    picked_on: date
    weight_g: int
    peel_kind: PeelKind | None


@dataclass(frozen=True)
class HarvestFile:
    """The outcome: rows only when there are no faults."""

    table: Table
    rows: list[HarvestRow]
    faults: list[RowFault]


def harvest_columns(plots: tuple[Choice, ...] = ()) -> list[Column]:
    """`plots` are those that the template offers; whatever is written is read."""
    return [
        Column(
            "地块编号", "number", aliases=("编号", "地块号", "地块"), choices=plots, most=40,
            note="已登记的地块编号，每块地每天一行。", sample="示范-地-001",
        ),
        Column("种植户", "grower", required=False, aliases=("姓名", "农户", "户主"), note="供核对，不读入。"),
        Column(
            "采收日期", "picked_on", day_of, aliases=("日期", "采摘日期", "采收日"), sayable=True,
            note="写成 2026-11-24。", sample="2026-11-24",
        ),
        Column(
            WEIGHT, "weight_g", weight_under((WEIGHT,), ()), under=weight_under,
            aliases=("采收重量", "重量", "数量", "采收量", "产量", *(f"重量{unit}" for unit in IN_KG)),
            note="千克，最多三位小数；按斤或吨填的，请把表头改成“采收重量（斤）”。", sample="500",
        ),
        chosen(
            "皮类", "peel_kind", PEELS, required=False, aliases=("皮种",), sayable=True,
            note="要制皮的鲜果须选，并与采收日期的节气相符；其余留空。",
        ),
    ]  # fmt: skip


def weight_under(labels: Sequence[str], _titles: Sequence[str]) -> Callable[[Cell], int]:
    """A reader of weights, in grams, in the unit that their label says; kilograms unless it says another."""
    said = {IN_KG[unit.lower()] for label in labels for unit in _UNIT.findall(label)}
    in_kg = said.pop() if len(said) == 1 else Fraction(1)

    def read(cell: Cell) -> int:
        try:
            grams = parse_weight(text_of(cell)) * in_kg
        except Refused as refusal:
            raise Unreadable(refusal.text, N_("填千克数，例如 1500"), **refusal.facts) from None
        if grams.denominator != 1:
            raise Unreadable(N_("“{text}”比 1 克还细"), N_("最多填 3 位小数"), text=text_of(cell))
        return int(grams)

    return read


def read_harvests(content: bytes, answers: Answers = NOTHING_SAID) -> HarvestFile:
    """Raises UnreadableFile (and its kinds) for faults of the file as a whole."""
    table = read_table(content, harvest_columns(), answers)
    at_fault = {fault.row for fault in table.faults}
    rows = [
        HarvestRow(
            row.number,
            row["number"],
            row["picked_on"],
            row["weight_g"],
            PeelKind(row["peel_kind"]) if row["peel_kind"] else None,
        )
        for row in table.rows
        if row.number not in at_fault
    ]
    faults = [*table.faults, *_twice(rows, table.names)]
    return HarvestFile(table, [] if faults else rows, faults)


def typed(rows: Iterable[Sequence[str]]) -> bytes:
    """What a page took, as a file with a header: number, day, weight and kind of each row."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["地块编号", "采收日期", WEIGHT, "皮类"])
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def lines_of(content: bytes) -> str:
    """The rows that a page took, to be pasted into it again."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return "\n".join("\t".join(row) for row in rows)


def pasted(text: str) -> list[list[str]]:
    """Number, day, weight and kind of each line, as copied from a sheet; in another order under a header of their own."""
    lines = [line for line in text.splitlines() if line.strip()]
    tabbed = any("\t" in line for line in lines)
    grid = [
        [cell.strip() for cell in re.split("\t" if tabbed else r"[,，;；\s]+", line.strip("\r\n"))]
        for line in lines
    ]
    width = max(map(len, grid), default=0)
    grid = [[*row, *[""] * (width - len(row))] for row in grid]
    columns = [column for column in harvest_columns() if column.key != "grower"]
    if not grid:
        return []
    header = header_of(Sheet("", [list(row) for row in grid]), columns, NOTHING_SAID)
    if header.row == 1 and len(header.places) > 1:
        places = [header.places.get(column.key) for column in columns]
        return [["" if at is None else row[at] for at in places] for row in grid[1:]]
    return [[*row, *[""] * 4][:4] for row in grid]


def _twice(rows: Iterable[HarvestRow], lists: Sequence[str]) -> list[RowFault]:
    """Rows that say the same as an earlier one: a slip, or a second picking that its grower adds up."""
    first: dict[tuple, int] = {}
    message, advice = (
        N_("与第 {first} 行的地块、日期和重量都相同"),
        N_("删去一行；确是两次采收的，合并成一行"),
    )
    again = [
        (row, first[key])
        for row in rows
        for key in [(row.number, row.picked_on, row.weight_g)]
        if first.setdefault(key, row.row) != row.row
    ]
    return [
        RowFault(row.row, "地块编号", message, advice, {"first": place_text(earlier, lists)})
        for row, earlier in again
    ]
