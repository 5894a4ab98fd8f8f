"""Facts of issued batches for checks: read without the ORM, and kept while no act was recorded since.

Every act appends a row to the record in its own transaction, so the record's last number says whether
anything that a page shows may have changed: a withdrawal shows at once, and no act needs to know of this.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from gi_trace.batches.models import Batch, Stop, UnitRange
from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.record.models import RecordHead
from gi_trace.registry.models import Authorisation, AuthorisationChange, Party, Product
from gi_trace.registry.rules import Basis, Right, RightChange
from gi_trace.verification.storing.rows import Reading, among_keys

MOST_KEPT = 4000  # some 2 KB each


@dataclass(frozen=True, slots=True)
class StopFacts:
    kind: StopKind
    first_unit: int
    last_unit: int
    notice: str
    reason: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class RangeFacts:
    state: UnitState
    first_unit: int
    last_unit: int
    at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class IssuedBatch:
    """A batch as its labels tell it; of ranges, newest first, the first one with a unit speaks for it.

    One that was read anew is another one, so that what was worked out of it may be kept by it.
    """

    right: Right
    stops: tuple[StopFacts, ...]
    ranges: tuple[RangeFacts, ...]
    number: int
    epoch: int
    units: int
    own_number: str
    season: str
    net_weight_g: int
    packed_on: date
    best_before: date | None
    cancelled_at: datetime | None
    lot_holds: int
    lot_recalls: int
    authorisation_id: int
    product: str
    gtin: str | None
    party: str
    uscc: str
    basis: Basis
    right_number: str
    aged_years: int | None
    stored_on: date | None
    claimed_year: int | None
    origin: dict[str, list[str]]  # towns; first and last day of harvest, processing, on-site check

    def range_of(self, unit: int) -> RangeFacts | None:
        return next((r for r in self.ranges if r.first_unit <= unit <= r.last_unit), None)

    def stop_on(self, unit: int, kind: StopKind) -> StopFacts | None:
        return next((s for s in self.stops if s.kind == kind and s.first_unit <= unit <= s.last_unit), None)


HEAD = str(select(RecordHead.number))
BATCHES = Reading(
    select(
        Batch.number,
        Batch.epoch,
        Batch.units,
        Batch.own_number,
        Batch.season,
        Batch.net_weight_g,
        Batch.packed_on,
        Batch.best_before,
        Batch.cancelled_at,
        Batch.lot_holds,
        Batch.lot_recalls,
        Batch.authorisation_id,
        Product.name,
        Product.gtin,
        Party.name,
        Party.uscc,
        Authorisation.basis,
        Authorisation.number,
        Batch.aged_years,
        Batch.stored_on,
        Batch.claimed_year,
        Batch.origin,
        Authorisation.starts_on,
        Authorisation.ends_on,
    )
    .join(Product, Batch.product_id == Product.id)
    .join(Party, Batch.party_id == Party.id)
    .join(Authorisation, Batch.authorisation_id == Authorisation.id)
    .where(among_keys("batch.number"))
)
CHANGES = Reading(
    select(
        AuthorisationChange.authorisation_id,
        AuthorisationChange.kind,
        AuthorisationChange.effective_on,
        AuthorisationChange.for_cause,
        AuthorisationChange.reason,
    )
    .where(among_keys("authorisation_id"))
    .order_by(AuthorisationChange.id)
)
STOPS = Reading(
    select(
        Stop.batch_number,
        Stop.kind,
        Stop.first_unit,
        Stop.last_unit,
        Stop.notice,
        Stop.reason,
        Stop.placed_at,
    )
    .where(among_keys("batch_number"), Stop.lifted_at.is_(None))
    .order_by(Stop.id)
)
RANGES = Reading(
    select(UnitRange.batch_number, UnitRange.state, UnitRange.first_unit, UnitRange.last_unit, UnitRange.at)
    .where(among_keys("batch_number"))
    .order_by(UnitRange.id.desc())
)


class IssuedBatches:
    """One per process. Readers with an older view of the database fill a dictionary of their own."""

    def __init__(self) -> None:
        self._kept: tuple[int, dict[int, IssuedBatch]] = (-1, {})

    def read(self, connection: Connection, numbers: Collection[int]) -> dict[int, IssuedBatch]:
        """Those of the numbers that exist. The record's number is read first: what follows is no older."""
        head = connection.exec_driver_sql(HEAD).scalar() or 0
        kept_for, kept = self._kept
        if kept_for != head or len(kept) > MOST_KEPT:
            self._kept = (head, kept := {})
        if missing := [number for number in numbers if number not in kept]:
            kept |= load_batches(connection, missing)
        return {number: kept[number] for number in numbers if number in kept}


def load_batches(connection: Connection, numbers: Collection[int]) -> dict[int, IssuedBatch]:
    rows = BATCHES.rows(connection, numbers)
    changes = _by_first(connection, CHANGES, {row[11] for row in rows})
    stops, ranges = _by_first(connection, STOPS, numbers), _by_first(connection, RANGES, numbers)
    return {
        row[0]: IssuedBatch(
            Right(row[22], row[23], tuple(RightChange(*change) for change in changes[row[11]])),
            tuple(StopFacts(*stop) for stop in stops[row[0]]),
            tuple(RangeFacts(*one) for one in ranges[row[0]]),
            *row[:22],
        )
        for row in rows
    }


def _by_first(connection: Connection, reading: Reading, numbers: Collection[int]) -> dict[int, list[Any]]:
    """Rows without their first column, under it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for first, *rest in reading.rows(connection, numbers):
        found[first].append(rest)
    return found
