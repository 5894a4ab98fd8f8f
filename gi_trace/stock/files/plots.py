"""Growers and their plots as an Excel file. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gi_trace.errors import N_, Refused
from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.cells import Cell, Unreadable, text_of, whole_of
from gi_trace.excel.choices import Choice, full_name, one_of
from gi_trace.excel.header import Column, chosen
from gi_trace.excel.table import Row, RowFault, Table, place_text, read_table
from gi_trace.stock.files.areas import WRITTEN, area_under, others_than_most
from gi_trace.stock.rules.harvests import check_areas
from gi_trace.stock.rules.land import typed_key

AREAS = {"measured_m2": "实测面积", "bearing_m2": "挂果面积"}
TOWN_LABELS = ("镇", "镇街", "乡镇", "所在镇街", "镇（街）", "镇名")


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
    """The outcome: rows only when there are no faults; `unit` is the one that areas were stated in."""

    table: Table
    rows: list[PlotRow]
    faults: list[RowFault]
    unit: str


def plot_columns(areas: tuple[Choice, ...], crops: tuple[Choice, ...]) -> list[Column]:
    return [
        Column(
            "地块编号",
            "number",
            aliases=("编号", "地块号"),
            most=40,
            note="每块地一个编号，全区不能重复。",
            sample="示范-地-001",
        ),
        Column(
            "种植户",
            "grower",
            name_of,
            aliases=("姓名", "农户", "户主", "种植户姓名", "农户姓名"),
            most=60,
            note="同村同名的另一人，请加“（二）”区分。",
            sample="示范户（示例，勿填）",
        ),
        place_column(areas),
        Column("所在镇", "town", town_of(areas), False, TOWN_LABELS, covers=("area",)),
        chosen(
            "作物", "crop", crops, note="从下拉列表选择。", aliases=("作物名称", "种植作物"), sayable=True
        ),
        area_column("实测面积", "measured_m2", ("面积", "地块面积"), sample="3000"),
        area_column(
            "挂果面积",
            "bearing_m2",
            ("种植面积", "挂果或种植面积"),
            sample="2000",
            note="挂果或种植面积，不大于实测面积。",
        ),
        Column("品种", "variety", required=False, most=60, note="可以留空。", sample="大种油身"),
        Column("株数", "trees", count_of, required=False, aliases=("棵数",), note="可以留空。", sample="120"),
    ]


def place_column(areas: tuple[Choice, ...]) -> Column:
    """A town or village; a village is told from others of its name by its town, which may stand in a column of its own."""
    known = {area.code: area for area in areas}
    full = tuple(replace(area, name=full_name(area, known)) for area in areas)
    column = chosen(
        "所在村镇",
        "area",
        full,
        aliases=("村", "所在村", "村名", "村委会", "行政村", "村（社区）", "所在村（社区）"),
        note="从下拉列表选择；写别名也可以。",
        sayable=True,
        behind="town",
    )
    return replace(column, read=one_of(areas))


def town_of(areas: tuple[Choice, ...]) -> Callable[[Cell], tuple[str]]:
    read = one_of(areas)
    return lambda cell: (read(cell),)


def area_column(name: str, key: str, aliases: tuple[str, ...], *, sample: str, note: str = "") -> Column:
    names = (name, *aliases)
    written = tuple(f"{each}{unit}" for each in names for unit in WRITTEN)
    written += tuple(f"{each.removesuffix('面积')}亩数" for each in names)
    unit = f"平方米；用亩或公顷的，请把表头改成“{name}（亩）”，全文件用一种单位。"
    return Column(
        name,
        key,
        area_under((name,), ()),
        aliases=(*aliases, *written),
        note=note + unit,
        sample=sample,
        under=area_under,
    )


def name_of(cell: Cell) -> str:
    text = text_of(cell)
    if not any(one.isalpha() for one in text):
        raise Unreadable(N_("“{text}”不是姓名"), N_("填写种植户的姓名"), text=text)
    return text


def count_of(cell: Cell) -> int:
    count = whole_of(re.sub("[株棵]$", "", text_of(cell)))
    if count < 0:
        raise Unreadable(N_("“{text}”不是株数"), N_("填 0 或更大的整数"), text=text_of(cell))
    return count


def read_plots(content: bytes, columns: list[Column], answers: Answers = NOTHING_SAID) -> PlotFile:
    """Raises UnreadableFile (and its kinds) for faults of the file as a whole."""
    table = read_table(content, columns, answers)
    at_fault = {fault.row for fault in table.faults}
    sound = [row for row in table.rows if row.number not in at_fault]
    unit, mixed = _mixed_units(sound)
    rows = [_plot_row(row) for row in sound]
    faults = [*table.faults, *mixed, *_area_faults(rows), *repeated_numbers(rows, table.names)]
    return PlotFile(table, [] if faults else rows, faults, unit)


def _plot_row(row: Row) -> PlotRow:
    areas = {key: row[key].m2 for key in AREAS}
    facts = {key: row[key] for key in ("number", "grower", "area", "crop", "trees")}
    return PlotRow(row.number, variety=row["variety"] or "", **facts, **areas)


def _mixed_units(rows: Iterable[Row]) -> tuple[str, list[RowFault]]:
    """The unit of most areas, and the rows with areas in another one: who mixed them may have meant one for all."""
    rows = list(rows)
    most, others = others_than_most(row[key].unit for row in rows for key in AREAS)
    message = N_("这里的面积按{unit}填写，文件里其余的按{most}")
    advice = N_("全文件用一种单位，换算好再上传")
    return most, [
        RowFault(row.number, name, message, advice, {"unit": row[key].unit, "most": most})
        for row in rows
        for key, name in AREAS.items()
        if row[key].unit in others
    ]


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
    keyed = [(row, typed_key(row.number)) for row in rows]
    repeated = [(row, first[key]) for row, key in keyed if first.setdefault(key, row.row) != row.row]
    message, advice = N_("地块编号“{number}”与第 {first} 行重复"), N_("每块地只留一行")
    return [
        RowFault(
            row.row, "地块编号", message, advice, {"number": row.number, "first": place_text(earlier, lists)}
        )
        for row, earlier in repeated
    ]
