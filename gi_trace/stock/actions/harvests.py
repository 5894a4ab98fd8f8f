"""Declaring a harvest, and the grower's slip with its objection."""

import secrets
from datetime import date

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Crop, Material, Seasons
from gi_trace.registry.rules import ReasonMissing
from gi_trace.registry.who_may import check_acts_for
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
    Slip,
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
    check_in_season,
    check_peel_kind,
    check_season_fits_crop,
    season_of,
)
from gi_trace.stock.rules.weights import check_weight


class NotAllocated(Refused):
    code = "not_allocated"
    text = N_("主管部门还没有核定地块 {plot} 在{season}的产量，不能申报采收。")


class OtherCrop(Refused):
    code = "other_crop"
    text = N_("地块 {plot} 种的是{grown}，不能申报采收{asked}。")


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
) -> Harvest:
    """Write down what was picked; its lot belongs to the grower, who gets a slip (`find_slip_of`).

    `season` is that of the day unless said; `peel_kind` is needed if peel is to be made of the fruit.
    """
    check_acts_for(by, plot.grower)
    _check_crop(plot, crop)
    check_weight(weight_g)
    two_crops = crop.seasons is Seasons.EARLY_LATE
    day = business_day(picked_on)
    season = season or season_of(day, two_crops=two_crops)
    check_season_fits_crop(season, two_crops=two_crops)
    check_in_season(day, season)
    if peel_kind and crop.code != PEEL_CROP:
        raise NoPeelKinds(crop=crop.name)
    if peel_kind:
        check_peel_kind(peel_kind, day, season)
    check_inside(plot.area, crop, place=plot.area.name)
    share_land(crop)
    allocation = find_allocation(plot, season)
    if allocation is None:
        raise NotAllocated(plot=plot.number, season=season.label)
    lock(allocation)
    check_allocation(allocated_g=allocation.allocated_g, harvested_g=allocation.harvested_g, asked_g=weight_g)
    allocation.harvested_g += weight_g
    lot = _first_lot(plot, season, raw_material_of(crop), day, peel_kind)
    harvest = Harvest(allocation=allocation, lot=lot, weight_g=weight_g, picked_on=day)
    slip = new_slip(lot, harvest=harvest)
    db.session.add_all([lot, harvest, slip])
    field = Outside(AccountKind.FIELD, plot.party_id, lot.material.id)
    booking = Booking(Acted.HARVEST_DECLARED, ActKind.HARVEST, harvest, by, day)
    facts = {"plot": plot.number, "season": season.code, "kind": peel_kind}
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
