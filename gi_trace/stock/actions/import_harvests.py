"""Declaring many harvests at once: nothing is declared until all of it can be."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gi_trace.accounts.models import Account
from gi_trace.database import db
from gi_trace.errors import N_, Refused
from gi_trace.excel.choices import Choice
from gi_trace.excel.table import RowFault
from gi_trace.excel.template import template_book
from gi_trace.imports.actions import check_none_under_way, check_not_named, read_at_once, send_import
from gi_trace.imports.kinds import WAYS, Found, Rows, Way
from gi_trace.imports.models import Import, ImportKind, answers_of
from gi_trace.record.actions import Happening
from gi_trace.registry.models import AT_A_TIME, Crop, Party, Seasons
from gi_trace.registry.who_may import acts_for, check_no_officer
from gi_trace.stock.actions.harvests import NotAllocated, ask_late_harvest, declare_harvest, is_late
from gi_trace.stock.actions.ledger import business_day
from gi_trace.stock.files.harvests import WEIGHT, HarvestRow, harvest_columns, read_harvests, typed
from gi_trace.stock.models import Allocation, Harvest, Plot
from gi_trace.stock.models.requests import open_requests_of
from gi_trace.stock.places import OutsideArea, growers_in, is_inside
from gi_trace.stock.rules.harvests import check_allocation
from gi_trace.stock.rules.land import typed_key
from gi_trace.stock.rules.seasons import (
    PEEL_CROP,
    DateTooFarBack,
    NoPeelKinds,
    PeelKind,
    Season,
    check_peel_kind,
    season_of,
)

ROWS_OF_A_PIECE = 20
MOST_AT_ONCE = 100  # rows that a page may wait for
MOST_OFFERED = 5000  # plots in a drop-down
CHANGED_BY = (
    "harvest.",
    "allocation",
    "plot",
    "area.",
    "crop.",
    "product.",
    "stock.reversed",
    "stock_request.",
)
UNKNOWN_PLOT = N_("您可以申报的地块里没有“{number}”")
LATE = N_("填写迟报原因再提交，这一行会作为申请交主管部门")
BESIDE = {"weight_g": WEIGHT, "picked_on": "采收日期", "peel_kind": "皮类", "number": "地块编号"}


class LateHarvestAsked(Refused):
    code = "late_harvest_asked"
    text = N_("地块 {plot} {day} 的这次采收已经申请补报，正等主管部门答复。")


def send_harvests(name: str, content: bytes, *, late_reason: str, by: Account) -> Import:
    """Rows that are too late to be declared are asked for, with the reason; without one they are faults."""
    check_no_officer(by)
    return send_import(ImportKind.HARVESTS, name, content, answers=_answers(late_reason), by=by)


def type_harvests(
    rows: Sequence[Sequence[str]], *, day: date, kind: PeelKind | None, late_reason: str, by: Account
) -> Import:
    """Rows of a page (number, day, weight, kind): those without a day are of this `day`, and the fruit of citrus plots
    without a kind of this `kind`. A few are read at once, many in the background."""
    check_no_officer(by)
    for_peel = _peel_plots({row[0] for row in rows}) if kind else set()
    common = kind.label if kind else ""
    content = typed(
        [number, on or day.isoformat(), weight, own or (common if number in for_peel else "")]
        for number, on, weight, own in rows
    )
    answers = _answers(late_reason)
    if len(rows) > MOST_AT_ONCE:
        return send_import(ImportKind.HARVESTS, "", content, answers=answers, by=by)
    return read_at_once(ImportKind.HARVESTS, content, answers=answers, by=by)


def _answers(late_reason: str) -> dict[str, Any]:
    return {"late_reason": late_reason.strip()}


def harvest_template(by: Account) -> bytes:
    """With the plots of whom the account acts for as a drop-down."""
    choices = tuple(Choice(plot.number, plot.number) for plot in plots_kept_by(by, most=MOST_OFFERED))
    return template_book("采收申报", harvest_columns(choices))


def _peel_plots(numbers: set[str]) -> set[str]:
    query = select(Plot.number).join(Plot.crop).where(Crop.code == PEEL_CROP)
    listed = sorted(numbers)
    parts = [listed[start : start + AT_A_TIME] for start in range(0, len(listed), AT_A_TIME)]
    return {number for part in parts for number in db.session.scalars(query.where(Plot.number.in_(part)))}


def plots_kept_by(account: Account, asked: str = "", *, most: int) -> list[Plot]:
    """The first of those that it may declare harvests of: a village's growers', a firm's own; the authority keeps all.
    `asked` is part of a number or of a grower's name."""
    query = select(Plot).join(Plot.grower).options(joinedload(Plot.grower), joinedload(Plot.crop))
    if account.party_id:
        query = query.where(Plot.party_id == account.party_id)
    elif account.area:
        growers = growers_in(account.area).with_only_columns(Party.id).order_by(None)
        query = query.where(Plot.party_id.in_(growers))
    if asked:
        query = query.where(
            Plot.number.contains(asked, autoescape=True) | Party.name.contains(asked, autoescape=True)
        )
    return list(db.session.scalars(query.order_by(Party.name, Plot.number).limit(most)))


