"""Importing growers and plots: nothing comes in until all of it can; the same file again changes nothing."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from gi_trace.accounts.models import Account
from gi_trace.database import db
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import Happening, record_all
from gi_trace.registry.models import Area, Crop, Party, PartyKind
from gi_trace.registry.roll_columns import Choice
from gi_trace.registry.table import RowFault
from gi_trace.stock.actions.plots import PlotFacts, facts_of, find_grower, grower_added, new_plot
from gi_trace.stock.models import Plot
from gi_trace.stock.places import check_acts_for
from gi_trace.stock.plot_roll import PlotRow, read_plots

PLOT_OF_ANOTHER = N_("地块编号“{number}”已登记给别的种植户，或资料不同")
CHANGE_BY_HAND = N_("要更正已登记的地块，请打开该地块办理")


@dataclass(frozen=True)
class PlotRoll:
    """The outcome of an import: faults and nothing else, or how many plots were new and already there."""

    faults: list[RowFault]
    added: int = 0
    unchanged: int = 0


def import_plots(content: bytes, *, by: Account) -> PlotRoll:
    areas, crops = {area.code: area for area in db.session.scalars(select(Area))}, _crops()
    file = read_plots(content, area_choices(), crop_choices())
    if file.faults:
        return PlotRoll(file.faults)
    known = {plot.number: plot for plot in _plots_named([row.number for row in file.rows])}
    growers: list[Party] = []
    faults, added, unchanged = [], [], 0
    for row in file.rows:
        facts = _facts(row, areas[row.area], crops[row.crop])
        try:
            if row.number in known:
                faults += [] if _same(known[row.number], row) else [_contradiction(row)]
                unchanged += 1
            else:
                added.append(_add(row, facts, growers, by))
        except Refused as refusal:
            faults.append(RowFault(row.row, "地块编号", refusal.text, N_("请改正这一行"), refusal.facts))
    if faults:
        db.session.rollback()
        return PlotRoll(faults)
    if added:
        named = {"sha256": hashlib.sha256(content).hexdigest(), "plots": [facts_of(plot) for plot in added]}
        happenings = [grower_added(grower) for grower in growers]
        record_all([*happenings, Happening("plots.imported", by, named)], by=by)
    db.session.commit()
    return PlotRoll([], len(added), unchanged)


def area_choices() -> tuple[Choice, ...]:
    areas = db.session.scalars(select(Area).order_by(Area.id))
    return tuple(Choice(area.code, area.name, tuple(area.aliases)) for area in areas)


def crop_choices() -> tuple[Choice, ...]:
    return tuple(Choice(crop.code, crop.name) for crop in _crops().values())


def _crops() -> dict[str, Crop]:
    return {crop.code: crop for crop in db.session.scalars(select(Crop).order_by(Crop.id))}


def _plots_named(numbers: list[str]) -> list[Plot]:
    found: list[Plot] = []
    for start in range(0, len(numbers), 500):  # SQLite bounds the parameters of one statement
        found += db.session.scalars(select(Plot).where(Plot.number.in_(numbers[start : start + 500])))
    return found


def _facts(row: PlotRow, area: Area, crop: Crop) -> PlotFacts:
    return PlotFacts(row.number, area, crop, row.measured_m2, row.bearing_m2, row.variety, row.trees)


def _add(row: PlotRow, facts: PlotFacts, growers: list[Party], by: Account) -> Plot:
    """The row's plot; a grower who is new is also put on the list."""
    grower = find_grower(row.grower, facts.area)
    if grower is None:
        grower = Party(kind=PartyKind.GROWER, name=row.grower, area=facts.area)
        check_acts_for(by, grower)
        db.session.add(grower)
        growers.append(grower)
    check_acts_for(by, grower)
    plot = new_plot(grower, facts)
    db.session.flush()
    return plot


def _same(plot: Plot, row: PlotRow) -> bool:
    wanted = {"number": row.number, "area": row.area, "crop": row.crop, "measured_m2": row.measured_m2}
    wanted |= {"bearing_m2": row.bearing_m2, "variety": row.variety, "trees": row.trees}
    return facts_of(plot) == wanted and plot.grower.name == row.grower


def _contradiction(row: PlotRow) -> RowFault:
    return RowFault(row.row, "地块编号", PLOT_OF_ANOTHER, CHANGE_BY_HAND, {"number": row.number})
