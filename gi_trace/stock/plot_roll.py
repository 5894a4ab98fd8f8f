"""Growers and their plots as an Excel file: its columns, and the template to fill in. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gi_trace.errors import N_, Refused
from gi_trace.excel.cells import Cell, Unreadable, number_of, text_of
from gi_trace.excel.table import Column, RowFault, near_names, read_table
from gi_trace.registry.roll_columns import Choice
from gi_trace.registry.roll_template import template_book
from gi_trace.stock.rules.harvests import check_areas

MOST = 10**9  # more square metres or trees than any plot has, and than a column holds
SAMPLE = {
    "number": "示范-地-001",
    "grower": "示范户（示例，勿填）",
    "measured_m2": "3000",
    "bearing_m2": "2000",
    "variety": "大种油身",
    "trees": "120",
}
NOTES = {
    "number": "每块地一个编号，全区不能重复。",
    "grower": "同村同名的另一人，请加“（二）”区分。",
    "area": "从下拉列表选择；写别名也可以。",
    "crop": "从下拉列表选择。",
    "measured_m2": "整数平方米；1 亩约 667 平方米。",
    "bearing_m2": "挂果或种植面积，不大于实测面积。",
    "variety": "可以留空。",
    "trees": "可以留空。",
}


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

    rows: list[PlotRow]
    faults: list[RowFault]


def plot_columns(areas: tuple[Choice, ...], crops: tuple[Choice, ...]) -> list[Column]:
    return [
        Column("地块编号", "number", aliases=("编号", "地块号")),
        Column("种植户", "grower", aliases=("姓名", "农户", "户主")),
        Column("所在村镇", "area", _chosen(areas), aliases=("村", "镇", "所在村", "所在镇")),
        Column("作物", "crop", _chosen(crops)),
        Column("实测面积", "measured_m2", whole_of, aliases=("面积", "实测面积平方米")),
        Column("挂果面积", "bearing_m2", whole_of, aliases=("种植面积", "挂果或种植面积")),
        Column("品种", "variety", required=False),
        Column("株数", "trees", whole_of, required=False, aliases=("棵数",)),
    ]


def read_plots(content: bytes, areas: tuple[Choice, ...], crops: tuple[Choice, ...]) -> PlotFile:
    """Raises UnreadableFile (and its kinds) for faults of the file as a whole."""
    table = read_table(content, plot_columns(areas, crops))
    at_fault = {fault.row for fault in table.faults}
    rows = [_plot_row(row.number, row.values) for row in table.rows if row.number not in at_fault]
    faults = [*table.faults, *_area_faults(rows), *_repeated_numbers(rows)]
    return PlotFile([] if faults else rows, sorted(faults, key=lambda fault: fault.row))


def plot_template(areas: tuple[Choice, ...], crops: tuple[Choice, ...]) -> bytes:
    choices = {"area": areas, "crop": crops}
    return template_book("地块", plot_columns(areas, crops), choices, sample=SAMPLE, notes=NOTES)


def whole_of(cell: Cell) -> int:
    number = number_of(cell)
    if number != int(number) or abs(number) > MOST:
        raise Unreadable(N_("“{text}”不是整数"), N_("只填整数"), text=text_of(cell))
    return int(number)


def _chosen(choices: tuple[Choice, ...]) -> Callable[[Cell], str]:
    """The code of the registered thing that a cell names."""
    codes = {name: choice.code for choice in choices for name in (choice.code, choice.name, *choice.aliases)}

    def read(cell: Cell) -> str:
        text = text_of(cell)
        if text not in codes:
            near = near_names(text, codes)
            advice = N_("是否指{near}？请改成登记的名称") if near else N_("请从模板的下拉列表选择")
            raise Unreadable(N_("没有登记过“{text}”"), advice, text=text, near=near)
        return codes[text]

    return read


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


def _repeated_numbers(rows: list[PlotRow]) -> list[RowFault]:
    first: dict[str, int] = {}
    repeated = [(row, first[row.number]) for row in rows if first.setdefault(row.number, row.row) != row.row]
    message, advice = N_("地块编号“{number}”与第 {first} 行重复"), N_("每块地只留一行")
    return [
        RowFault(row.row, "地块编号", message, advice, {"number": row.number, "first": earlier})
        for row, earlier in repeated
    ]
