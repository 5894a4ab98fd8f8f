"""Importing growers and plots: nothing comes in until all of it can; the same file again changes nothing."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from gi_trace.accounts.models import Account
from gi_trace.database import db, insert_all
from gi_trace.errors import N_, Refused
from gi_trace.excel.choices import Choice
from gi_trace.excel.header import Column
from gi_trace.excel.table import RowFault
from gi_trace.imports.actions import send_import
from gi_trace.imports.kinds import WAYS, Found, Rows, Way
from gi_trace.imports.models import Import, ImportKind, answers_of
from gi_trace.record.actions import Happening
from gi_trace.record.acts import Acted
from gi_trace.registry.models import (
    AT_A_TIME,
    Area,
    Crop,
    Party,
    PartyKind,
    all_crops,
    all_products,
    area_choices,
)
from gi_trace.registry.who_may import NotYourParty, acts_for, lineage
from gi_trace.stock.actions.plots import check_plausible, facts_of, grower_added, lock_land, measured_in
from gi_trace.stock.files.plots import PlotRow, plot_columns, read_plots
from gi_trace.stock.models import Plot
from gi_trace.stock.places import OutsideArea, is_inside
from gi_trace.stock.rules.land import TooManyTrees, VillageFull, check_room, typed_key

ROWS_OF_A_PIECE = 200
OVERFULL = -1  # square metres: told once
CHANGED_BY = ("grower.", "plot.", "plots.", "area.", "crop.", "product.", "yield_ceiling.")
PLOT_OF_ANOTHER = N_("地块编号“{number}”已登记给别的种植户，或资料不同")
NAMESAKE = N_("该村已登记过种植户“{name}”（地块 {plots}）")
SAME_OR_NOT = N_("是同一人的，勾选“同名即同一人”再导入；是同名的另一人，请在姓名后加“（二）”区分")
CHANGE_BY_HAND = N_("要更正已登记的地块，请打开该地块办理")
FACTS = ("measured_m2", "bearing_m2", "variety", "trees")

Growers = dict[tuple[str, int], Party]  # by name and id of the area


def send_plots(name: str, content: bytes, *, same_people: bool, by: Account) -> Import:
    """`same_people` says that a name which its village has already is that person's, who gets more plots; without it
    such a name is asked about, since two may have one name.
    """
    return send_import(ImportKind.PLOTS, name, content, answers={"same_people": same_people}, by=by)


def columns() -> list[Column]:
    made_of: dict[int, list[str]] = {}
    for product in all_products():
        made_of.setdefault(product.material.crop_id, []).append(
            product.name
        )  # offices write 新会柑 for its crop
    crops = [Choice(crop.code, crop.name, tuple(made_of.get(crop.id, ()))) for crop in all_crops()]
    return plot_columns(area_choices(), tuple(crops))


def _read(sent: Import) -> Found:
    file = read_plots(sent.content or b"", columns(), answers_of(sent))
    told = file.table.told()
    if file.faults:
        return Found(file.faults, counts=told)
    areas = {area.code: area for area in db.session.scalars(select(Area))}
    known = _known_plots([typed_key(row.number) for row in file.rows])
    new = [row for row in file.rows if typed_key(row.number) not in known]
    growers = _growers_of({(row.grower, areas[row.area].id) for row in new})
    faults = [
        _contradiction(row) for row in file.rows if known.get(typed_key(row.number), _said(row)) != _said(row)
    ]
    faults += _not_allowed(new, areas, sent.sent_by)
    faults += [*_implausible(new), *_overfull(new, areas)]
    if not sent.answers["same_people"]:
        faults += _namesakes(new, areas, growers, sent.sent_by)
    if faults:
        return Found(faults, counts=told)
    crops = {crop.code: crop for crop in all_crops()}
    rows = [_prepared(row, areas[row.area], crops[row.crop]) for row in new]
    named = {(row["grower"], row["area_id"]) for row in rows}
    counts = told | {"new": len(rows), "unchanged": len(file.rows) - len(rows), "unit": file.unit}
    counts["growers"] = len(named - growers.keys())
    pieces = [rows[start : start + ROWS_OF_A_PIECE] for start in range(0, len(rows), ROWS_OF_A_PIECE)]
    return Found((), pieces, counts)


def _prepared(row: PlotRow, area: Area, crop: Crop) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in FACTS}
    return {
        "row": row.row, "number": row.number, "number_key": typed_key(row.number),
        "grower": row.grower, "area_id": area.id, "crop_id": crop.id,
    } | facts  # fmt: skip


def _known_plots(keys: list[str]) -> dict[str, tuple]:
    """What is registered of the plots with these keys, by them, as `_said` gives a row's."""
    columns = [Party.name, Area.code, Crop.code, *(getattr(Plot, name) for name in FACTS)]
    query = select(Plot.number_key, *columns).join(Plot.grower).join(Plot.area).join(Plot.crop)
    known: dict[str, tuple] = {}
    for start in range(0, len(keys), AT_A_TIME):
        part = query.where(Plot.number_key.in_(keys[start : start + AT_A_TIME]))
        known |= {key: tuple(facts) for key, *facts in db.session.execute(part)}
    return known


def _said(row: PlotRow) -> tuple:
    return (row.grower, row.area, row.crop, *(getattr(row, name) for name in FACTS))


