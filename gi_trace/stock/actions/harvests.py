"""Declaring a harvest, and the grower's slip with its objection."""

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.imports.models import Import
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Crop, Material, Seasons
from gi_trace.registry.rules import ReasonMissing
from gi_trace.registry.who_may import check_handles_goods_of
from gi_trace.stock.actions import requests
from gi_trace.stock.actions.holds import ensure_held
from gi_trace.stock.actions.ledger import Booking, Outside, business_day, post
from gi_trace.stock.actions.plots import share_land
from gi_trace.stock.models import (
    ActKind,
    Harvest,
    Hold,
    HoldKind,
    Lot,
    Plot,
    RequestKind,
    Slip,
    StockRequest,
    find_allocation,
    raw_material_of,
)
from gi_trace.stock.places import check_inside
from gi_trace.stock.rules.harvests import check_allocation
from gi_trace.stock.rules.postings import AccountKind
from gi_trace.stock.rules.seasons import (
    PEEL_CROP,
    NoPeelKinds,
    PeelKind,
    Season,
    check_business_day,
    check_in_season,
    check_peel_kind,
    check_season_fits_crop,
    parse_season,
    season_of,
)
from gi_trace.stock.rules.weights import Grams, check_weight


class NotAllocated(Refused):
    code = "not_allocated"
    text = N_("主管部门还没有核定地块 {plot} 在{season}的产量，不能申报采收。")


class OtherCrop(Refused):
    code = "other_crop"
    text = N_("地块 {plot} 种的是{grown}，不能申报采收{asked}。")


class NotLate(Refused):
    code = "not_late"
    text = N_("{day} 的采收现在还可以直接申报，不必申请。")


class AlreadyObjected(Refused):
    code = "already_objected"
    text = N_("您已于 {day} 对这张回单提出异议。")


@act
def declare_harvest(
    plot: Plot,
    weight_g: int,
    picked_on: date,
    *,
    crop: Crop,
    by: Account,
    season: Season | None = None,
    peel_kind: PeelKind | None = None,
    sent: Import | None = None,
) -> Harvest:
    """Write down what was picked; its lot belongs to the grower, who gets a slip (`find_slip_of`).

    `season` is that of the day unless said; `peel_kind` is needed if peel is to be made of the fruit; `sent` is the import
    that it is a row of.
    """
    check_handles_goods_of(by, plot.grower)
    _check_told_in_time(picked_on, sent)
    return _declare(
        plot, weight_g, picked_on, crop=crop, by=by, season=season, peel_kind=peel_kind, sent=sent
    )


def is_late(picked_on: date) -> bool:
    """Whether a harvest of that day can only be asked for (`ask_late_harvest`)."""
    return (clock.today() - picked_on).days > current_app.config["STOCK_BACKDATE_DAYS"]


@act
def ask_late_harvest(
    plot: Plot,
    weight_g: int,
    picked_on: date,
    *,
    crop: Crop,
    reason: str,
    by: Account,
    season: Season | None = None,
    peel_kind: PeelKind | None = None,
    sent: Import | None = None,
) -> StockRequest:
    """A harvest that is told too late to be declared goes to the authority, with the reason; granted, it is declared.

    Raises what `declare_harvest` refuses but for the day; NotLate of a day that can still be declared.
    """
    check_handles_goods_of(by, plot.grower)
    _check_crop(plot, crop)
    if not is_late(picked_on):
        raise NotLate(day=picked_on)
    season = season or season_of(picked_on, two_crops=crop.seasons is Seasons.EARLY_LATE)
    told: dict[str, Any] = {"plot": plot.id, "weight_g": weight_g, "picked_on": picked_on.isoformat()}
    told |= {"season": season.code, "peel_kind": peel_kind.value if peel_kind else None}
    told |= {"import": sent.id} if sent else {}
    return requests.ask(RequestKind.LATE_HARVEST, plot.grower, told, reason=reason, by=by)


def _check_told_in_time(picked_on: date, sent: Import | None) -> None:
    """On the day of which its import was read behind the closed door: the set goes in whole, though midnight passes."""
    if sent and sent.read_at:
        back, read_on = current_app.config["STOCK_BACKDATE_DAYS"], clock.day_of(sent.read_at)
        check_business_day(picked_on, today=read_on, most_days_back=back)
    else:
        business_day(picked_on)


