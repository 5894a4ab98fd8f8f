"""From plots to labels: whether what was coded and activated was harvested, for one season of a crop."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select

from gi_trace import clock
from gi_trace.batches.models import Batch, PrintRun, UnitRange
from gi_trace.batches.rules import UnitState
from gi_trace.database import db
from gi_trace.errors import N_
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Crop, Material, Party, Product
from gi_trace.stock.rules.seasons import Season
from gi_trace.stock.season_balance import Discrepancy, SeasonBalance, season_balance, stock_discrepancies

STALE_DAYS = 90  # goods packed so long ago without codes in use want an explanation


@dataclass(frozen=True)
class Reconciliation:
    """One season of a crop, grams at each step; `discrepancies` name the acts behind them."""

    crop: Crop
    season: Season
    balance: SeasonBalance
    coded_g: int
    activated_g: int
    void_g: int
    discrepancies: list[Discrepancy]


def reconcile(season: Season, crop: Crop, *, party: Party | None = None) -> Reconciliation:
    """The whole season; with a party, only its own discrepancies."""
    ranges = {state: _ranges_g(season, crop, state) for state in (UnitState.ACTIVATED, UnitState.VOID)}
    return Reconciliation(
        crop=crop,
        season=season,
        balance=season_balance(crop, season),
        coded_g=_coded_g(season, crop),
        activated_g=ranges[UnitState.ACTIVATED],
        void_g=ranges[UnitState.VOID],
        discrepancies=[
            *stock_discrepancies(crop, season, party=party),
            *(one for one in _stale_batches(season, crop) if party is None or one.party is party),
        ],
    )


def _of_season(query: Select, season: Season, crop: Crop) -> Select:
    """Batches whose youngest part was harvested in the season."""
    query = query.join(Product, Product.id == Batch.product_id).join(
        Material, Material.id == Product.material_id
    )
    youngest = (Batch.season == season.code) | Batch.season.endswith(f"–{season.code}")
    return query.where(Material.crop_id == crop.id, youngest, Batch.cancelled_at.is_(None))


def _coded_g(season: Season, crop: Crop) -> int:
    units = PrintRun.last_unit - PrintRun.first_unit + 1
    query = select(func.sum(units * Batch.net_weight_g)).select_from(PrintRun).join(PrintRun.batch)
    return int(db.session.scalar(_of_season(query, season, crop)) or 0)


def _ranges_g(season: Season, crop: Crop, state: UnitState) -> int:
    units = UnitRange.last_unit - UnitRange.first_unit + 1
    query = select(func.sum(units * Batch.net_weight_g)).select_from(UnitRange)
    query = query.join(Batch, Batch.number == UnitRange.batch_number).where(UnitRange.state == state)
    return int(db.session.scalar(_of_season(query, season, crop)) or 0)


def _stale_batches(season: Season, crop: Crop) -> Iterable[Discrepancy]:
    """Packed long ago, and yet units without a code ordered, or ordered and never activated."""
    longest_ago = clock.today() - timedelta(days=STALE_DAYS)
    query = _of_season(select(Batch), season, crop).where(Batch.packed_on < longest_ago)
    for batch in db.session.scalars(query.order_by(Batch.packed_on, Batch.number)):
        ordered, active = _ordered(batch), _activated(batch)
        if ordered < batch.units:
            grams = (batch.units - ordered) * batch.net_weight_g
            yield _discrepancy(batch, "not_coded", N_("已包装而未申领标识"), grams)
        if active < ordered:
            grams = (ordered - active) * batch.net_weight_g
            yield _discrepancy(batch, "not_activated", N_("已申领标识而未启用"), grams)


def _ordered(batch: Batch) -> int:
    return sum(run.units for run in batch.print_runs)


def _activated(batch: Batch) -> int:
    units = func.sum(UnitRange.last_unit - UnitRange.first_unit + 1)
    query = select(units).filter_by(batch_number=batch.number, state=UnitState.ACTIVATED)
    return db.session.scalar(query) or 0


def _discrepancy(batch: Batch, kind: str, words: str, grams: int) -> Discrepancy:
    acts = select(RecordRow.number).filter_by(subject=f"batch:{batch.number}").order_by(RecordRow.number)
    return Discrepancy(kind, words, grams, batch.party, batch.number_text, tuple(db.session.scalars(acts)))