def _read(sent: Import) -> Found:
    file = read_harvests(sent.content or b"", answers_of(sent), is_typed=not sent.name)
    told = file.table.told()
    if file.faults:
        return Found(file.faults, counts=told)
    reading = _Reading(sent.sent_by, file.rows, sent.answers["late_reason"])
    faults = [fault for row in file.rows for fault in reading.faults(row)]
    if faults:
        return Found(faults, counts=told)
    rows = [reading.prepared(row) for row in file.rows]
    counts = told | {"rows": len(rows), "unchanged": 0, "weight_g": sum(row["weight_g"] for row in rows)}
    counts |= {"unit": file.unit}
    counts |= {name: sum(row[name] for row in rows) for name in ("again", "late")}
    counts |= {"new": len(rows) - counts["late"]}
    counts |= {"growers": len({row["grower"] for row in rows})}
    pieces = [rows[start : start + ROWS_OF_A_PIECE] for start in range(0, len(rows), ROWS_OF_A_PIECE)]
    return Found((), pieces, counts, firms=sorted({row["number"] for row in rows}))


class _Reading:
    """What the rows of a file are checked against, and how much of each allocation those before have used."""

    def __init__(self, by: Account, rows: list[HarvestRow], late_reason: str):
        self.late_reason = late_reason
        numbers = sorted({typed_key(row.number) for row in rows})
        parts = [numbers[start : start + AT_A_TIME] for start in range(0, len(numbers), AT_A_TIME)]
        owners = (joinedload(Plot.grower), joinedload(Plot.area), joinedload(Plot.crop))
        plots = [
            plot
            for part in parts
            for plot in db.session.scalars(select(Plot).options(*owners).where(Plot.number_key.in_(part)))
        ]
        self.plots = {plot.number_key: plot for plot in plots if acts_for(by, plot.grower)}
        ids = [plot.id for plot in self.plots.values()]
        self.allocations: dict[tuple[int, str], Allocation] = {}
        self.days: set[tuple[int, date]] = set()
        for start in range(0, len(ids), AT_A_TIME):
            of = Allocation.plot_id.in_(ids[start : start + AT_A_TIME])
            found = db.session.scalars(select(Allocation).where(of))
            self.allocations |= {(one.plot_id, one.season): one for one in found}
            days = select(Allocation.plot_id, Harvest.picked_on).join(Harvest.allocation)
            self.days |= {
                (plot, day) for plot, day in db.session.execute(days.where(of, Harvest.reversed_at.is_(None)))
            }
        self.used: dict[int, int] = defaultdict(int)
        self.inside: dict[tuple[int, int], bool] = {}

    def faults(self, row: HarvestRow) -> Iterator[RowFault]:
        plot = self.plots.get(typed_key(row.number))
        if plot is None:
            facts = {"number": row.number}
            yield RowFault(row.row, "地块编号", UNKNOWN_PLOT, N_("核对编号；新的地块请先登记"), facts)
            return
        for key, check in (("picked_on", self._day), ("peel_kind", self._peel), ("weight_g", self._weight)):
            try:
                check(plot, row)
            except Refused as refusal:
                advice = LATE if isinstance(refusal, DateTooFarBack) else N_("请核对这一行")
                yield RowFault(row.row, BESIDE[key], refusal.text, advice, refusal.facts)
                return

    def prepared(self, row: HarvestRow) -> dict[str, Any]:
        plot = self.plots[typed_key(row.number)]
        return {
            "row": row.row,
            "plot_id": plot.id,
            "number": plot.number,
            "grower": plot.grower.name,
            "picked_on": row.picked_on.isoformat(),
            "weight_g": row.weight_g,
            "peel_kind": row.peel_kind,
            "again": (plot.id, row.picked_on) in self.days,
            "late": is_late(row.picked_on),
        }

    def _day(self, plot: Plot, row: HarvestRow) -> None:
        if not (self.late_reason and is_late(row.picked_on)):
            business_day(row.picked_on)
        elif self._is_asked(plot, row):
            raise LateHarvestAsked(plot=plot.number, day=row.picked_on)
        place = (plot.area_id, plot.crop_id)
        if place not in self.inside:
            self.inside[place] = is_inside(plot.area, plot.crop)
        if not self.inside[place]:
            raise OutsideArea(place=plot.area.name, crop=plot.crop.name)

    def _is_asked(self, plot: Plot, row: HarvestRow) -> bool:
        """Whether the same waits for the authority's answer."""
        told = {"plot": plot.id, "weight_g": row.weight_g, "picked_on": row.picked_on.isoformat()}
        waiting = (each.arguments for each in open_requests_of(plot.grower))
        return any(told.items() <= arguments.items() for arguments in waiting)

    def _peel(self, plot: Plot, row: HarvestRow) -> None:
        if row.peel_kind is None:
            return
        if plot.crop.code != PEEL_CROP:
            raise NoPeelKinds(crop=plot.crop.name)
        check_peel_kind(row.peel_kind, row.picked_on, _season(plot.crop, row.picked_on))

    def _weight(self, plot: Plot, row: HarvestRow) -> None:
        season = _season(plot.crop, row.picked_on)
        allocation = self.allocations.get((plot.id, season.code))
        if allocation is None:
            raise NotAllocated(plot=plot.number, season=season.label)
        before_g = allocation.harvested_g + self.used[allocation.id]
        check_allocation(allocated_g=allocation.allocated_g, harvested_g=before_g, asked_g=row.weight_g)
        self.used[allocation.id] += row.weight_g