def _declare(
    plot: Plot,
    weight_g: int,
    day: date,
    *,
    crop: Crop,
    by: Account,
    season: Season | None,
    peel_kind: PeelKind | None,
    request: StockRequest | None = None,
    sent: Import | None = None,
) -> Harvest:
    """Of any day gone by; what it was granted by stands with it in the record."""
    _check_crop(plot, crop)
    check_weight(weight_g)
    check_business_day(day, today=clock.today())
    two_crops = crop.seasons is Seasons.EARLY_LATE
    season = season or season_of(day, two_crops=two_crops)
    check_season_fits_crop(season, two_crops=two_crops)
    check_in_season(day, season)
    if peel_kind and crop.code != PEEL_CROP:
        raise NoPeelKinds(crop=crop.name)
    if peel_kind:
        check_peel_kind(peel_kind, day, season)
    check_inside(plot.area, crop, place=plot.area.name)
    share_land(plot, sent)
    allocation = find_allocation(plot, season)
    if allocation is None:
        raise NotAllocated(plot=plot.number, season=season.label)
    lock(allocation)
    check_allocation(allocated_g=allocation.allocated_g, harvested_g=allocation.harvested_g, asked_g=weight_g)
    allocation.harvested_g += weight_g
    lot = _first_lot(plot, season, raw_material_of(crop), day, peel_kind)
    harvest = Harvest(allocation=allocation, lot=lot, weight_g=weight_g, picked_on=day)
    harvest.import_id = sent.id if sent else None
    slip = new_slip(lot, harvest=harvest)
    db.session.add_all([lot, harvest, slip])
    field = Outside(AccountKind.FIELD, plot.party_id, lot.material.id)
    booking = Booking(Acted.HARVEST_DECLARED, ActKind.HARVEST, harvest, by, day)
    facts: dict[str, Any] = {"plot": plot.number, "season": season.code, "kind": peel_kind}
    facts |= {"request": request.id} if request else {}
    post(booking, [(field, -weight_g), (lot, weight_g)], facts=facts)
    return harvest


@act
def object_to(slip: Slip, words: str) -> Hold | None:
    """The grower disagrees, by the slip's link alone: the lot and all made from it stop if nothing stops them yet."""
    if not words.strip():
        raise ReasonMissing
    lock(slip)
    if slip.objected_at:
        raise AlreadyObjected(day=clock.day_of(slip.objected_at))
    slip.objected_at, slip.objection = clock.now(), words.strip()
    hold = ensure_held(slip.lot, HoldKind.OBJECTION, reason=slip.objection, by=None)
    facts = {"lot": slip.lot.number, "hold": hold.id if hold else None}
    record(Acted.SLIP_OBJECTED, slip, by=None, facts=facts, personal={"words": slip.objection})
    return hold


def new_slip(lot: Lot, **occasion: object) -> Slip:
    """A slip for a harvest or a transfer (`harvest=` or `transfer=`) of a grower's lot."""
    token = secrets.token_urlsafe(24)
    return Slip(token=token, grower=lot.party, lot=lot, made_at=clock.now(), **occasion)


def _declare_as_asked(request: StockRequest, by: Account) -> Harvest:
    asked = request.arguments
    plot = db.session.get_one(Plot, asked["plot"])
    return _declare(
        plot,
        asked["weight_g"],
        date.fromisoformat(asked["picked_on"]),
        crop=plot.crop,
        by=by,
        season=parse_season(asked["season"]),
        peel_kind=PeelKind(asked["peel_kind"]) if asked["peel_kind"] else None,
        request=request,
        sent=db.session.get(Import, asked["import"]) if "import" in asked else None,
    )


def _rows_of_asked(request: StockRequest) -> Iterator[tuple[str, Any]]:
    asked = request.arguments
    plot = db.session.get_one(Plot, asked["plot"])
    yield N_("地块"), plot.number
    yield N_("作物"), plot.crop.name
    yield N_("采收日期"), asked["picked_on"]
    yield N_("重量"), Grams(asked["weight_g"])
    if asked["peel_kind"]:
        yield N_("皮类"), PeelKind(asked["peel_kind"]).label


requests.WAYS[RequestKind.LATE_HARVEST] = requests.RequestWay(_declare_as_asked, _rows_of_asked)


def _check_crop(plot: Plot, crop: Crop) -> None:
    if crop.id != plot.crop_id:
        raise OtherCrop(plot=plot.number, grown=plot.crop.name, asked=crop.name)


def _first_lot(plot: Plot, season: Season, material: Material, day: date, peel_kind: PeelKind | None) -> Lot:
    return Lot(
        party=plot.grower,
        material=material,
        peel_kind=peel_kind,
        origins=[[plot.area_id, season.code]],
        first_season=season.code,
        last_season=season.code,
        opening_checks=[],
        made_on=day,
        balance_g=0,
        reserved_g=0,
        holds=0,
        recalls=0,
    )
