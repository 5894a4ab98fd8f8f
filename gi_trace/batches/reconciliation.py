"""From plots to labels: whether what was coded and activated was harvested, for one season of a crop."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select

from gi_trace import clock
from gi_trace.batches.coded_again import CodedAgain, all_coded_again
from gi_trace.batches.models import Batch, PrintRun, unit_segments
from gi_trace.batches.unit_states import Tally, tally_of
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Crop, Material, Party, Product
from gi_trace.stock.rules.seasons import Season
from gi_trace.stock.season_balance import (
    Discrepancy,
    DiscrepancyKind,
    SeasonBalance,
    season_balance,
    stock_discrepancies,
)

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
    coded_again: list[CodedAgain]
    discrepancies: list[Discrepancy]


def reconcile(season: Season, crop: Crop, *, party: Party | None = None) -> Reconciliation:
    """The whole season; with a party, only its own discrepancies."""
    batches = _batches_of(season, crop)
    tallies = [(batch, _tally(batch, 1, batch.units)) for batch in batches]
    return Reconciliation(
        crop=crop,
        season=season,
        balance=season_balance(crop, season),
        coded_g=_coded_g(season, crop),
        activated_g=sum((t.in_market + t.returned) * batch.net_weight_g for batch, t in tallies),
        void_g=sum(t.void * batch.net_weight_g for batch, t in tallies),
        coded_again=[one for one in all_coded_again(batches) if party is None or one.batch.party is party],
        discrepancies=[
            *stock_discrepancies(crop, season, party=party),
            *(one for one in _stale_batches(batches) if party is None or one.party is party),
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


def _batches_of(season: Season, crop: Crop) -> list[Batch]:
    query = _of_season(select(Batch), season, crop).order_by(Batch.packed_on, Batch.number)
    return list(db.session.scalars(query))


def _stale_batches(batches: Iterable[Batch]) -> Iterable[Discrepancy]:
    """Packed long ago, and yet units without a code ordered, or ordered and neither used nor spoilt."""
    longest_ago = clock.today() - timedelta(days=STALE_DAYS)
    for batch in batches:
        if batch.packed_on >= longest_ago:
            continue
        ordered = sum(run.units for run in batch.print_runs)
        uncoded, idle = _tally(batch, ordered + 1, batch.units).unused, _tally(batch, 1, ordered).unused
        if uncoded:
            yield _discrepancy(batch, DiscrepancyKind.NOT_CODED, uncoded * batch.net_weight_g)
        if idle:
            yield _discrepancy(batch, DiscrepancyKind.NOT_ACTIVATED, idle * batch.net_weight_g)


def _tally(batch: Batch, first: int, last: int) -> Tally:
    """Units by what was last said of them; none where the range is empty."""
    return tally_of(unit_segments(batch.number, first, last)) if first <= last else Tally()


def _discrepancy(batch: Batch, kind: DiscrepancyKind, grams: int) -> Discrepancy:
    acts = select(RecordRow.number).filter_by(subject=f"batch:{batch.number}").order_by(RecordRow.number)
    return Discrepancy(kind, grams, batch.party, batch.number_text, tuple(db.session.scalars(acts)))
