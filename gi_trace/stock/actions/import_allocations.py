"""Fixing what many plots may yield in a season at once: one verified yield for all, or a file with each one's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import aliased

from gi_trace.accounts.models import Account
from gi_trace.database import db
from gi_trace.errors import N_, Refused
from gi_trace.excel.table import RowFault
from gi_trace.excel.template import template_book
from gi_trace.imports.actions import ask_to_import, send_import
from gi_trace.imports.kinds import WAYS, Found, Rows, Way
from gi_trace.imports.models import Import, ImportKind, answers_of
from gi_trace.record.actions import Happening
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Area, Crop, CropYield, Party, Seasons
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_authority, lineage
from gi_trace.stock.actions.plots import is_unusual, lock_land, yield_ceiling
from gi_trace.stock.files.allocations import read_yields, yield_columns
from gi_trace.stock.models import Allocation, Plot
from gi_trace.stock.rules.harvests import allocation_g, check_new_allocation, check_yield
from gi_trace.stock.rules.land import typed_key
from gi_trace.stock.rules.seasons import Season, check_season_fits_crop, parse_season
from gi_trace.stock.rules.weights import kilograms

ROWS_OF_A_PIECE = 1_000
CHANGED_BY = ("plot.", "plots.", "allocation.", "allocations.", "yield_ceiling.", "harvest.")
UNKNOWN_PLOT = N_("没有编号为“{number}”的这种作物的地块")
MOST_PLOTS = 19_999  # of a file, beside its header


class NothingFilledIn(Refused):
    code = "nothing_filled_in"
    text = N_("文件里没有一块地填了核定亩产。")


class TooManyPlots(Refused):
    code = "too_many_plots"
    text = N_("共 {count} 块地，一个文件最多 {most} 块。请按镇或村分别下载。")


@dataclass(frozen=True)
class Field:
    """A plot as far as its allocation for the season is concerned; the last four None while there is none."""

    id: int
    number: str
    area_id: int
    bearing_m2: int
    allocation_id: int | None
    yield_g_per_mu: int | None
    allocated_g: int | None
    harvested_g: int | None


def fix_one_yield(
    crop: Crop,
    season: Season,
    *,
    area: Area | None,
    which: str,
    yield_g_per_mu: int,
    reason: str,
    by: Account,
) -> Import:
    """The plots of an area, or all, at one verified yield; `which` is "missing" for those without an allocation,
    or "all"."""
    check_authority(by)
    _check_season(crop, season)
    _check_yield(yield_g_per_mu, yield_ceiling(crop))
    area_code = area.code if area else None
    answers = _answers(crop, season, reason)
    answers |= {"area": area_code, "which": which, "yield_g_per_mu": yield_g_per_mu}
    return ask_to_import(ImportKind.ALLOCATIONS, answers, by=by)


def send_yields(name: str, content: bytes, crop: Crop, season: Season, *, reason: str, by: Account) -> Import:
    """A file with a verified yield for each plot."""
    check_authority(by)
    _check_season(crop, season)
    answers = _answers(crop, season, reason)
    return send_import(ImportKind.ALLOCATIONS, name, content, answers=answers, by=by)


def yield_template(crop: Crop, season: Season, area: Area | None) -> bytes:
    """The plots of a crop, in an area or all, to be filled in with what each may yield in the season."""
    last, present = aliased(Allocation), aliased(Allocation)
    query = (
        select(
            Plot.number,
            Party.name,
            Plot.area_id,
            Area.name,
            Plot.bearing_m2,
            last.yield_g_per_mu,
            present.yield_g_per_mu,
        )
        .join(Plot.grower)
        .join(Area, Area.id == Plot.area_id)
        .where(Plot.crop_id == crop.id)
    )
    for allocation, code in ((last, replace(season, year=season.year - 1).code), (present, season.code)):
        query = query.outerjoin(allocation, (allocation.plot_id == Plot.id) & (allocation.season == code))
    within = _ids_within(area)
    plots = [row for row in db.session.execute(query.order_by(Area.id, Plot.number)) if row[2] in within]
    if len(plots) > MOST_PLOTS:
        raise TooManyPlots(count=len(plots), most=MOST_PLOTS)
    rows = [
        {
            "number": number,
            "grower": grower,
            "area": place,
            "bearing_m2": str(bearing_m2),
            "last_kg_per_mu": kilograms(last_g) if last_g else "",
            "present_kg_per_mu": kilograms(present_g) if present_g else "",
        }
        for number, grower, _, place, bearing_m2, last_g, present_g in plots
    ]
    return template_book("核定产量", yield_columns(), rows)


def _read(sent: Import) -> Found:
    crop, season = asked_of(sent)
    ceiling = yield_ceiling(crop)
    fields = _fields(crop, season)
    counts: dict[str, Any] = {}
    if sent.name:
        file = read_yields(sent.content or b"", answers_of(sent))
        counts |= file.table.told()
        if file.faults:
            return Found(file.faults, counts=counts)
        filled = [row for row in file.rows if row.yield_g_per_mu]
        if not filled:
            raise NothingFilledIn
        counts |= {"empty": len(file.rows) - len(filled)}
        asked = [(row.row, row.number, row.yield_g_per_mu or 0) for row in filled]
    else:
        within = _ids_within(_area_of(sent))
        chosen = (field for field in fields.values() if field.area_id in within)
        missing_only = sent.answers["which"] != "all"
        asked = [
            (0, field.number, sent.answers["yield_g_per_mu"])
            for field in chosen
            if not (missing_only and field.allocation_id)
        ]
    faults = [fault for each in asked for fault in _faults(*each, fields, ceiling)]
    if faults:
        return Found(faults, counts=counts)
    rows = [_prepared(fields[typed_key(number)], yield_g) for _, number, yield_g in asked]
    changing = [row for row in rows if row["id"] and row["before_g"] != row["yield_g_per_mu"]]
    if changing:
        check_reason(sent.answers["reason"])
    new = [row for row in rows if not row["id"]]
    counts |= {"new": len(new), "changed": len(changing), "unchanged": len(rows) - len(new) - len(changing)}
    counts["raised"] = sum(row["raised"] for row in changing)
    counts["unusual"] = sum(is_unusual(row["yield_g_per_mu"], ceiling) for row in [*changing, *new])
    asking = [*changing, *new]
    pieces = [asking[start : start + ROWS_OF_A_PIECE] for start in range(0, len(asking), ROWS_OF_A_PIECE)]
    return Found((), pieces, counts)


def _prepared(field: Field, yield_g_per_mu: int) -> dict[str, Any]:
    allocated_g = allocation_g(bearing_m2=field.bearing_m2, yield_g_per_mu=yield_g_per_mu)
    return {
        "plot_id": field.id,
        "number": field.number,
        "id": field.allocation_id,
        "before_g": field.yield_g_per_mu,
        "raised": allocated_g > (field.allocated_g or allocated_g),
        "yield_g_per_mu": yield_g_per_mu,
        "allocated_g": allocated_g,
    }


def _faults(
    row: int, number: str, yield_g_per_mu: int, fields: dict[str, Field], ceiling: CropYield
) -> Iterator[RowFault]:
    field = fields.get(typed_key(number))
    if field is None:
        yield RowFault(
            row, "地块编号", UNKNOWN_PLOT, N_("核对编号和作物；新的地块请先登记"), {"number": number}
        )
        return
    try:
        _check_yield(yield_g_per_mu, ceiling)
        allocated_g = allocation_g(bearing_m2=field.bearing_m2, yield_g_per_mu=yield_g_per_mu)
        check_new_allocation(asked_g=allocated_g, harvested_g=field.harvested_g or 0)
    except Refused as refusal:
        facts = {"number": number}
        yield RowFault(row, "核定亩产", refusal.text, N_("请核对地块“{number}”的亩产"), refusal.facts | facts)


def _fields(crop: Crop, season: Season) -> dict[str, Field]:
    """The plots of the crop by the keys of their numbers."""
    joined = (Allocation.plot_id == Plot.id) & (Allocation.season == season.code)
    allocation = (Allocation.id, Allocation.yield_g_per_mu, Allocation.allocated_g, Allocation.harvested_g)
    query = select(Plot.id, Plot.number, Plot.area_id, Plot.bearing_m2, *allocation).outerjoin(
        Allocation, joined
    )
    rows = db.session.execute(query.where(Plot.crop_id == crop.id).order_by(Plot.area_id, Plot.number))
    return {typed_key(row.number): Field(*row) for row in rows}


def asked_of(sent: Import) -> tuple[Crop, Season]:
    """Of which crop and season it fixes the allocations."""
    crop = db.session.scalars(select(Crop).filter_by(code=sent.answers["crop"])).one()
    return crop, parse_season(sent.answers["season"])


def _area_of(sent: Import) -> Area | None:
    code = sent.answers["area"]
    return db.session.scalars(select(Area).filter_by(code=code)).one() if code else None


def _ids_within(area: Area | None) -> set[int]:
    """The area and those that lie within it, or all."""
    return {place.id for place in db.session.scalars(select(Area)) if area is None or area in lineage(place)}


def _answers(crop: Crop, season: Season, reason: str) -> dict[str, Any]:
    return {"crop": crop.code, "season": season.code, "reason": reason.strip()}


def _check_season(crop: Crop, season: Season) -> None:
    check_season_fits_crop(season, two_crops=crop.seasons is Seasons.EARLY_LATE)


def _check_yield(yield_g_per_mu: int, ceiling: CropYield) -> None:
    check_yield(
        yield_g_per_mu=yield_g_per_mu, ceiling_g_per_mu=ceiling.ceiling_g_per_mu, source=ceiling.source
    )


def _take(sent: Import, rows: Rows) -> list[Happening]:
    crop, season = asked_of(sent)
    columns = ("yield_g_per_mu", "allocated_g")
    changing = [{name: row[name] for name in ("id", *columns)} for row in rows if row["id"]]
    if changing:
        db.session.execute(update(Allocation), changing)
    new = [{name: row[name] for name in ("plot_id", *columns)} for row in rows if not row["id"]]
    if new:
        db.session.execute(insert(Allocation), [row | {"season": season.code} for row in new])
    facts = {"season": season.code, "reason": sent.answers["reason"], "sha256": sent.sha256}
    facts |= {name: {row["number"]: row[name] for row in rows} for name in columns}
    return [Happening(Acted.ALLOCATIONS_SET, crop, facts)]


def _end(sent: Import) -> list[Happening]:
    return []


def _takes_two(sent: Import) -> bool:
    return sent.counts["raised"] > 0 or sent.counts.get("unusual", 0) > 0


WAYS[ImportKind.ALLOCATIONS] = Way(
    lambda _sent: yield_columns(), _read, lock_land, _take, _end, CHANGED_BY, _takes_two
)