def _growers_of(named: Iterable[tuple[str, int]]) -> Growers:
    """Those of these growers (name, id of the area) that are registered."""
    wanted = set(named)
    growers: Growers = {}
    names = sorted({name for name, _ in wanted})
    for start in range(0, len(names), AT_A_TIME):
        query = select(Party).filter_by(kind=PartyKind.GROWER)
        found = db.session.scalars(query.where(Party.name.in_(names[start : start + AT_A_TIME])))
        growers |= {(one.name, one.area_id): one for one in found if one.area_id}
    return {key: grower for key, grower in growers.items() if key in wanted}


def _not_allowed(rows: list[PlotRow], areas: dict[str, Area], by: Account) -> Iterator[RowFault]:
    """Plots that the sender may not register there, or nobody."""
    crops = {crop.code: crop for crop in all_crops()}
    kinds = {(row.area, row.crop) for row in rows}
    outside = {(area, crop) for area, crop in kinds if not is_inside(areas[area], crops[crop])}
    grower_in = {area: Party(kind=PartyKind.GROWER, name="", area=areas[area]) for area, _ in kinds}
    others = {area for area, grower in grower_in.items() if not acts_for(by, grower)}
    for row in rows:
        if row.area in others:
            yield RowFault(row.row, "所在村镇", NotYourParty.text, N_("请改正这一行"), {"party": row.grower})
        elif (row.area, row.crop) in outside:
            facts = {"place": areas[row.area].name, "crop": crops[row.crop].name}
            yield RowFault(row.row, "所在村镇", OutsideArea.text, N_("请改正这一行"), facts)


def _namesakes(
    rows: list[PlotRow], areas: dict[str, Area], growers: Growers, by: Account
) -> Iterator[RowFault]:
    """A question for each registered grower that rows name, at the first of them; not about others' growers."""
    first = {(row.grower, areas[row.area].id): row for row in reversed(rows)}
    asked = {named: grower for named, grower in growers.items() if acts_for(by, grower)}
    plots = _first_plots(grower.id for grower in asked.values())
    for named, grower in asked.items():
        facts = {"name": grower.name, "plots": "、".join(plots.get(grower.id, ())) or "—"}
        yield RowFault(first[named].row, "种植户", NAMESAKE, SAME_OR_NOT, facts)


def _first_plots(growers: Iterable[int]) -> dict[int, list[str]]:
    """The numbers of the first five plots of each grower (id)."""
    ids = sorted(growers)
    found: dict[int, list[str]] = {}
    for start in range(0, len(ids), AT_A_TIME):
        query = select(Plot.party_id, Plot.number).where(Plot.party_id.in_(ids[start : start + AT_A_TIME]))
        for grower, number in db.session.execute(query.order_by(Plot.number)):
            found.setdefault(grower, []).append(number)
    return {grower: numbers[:5] for grower, numbers in found.items()}


def _implausible(rows: list[PlotRow]) -> Iterator[RowFault]:
    crops = {crop.code: crop for crop in all_crops()}
    for row in rows:
        try:
            check_plausible(crops[row.crop], row.measured_m2, row.trees)
        except Refused as refusal:
            column = "株数" if isinstance(refusal, TooManyTrees) else "实测面积"
            yield RowFault(row.row, column, refusal.text, N_("请核对这一行"), refusal.facts)


def _overfull(rows: list[PlotRow], areas: dict[str, Area]) -> Iterator[RowFault]:
    """The first row with which the plots of a village or town no longer fit into what of it is protected."""
    had: dict[str, int] = {}
    for row in rows:
        for area in lineage(areas[row.area]):
            if area.protected_m2 is None or had.get(area.code) == OVERFULL:
                continue
            before_m2 = had[area.code] if area.code in had else measured_in(area)
            try:
                amounts = {"had_m2": before_m2, "asked_m2": row.measured_m2}
                check_room(area.name, protected_m2=area.protected_m2, **amounts)
                had[area.code] = before_m2 + row.measured_m2
            except VillageFull as refusal:
                had[area.code] = OVERFULL
                yield RowFault(row.row, "实测面积", refusal.text, N_("请核对这一行"), refusal.facts)


def _contradiction(row: PlotRow) -> RowFault:
    return RowFault(row.row, "地块编号", PLOT_OF_ANOTHER, CHANGE_BY_HAND, {"number": row.number})


def _take(sent: Import, rows: Rows) -> list[Happening]:
    """A piece: growers who are new, then plots, a statement for each table."""
    kept = [*db.session.scalars(select(Area)), *all_crops()]  # referred to, so that the session keeps them
    named = list(dict.fromkeys((row["grower"], row["area_id"]) for row in rows))
    growers = _growers_of(named)
    new = [
        {"kind": PartyKind.GROWER, "name": name, "area_id": area_id}
        for name, area_id in named
        if (name, area_id) not in growers
    ]
    entered = sorted(insert_all(Party, new), key=lambda grower: grower.id)
    growers |= {(grower.name, grower.area_id or 0): grower for grower in entered}
    columns = ("number", "number_key", "area_id", "crop_id", *FACTS)
    plots = insert_all(
        Plot,
        [
            {name: row[name] for name in columns} | {"party_id": growers[row["grower"], row["area_id"]].id}
            for row in rows
        ],
    )
    facts = {"sha256": sent.sha256, "plots": sorted(map(facts_of, plots), key=itemgetter("number"))}
    del kept
    return [*map(grower_added, entered), Happening(Acted.PLOTS_IMPORTED, sent, facts)]


def _end(sent: Import) -> list[Happening]:
    return []


WAYS[ImportKind.PLOTS] = Way(lambda _sent: columns(), _read, lock_land, _take, _end, CHANGED_BY)
