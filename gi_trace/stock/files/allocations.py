"""Verified yields of a season's plots as an Excel file: it goes out with the plots, and comes back with yields.

Pure.
"""

from dataclasses import dataclass

from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.header import Column
from gi_trace.excel.table import RowFault, Table, read_table
from gi_trace.stock.files.plots import repeated_numbers
from gi_trace.stock.files.weights import weight_under


@dataclass(frozen=True)
class YieldRow:
    """What a file says of one plot; `yield_g_per_mu` None where nothing is filled in."""

    row: int
    number: str
    yield_g_per_mu: int | None


@dataclass(frozen=True)
class YieldFile:
    """The outcome: rows only when there are no faults."""

    table: Table
    rows: list[YieldRow]
    faults: list[RowFault]


def yield_columns() -> list[Column]:
    """Only the number and the yield are read; the others are for the eyes of whoever fills it in."""
    return [
        Column(
            "地块编号", "number", aliases=("编号", "地块号"), note="请不要改动；不核定的地块可以整行删去。"
        ),
        *(
            Column(name, key, required=False, note="供核对，不读入。")
            for name, key in (
                ("种植户", "grower"),
                ("所在村镇", "area"),
                ("挂果面积（平方米）", "bearing_m2"),
                ("上一产季亩产（千克）", "last_kg_per_mu"),
                ("已核定亩产（千克）", "present_kg_per_mu"),
            )
        ),
        Column(
            "核定亩产（千克）",
            "yield_g_per_mu",
            weight_under(("核定亩产（千克）",), ()),
            under=weight_under,
            required=False,
            aliases=("核定亩产", "核实亩产", "核实的亩产"),
            note="填核实的每亩产量；留空的地块不作核定。",
        ),
    ]


def read_yields(content: bytes, answers: Answers = NOTHING_SAID) -> YieldFile:
    """Raises UnreadableFile (and its kinds) for faults of the file as a whole."""
    table = read_table(content, yield_columns(), answers)
    at_fault = {fault.row for fault in table.faults}
    rows = [
        YieldRow(row.number, row["number"], weighed.grams if (weighed := row["yield_g_per_mu"]) else None)
        for row in table.rows
        if row.number not in at_fault
    ]
    faults = [*table.faults, *repeated_numbers(rows, table.names)]
    return YieldFile(table, [] if faults else rows, faults)
