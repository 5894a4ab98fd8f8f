"""Growers and their plots as an Excel file. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gi_trace.errors import N_, Refused
from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.cells import whole_of
from gi_trace.excel.choices import Choice
from gi_trace.excel.header import Column, chosen
from gi_trace.excel.table import RowFault, Table, place_text, read_table
from gi_trace.stock.rules.harvests import check_areas


@dataclass(frozen=True)
class PlotRow:
    """One plot of a file; codes of area and crop as registered, areas in whole square metres."""

    row: int
    number: str
    grower: str
    area: str
    crop: str
    measured_m2: int
    bearing_m2: int
    variety: str
    trees: int | None


@dataclass(frozen=True)
class PlotFile:
    """The outcome: rows only when there are no faults."""

    table: Table
    rows: list[PlotRow]
    faults: list[RowFault]


def plot_columns(areas: tuple[Choice, ...], crops: tuple[Choice, ...]) -> list[Column]:
    return [
        Column(
            "地块编号",
            "number",
            aliases=("编号", "地块号"),
            note="每块地一个编号，全区不能重复。",
            sample="示范-地-001",
        ),
        Column(
            "种植户",
            "grower",
            aliases=("姓名", "农户", "户主"),
            note="同村同名的另一人，请加“（二）”区分。",
            sample="示范户（示例，勿填）",
        ),
        chosen(
            "所在村镇",
            "area",
            areas,
            aliases=("村", "镇", "所在村", "所在镇"),
            note="从下拉列表选择；写别名也可以。",
        ),
        chosen("作物", "crop", crops, note="从下拉列表选择。"),
        Column(
            "实测面积",
            "measured_m2",
            whole_of,
            aliases=("面积", "实测面积平方米"),
            note="整数平方米；1 亩约 667 平方米。",
            sample="3000",
        ),
        Column(
            "挂果面积",
            "bearing_m2",
            whole_of,
            aliases=("种植面积", "挂果或种植面积"),
            note="挂果或种植面积，不大于实测面积。",
            sample="2000",
        ),
        Column("品种", "variety", required=False, note="可以留空。", sample="大种油身"),
        Column("株数", "trees", whole_of, required=False, aliases=("棵数",), note="可以留空。", sample="120"),
    ]


def read_plots(content: bytes, columns: list[Column], answers: Answers = NOTHING_SAID) -> PlotFile:
    """Raises UnreadableFile (and its kinds) for faults of the file as a whole."""
    table = read_table(content, columns, answers)
    at_fault = {fault.row for fault in table.faults}
    rows = [_plot_row(row.number, row.values) for row in table.rows if row.number not in at_fault]
    faults = [*table.faults, *_area_faults(rows), *repeated_numbers(rows, table.names)]
    return PlotFile(table, [] if faults else rows, faults)


def _plot_row(number: int, values: Mapping[str, object]) -> PlotRow:
    return PlotRow(row=number, **(dict(values) | {"variety": values["variety"] or ""}))  # type: ignore[arg-type]


def _area_faults(rows: list[PlotRow]) -> list[RowFault]:
    faults = []
    for row in rows:
        try:
            check_areas(measured_m2=row.measured_m2, bearing_m2=row.bearing_m2)
        except Refused as refusal:
            advice = N_("请核对两个面积")
            faults.append(RowFault(row.row, "挂果面积", refusal.text, advice, refusal.facts))
    return faults


class NumberedRow(Protocol):
    @property
    def row(self) -> int: ...
    @property
    def number(self) -> str: ...


def repeated_numbers(rows: Iterable[NumberedRow], lists: Sequence[str]) -> list[RowFault]:
    """The later rows of plots that stand in a file twice; `lists` are the names of its lists."""
    first: dict[str, int] = {}
    repeated = [(row, first[row.number]) for row in rows if first.setdefault(row.number, row.row) != row.row]
    message, advice = N_("地块编号“{number}”与第 {first} 行重复"), N_("每块地只留一行")
    return [
        RowFault(
            row.row, "地块编号", message, advice, {"number": row.number, "first": place_text(earlier, lists)}
        )
        for row, earlier in repeated
    ]
