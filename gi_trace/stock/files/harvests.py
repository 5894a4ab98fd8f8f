"""Many harvests as a file, or as a column set pasted into a page: a row for each plot and day. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gi_trace.errors import N_
from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.cells import day_of
from gi_trace.excel.choices import Choice
from gi_trace.excel.header import Column, chosen, header_of
from gi_trace.excel.table import Row, RowFault, Table, place_text, read_table
from gi_trace.excel.workbook import Sheet
from gi_trace.stock.files.areas import others_than_most
from gi_trace.stock.files.weights import WRITTEN, unit_over, weight_under, with_unit
from gi_trace.stock.rules.land import typed_key
from gi_trace.stock.rules.seasons import PeelKind

WEIGHT = "采收重量"
HEADER_OF_TYPED = 1  # rows above the first one typed, which nobody sees
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
    """The outcome: rows only when there are no faults; `unit` is the one that weights were stated in."""

    table: Table
    rows: list[HarvestRow]
    faults: list[RowFault]
    unit: str


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
            f"{WEIGHT}（千克）", "weight_g", weight_under((), ()), under=weight_under,
            aliases=(WEIGHT, "重量", "数量", "采收量", "产量", *(f"重量{unit}" for unit in WRITTEN)),
            note="千克，最多三位小数；按斤或吨填的，请把表头改成“采收重量（斤）”。", sample="500",
        ),
        chosen(
            "皮类", "peel_kind", PEELS, required=False, aliases=("皮种",), sayable=True,
            note="要制皮的鲜果须选，并与采收日期的节气相符；其余留空。",
        ),
    ]  # fmt: skip


def read_harvests(content: bytes, answers: Answers = NOTHING_SAID, *, is_typed: bool = False) -> HarvestFile:
    """Of what was `typed`, rows count from 1 for the first harvest: nobody sees its header.

    Raises UnreadableFile (and its kinds) for faults of the file as a whole.
    """
    table = read_table(content, harvest_columns(), answers)
    at_fault = {fault.row for fault in table.faults}
    sound = [row for row in table.rows if row.number not in at_fault]
    rows = [
        HarvestRow(
            row.number,
            row["number"],
            row["picked_on"],
            row["weight_g"].grams,
            PeelKind(row["peel_kind"]) if row["peel_kind"] else None,
        )
        for row in sound
    ]
    unit, mixed = _mixed_units(sound)
    faults = [*table.faults, *mixed, *_twice(rows, table.names, above=HEADER_OF_TYPED if is_typed else 0)]
    return HarvestFile(table, [] if faults else rows, faults, unit)


def typed(rows: Iterable[Sequence[str]]) -> bytes:
    """What a page took, as a file with a header: number, day, weight and kind of each row."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["地块编号", "采收日期", WEIGHT, "皮类"])
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def lines_of(content: bytes) -> str:
    """The rows that a page took, to be pasted into it again."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return "\n".join("\t".join(row) for row in rows[HEADER_OF_TYPED:])


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
        places = {column.key: header.places.get(column.key) for column in columns}
        unit = "" if places["weight_g"] is None else unit_over([header.labels[places["weight_g"]]])
        rows = [{key: "" if at is None else row[at] for key, at in places.items()} for row in grid[1:]]
        return [list((row | {"weight_g": with_unit(row["weight_g"], unit)}).values()) for row in rows]
    return [[*row, *[""] * 4][:4] for row in grid]


def _mixed_units(rows: Sequence[Row]) -> tuple[str, list[RowFault]]:
    """The unit of most weights, and the rows in another: who wrote a unit into some cells may mean it for all."""
    most, others = others_than_most(row["weight_g"].unit for row in rows)
    message = N_("这里的重量按{unit}填写，文件里其余的按{most}")
    advice = N_("全文件用一种单位，换算好再上传")
    return most, [
        RowFault(row.number, WEIGHT, message, advice, {"unit": row["weight_g"].unit, "most": most})
        for row in rows
        if row["weight_g"].unit in others
    ]


def _twice(rows: Iterable[HarvestRow], lists: Sequence[str], *, above: int) -> list[RowFault]:
    """Rows that say the same as an earlier one: a slip, or a second picking that its grower adds up."""
    first: dict[tuple, int] = {}
    message, advice = (
        N_("与第 {first} 行的地块、日期和重量都相同"),
        N_("删去一行；确是两次采收的，合并成一行"),
    )
    again = [
        (row, first[key])
        for row in rows
        for key in [(typed_key(row.number), row.picked_on, row.weight_g)]
        if first.setdefault(key, row.row) != row.row
    ]
    return [
        RowFault(row.row, "地块编号", message, advice, {"first": place_text(earlier - above, lists)})
        for row, earlier in again
    ]