def _season(crop: Crop, day: date) -> Season:
    return season_of(day, two_crops=crop.seasons is Seasons.EARLY_LATE)


def _hold(sent: Import) -> None:
    """Whoever declares one of its plots, or writes to the land, waits."""
    db.session.execute(select(Crop.id).order_by(Crop.id).with_for_update(key_share=True))
    check_none_under_way(ImportKind.PLOTS, ImportKind.ALLOCATIONS)
    check_not_named(ImportKind.HARVESTS, sent.firms, but=sent)


def _take(sent: Import, rows: Rows) -> list[Happening]:
    """Each is declared, or asked for, as one by hand, and recorded so."""
    by = sent.confirmed_by
    assert by is not None
    for row in rows:
        plot = db.session.get_one(Plot, row["plot_id"])
        kind = PeelKind(row["peel_kind"]) if row["peel_kind"] else None
        day = date.fromisoformat(row["picked_on"])
        told: dict[str, Any] = {"crop": plot.crop, "by": by, "peel_kind": kind, "sent": sent}
        if row["late"]:
            ask_late_harvest(plot, row["weight_g"], day, reason=sent.answers["late_reason"], **told)
        else:
            declare_harvest(plot, row["weight_g"], day, **told)
    return []


def _end(sent: Import) -> list[Happening]:
    return []


WAYS[ImportKind.HARVESTS] = Way(lambda _sent: harvest_columns(), _read, _hold, _take, _end, CHANGED_BY)
