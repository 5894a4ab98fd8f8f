"""Importing growers and plots: nothing comes in until all of it can; the same file again changes nothing."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from gi_trace.accounts.models import Account
from gi_trace.database import act, db
from gi_trace.errors import N_, Refused
from gi_trace.excel.table import RowFault
from gi_trace.record.actions import Happening, record_all
from gi_trace.record.acts import Acted
from gi_trace.registry.models import AT_A_TIME, Area, Crop, Party, PartyKind
from gi_trace.registry.roll_columns import Choice
from gi_trace.stock.actions.plots import PlotFacts, facts_of, grower_added, new_plot
from gi_trace.stock.models import Plot, plots_of
from gi_trace.stock.places import acts_for, check_acts_for
from gi_trace.stock.plot_roll import PlotRow, read_plots

PLOT_OF_ANOTHER = N_("地块编号“{number}”已登记给别的种植户，或资料不同")
NAMESAKE = N_("该村已登记过种植户“{name}”（地块 {plots}）")
SAME_OR_NOT = N_("是同一人的，勾选“同名即同一人”再导入；是同名的另一人，请在姓名后加“（二）”区分")
CHANGE_BY_HAND = N_("要更正已登记的地块，请打开该地块办理")


Growers = dict[tuple[str, str], Party]  # by name and code of the area


@dataclass(frozen=True)
class PlotRoll:
    """The outcome of an import: faults and nothing else, or how many plots were new and already there."""

    faults: list[RowFault]
    added: int = 0
    unchanged: int = 0


@act
def import_plots(content: bytes, *, by: Account, same_people: bool = False) -> PlotRoll:
    """Take a file of plots in. `same_people` says that a name which its village has already is that person's,
    who gets more plots; without it such a name is asked about, since two may have one name.
    """
    file = read_plots(content, area_choices(), crop_choices())
    if file.faults:
        return PlotRoll(file.faults)
    known = {plot.number: plot for plot in _plots_named([row.number for row in file.rows])}
    new_rows = [row for row in file.rows if row.number not in known]
    areas = {area.code: area for area in db.session.scalars(select(Area))}
    growers = _growers_of(new_rows, areas)
    faults = [_contradiction(row) for row in file.rows if not _fits(known.get(row.number), row)]
    faults += [] if same_people else _namesakes(new_rows, growers, by)
    added = _take_in(new_rows, areas, growers, faults, by)
    if faults:
        db.session.rollback()
        return PlotRoll(sorted(faults, key=lambda fault: fault.row))
    if added:
        _record(content, added, by)
    return PlotRoll([], len(added), len(file.rows) - len(added))


def area_choices() -> tuple[Choice, ...]:
    areas = db.session.scalars(select(Area).order_by(Area.id))
    return tuple(Choice(area.code, area.name, tuple(area.aliases)) for area in areas)


def crop_choices() -> tuple[Choice, ...]:
    return tuple(Choice(crop.code, crop.name) for crop in _crops().values())


def _crops() -> dict[str, Crop]:
    return {crop.code: crop for crop in db.session.scalars(select(Crop).order_by(Crop.id))}


def _plots_named(numbers: list[str]) -> list[Plot]:
    found: list[Plot] = []
    for start in range(0, len(numbers), AT_A_TIME):
        part = numbers[start : start + AT_A_TIME]
        found += db.session.scalars(select(Plot).where(Plot.number.in_(part)))
    return found


def _facts(row: PlotRow, area: Area, crop: Crop) -> PlotFacts:
    return PlotFacts(row.number, area, crop, row.measured_m2, row.bearing_m2, row.variety, row.trees)


def _growers_of(rows: list[PlotRow], areas: dict[str, Area]) -> Growers:
    """The registered growers that rows name."""
    codes = {areas[row.area].id: row.area for row in rows}
    query = select(Party).filter_by(kind=PartyKind.GROWER).where(Party.area_id.in_(codes))
    near = {(one.name, codes[one.area_id]): one for one in db.session.scalars(query) if one.area_id}
    named = {(row.grower, row.area) for row in rows}
    return {names: grower for names, grower in near.items() if names in named}


def _namesakes(rows: list[PlotRow], growers: Growers, by: Account) -> list[RowFault]:
    """A question for each registered grower that rows name, at the first of them; not about others' growers."""
    first = {(row.grower, row.area): row for row in reversed(rows)}
    return [_namesake(first[named], grower) for named, grower in growers.items() if acts_for(by, grower)]


def _namesake(row: PlotRow, grower: Party) -> RowFault:
    numbers = "、".join(plot.number for plot in plots_of(grower)[:5]) or "—"
    return RowFault(row.row, "种植户", NAMESAKE, SAME_OR_NOT, {"name": grower.name, "plots": numbers})


def _take_in(
    rows: list[PlotRow], areas: dict[str, Area], growers: Growers, faults: list[RowFault], by: Account
) -> list[Plot]:
    """The new plots; what may not be is added to the faults."""
    added, crops = [], _crops()
    with db.session.no_autoflush:  # what was taken meanwhile then refuses the whole, at the end
        for row in rows:
            try:
                added.append(_new_plot(row, _facts(row, areas[row.area], crops[row.crop]), growers, by))
            except Refused as refusal:
                faults.append(RowFault(row.row, "地块编号", refusal.text, N_("请改正这一行"), refusal.facts))
    return added


def _new_plot(row: PlotRow, facts: PlotFacts, growers: Growers, by: Account) -> Plot:
    """The row's plot; a grower who is new is put on the list too."""
    grower = growers.get((row.grower, row.area))
    if grower is None:
        grower = Party(kind=PartyKind.GROWER, name=row.grower, area=facts.area)
        db.session.add(grower)
        growers[row.grower, row.area] = grower
    check_acts_for(by, grower)
    return new_plot(grower, facts)


def _record(content: bytes, added: list[Plot], by: Account) -> None:
    growers = dict.fromkeys(plot.grower for plot in added if plot.grower in db.session.new)
    happenings = [grower_added(grower) for grower in growers]
    named = {"sha256": hashlib.sha256(content).hexdigest(), "plots": [facts_of(plot) for plot in added]}
    record_all([*happenings, Happening(Acted.PLOTS_IMPORTED, by, named)], by=by)


def _fits(plot: Plot | None, row: PlotRow) -> bool:
    """Whether a row says of a plot what is registered of it, if anything is."""
    if plot is None:
        return True
    wanted = {"number": row.number, "area": row.area, "crop": row.crop, "measured_m2": row.measured_m2}
    wanted |= {"bearing_m2": row.bearing_m2, "variety": row.variety, "trees": row.trees}
    return facts_of(plot) == wanted and plot.grower.name == row.grower


def _contradiction(row: PlotRow) -> RowFault:
    return RowFault(row.row, "地块编号", PLOT_OF_ANOTHER, CHANGE_BY_HAND, {"number": row.number})
