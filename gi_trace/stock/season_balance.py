"""A season of a crop: what its plots could have yielded, what became of it, and what needs looking into."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from gi_trace import clock
from gi_trace.database import db
from gi_trace.errors import N_
from gi_trace.registry.models import Crop, Material, Party
from gi_trace.stock.books import incoming_column
from gi_trace.stock.models import (
    ActKind,
    Allocation,
    Lot,
    Plot,
    Posting,
    StockAct,
    Transfer,
    TransferState,
    raw_material_of,
)
from gi_trace.stock.rules.seasons import Season
from gi_trace.words import Worded


@dataclass(frozen=True)
class SeasonBalance:
    """What became of a crop's season, in grams; `made_g`, `packed_g` (gross) and `unpacked_g` by material."""

    plots: int
    allocated_g: int
    harvested_g: int
    processed_g: int
    made_g: dict[str, int]
    other_use_g: int
    loss_g: int
    in_stock_g: dict[str, int]
    packed_g: dict[str, int]
    unpacked_g: dict[str, int]


class DiscrepancyKind(Worded):
    """What the books of a season may leave to explain; of units of a batch, or of a lot."""

    of_batch: bool

    UNUSUAL_YIELD = "unusual_yield", N_("得率高于通常值"), False
    OPEN_OFFER = "open_offer", N_("转让要约尚未确认"), False
    RAW_LEFT = "raw_left", N_("产季结束后仍在账的鲜货"), False
    NOT_CODED = "not_coded", N_("已包装而未申领标识"), True
    NOT_ACTIVATED = "not_activated", N_("已申领标识而未启用"), True


@dataclass(frozen=True)
class Discrepancy:
    """Something to look into: what, how much, of whom, its lot or batch, and the acts behind it."""

    kind: DiscrepancyKind
    grams: int
    party: Party
    subject: str
    act_numbers: tuple[int, ...]


def season_balance(crop: Crop, season: Season) -> SeasonBalance:
    """What a season's plots could have yielded, and what became of what they did yield."""
    plots, allocated_g, harvested_g = _allocations(crop, season)
    sums: dict[tuple[ActKind, bool], int] = defaultdict(int)
    made: dict[str, int] = defaultdict(int)
    packed: dict[str, int] = defaultdict(int)
    unpacked: dict[str, int] = defaultdict(int)
    for kind, material, incoming, grams in _sums_of_season(crop, season):
        sums[kind, incoming] += grams
        if kind is ActKind.PROCESSING and incoming:
            made[material] += grams
        if kind is ActKind.PACKING:
            packed[material] -= grams
        if kind is ActKind.UNPACKING:
            unpacked[material] += grams
    return SeasonBalance(
        plots=plots,
        allocated_g=allocated_g,
        harvested_g=harvested_g,
        processed_g=-sums[ActKind.PROCESSING, False],
        made_g=dict(made),
        other_use_g=-sums[ActKind.OTHER_USE, False] - sums[ActKind.RETURN, True],
        loss_g=-sums[ActKind.LOSS, False],
        in_stock_g=_in_stock(crop, season),
        packed_g=dict(packed),
        unpacked_g=dict(unpacked),
    )


def stock_discrepancies(crop: Crop, season: Season, *, party: Party | None = None) -> list[Discrepancy]:
    """Yields above the usual, offers never decided, and raw material that nothing was made of."""
    found = [*_unusual_yields(crop, season), *_open_offers(crop, season), *_raw_left(crop, season)]
    return [one for one in found if party is None or one.party is party]


def _sums_of_season(crop: Crop, season: Season) -> Iterable[tuple[ActKind, str, bool, int]]:
    query = select(StockAct.kind, Material.name, incoming_column(), func.sum(Posting.grams))
    query = (
        query.join(Posting, Posting.act_number == StockAct.act_number).join(Posting.lot).join(Lot.material)
    )
    query = query.where(Material.crop_id == crop.id, Lot.last_season == season.code)
    query = query.group_by(StockAct.kind, Material.name, "incoming")
    for kind, material, incoming, grams in db.session.execute(query):
        yield kind, material, bool(incoming), int(grams)


def _allocations(crop: Crop, season: Season) -> tuple[int, int, int]:
    sums = (func.count(), func.sum(Allocation.allocated_g), func.sum(Allocation.harvested_g))
    query = select(*sums).join(Allocation.plot).where(Plot.crop_id == crop.id)
    count, allocated_g, harvested_g = db.session.execute(query.where(Allocation.season == season.code)).one()
    return count, int(allocated_g or 0), int(harvested_g or 0)


def _in_stock(crop: Crop, season: Season) -> dict[str, int]:
    query = select(Material.name, func.sum(Lot.balance_g)).join(Lot.material)
    query = query.where(Material.crop_id == crop.id, Lot.last_season == season.code, Lot.balance_g > 0)
    return {name: int(grams) for name, grams in db.session.execute(query.group_by(Material.name))}


def _unusual_yields(crop: Crop, season: Season) -> Iterable[Discrepancy]:
    query = select(StockAct, Lot, Posting.grams).join(Posting, Posting.act_number == StockAct.act_number)
    query = query.join(Posting.lot).join(Lot.material).where(StockAct.unusual, Posting.grams > 0)
    query = query.where(Material.crop_id == crop.id, Lot.last_season == season.code)
    for act, lot, grams in db.session.execute(query.order_by(StockAct.act_number)):
        kind = DiscrepancyKind.UNUSUAL_YIELD
        yield Discrepancy(kind, grams, lot.party, lot.number, (act.act_number,))


def _open_offers(crop: Crop, season: Season) -> Iterable[Discrepancy]:
    query = select(Transfer).join(Transfer.lot).join(Lot.material)
    query = query.where(Transfer.state == TransferState.OFFERED, Material.crop_id == crop.id)
    for transfer in db.session.scalars(query.where(Lot.last_season == season.code).order_by(Transfer.id)):
        lot, kind = transfer.lot, DiscrepancyKind.OPEN_OFFER
        yield Discrepancy(kind, transfer.weight_g, lot.party, lot.number, _acts_of(lot))


def _raw_left(crop: Crop, season: Season) -> Iterable[Discrepancy]:
    """Fresh produce still on the books after its season: sold or spoilt without a word."""
    if clock.today() <= season.last_day:
        return
    query = select(Lot).filter_by(material_id=raw_material_of(crop).id, last_season=season.code)
    for lot in db.session.scalars(query.where(Lot.balance_g > 0).order_by(Lot.id)):
        kind = DiscrepancyKind.RAW_LEFT
        yield Discrepancy(kind, lot.balance_g, lot.party, lot.number, _acts_of(lot))


def _acts_of(lot: Lot) -> tuple[int, ...]:
    query = select(Posting.act_number).filter_by(lot_id=lot.id).distinct().order_by(Posting.act_number)
    return tuple(db.session.scalars(query))
