"""Issued batches for checks: read by name without the ORM, and kept while no act was recorded since.

Every act appends a row to the record in its own transaction, so the record's last number says whether
anything that a page shows may have changed: a withdrawal shows at once, and no act needs to know of this.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from gi_trace.batches.models import Batch, Stop, UnitRange
from gi_trace.batches.rules import UnitState
from gi_trace.batches.unit_states import segments_of
from gi_trace.clock import day_of
from gi_trace.record.models import RecordHead
from gi_trace.registry.models import Authorisation, AuthorisationChange, Party, Product
from gi_trace.registry.rules import Right, RightChange
from gi_trace.verification.issued import IssuedBatch, IssuedStop, StateSince

MOST_KEPT = 4000  # some 2 KB each

HEAD = str(select(RecordHead.number))
BATCHES = (
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
        Batch.lot_holds.label("lot_holds"),
        Batch.lot_recalls.label("lot_recalls"),
        Batch.aged_years,
        Batch.stored_on,
        Batch.claimed_year,
        Batch.origin,
        Product.name.label("product"),
        Product.gtin,
        Party.name.label("party"),
        Party.uscc,
        Authorisation.basis,
        Authorisation.number.label("right_number"),
        Authorisation.starts_on,
        Authorisation.ends_on,
    )
    .join(Product, Batch.product_id == Product.id)
    .join(Party, Batch.party_id == Party.id)
    .join(Authorisation, Batch.authorisation_id == Authorisation.id)
)
CHANGES = (
    select(
        Batch.number.label("batch_number"),
        AuthorisationChange.kind,
        AuthorisationChange.effective_on,
        AuthorisationChange.for_cause,
        AuthorisationChange.reason,
    )
    .join(AuthorisationChange, AuthorisationChange.authorisation_id == Batch.authorisation_id)
    .order_by(AuthorisationChange.id)
)
STOPS = (
    select(
        Stop.batch_number,
        Stop.kind,
        Stop.first_unit,
        Stop.last_unit,
        Stop.notice,
        Stop.reason,
        Stop.placed_at,
    )
    .where(Stop.lifted_at.is_(None))
    .order_by(Stop.id)
)
RANGES = select(
    UnitRange.batch_number, UnitRange.state, UnitRange.first_unit, UnitRange.last_unit, UnitRange.at
).order_by(UnitRange.id)


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
    rows = connection.execute(BATCHES.where(Batch.number.in_(numbers)))
    changes = _by_batch(connection, CHANGES.where(Batch.number.in_(numbers)))
    stops = _by_batch(connection, STOPS.where(Stop.batch_number.in_(numbers)))
    ranges = _by_batch(connection, RANGES.where(UnitRange.batch_number.in_(numbers)))
    return {
        row.number: _issued(row, changes[row.number], stops[row.number], ranges[row.number]) for row in rows
    }


def _issued(
    batch: Row[*tuple[Any, ...]], changes: list[Any], stops: list[Any], ranges: list[Any]
) -> IssuedBatch:
    facts = dict(batch._mapping)
    starts_on, ends_on = facts.pop("starts_on"), facts.pop("ends_on")
    told = [(each.first_unit, each.last_unit, StateSince(each.state, day_of(each.at))) for each in ranges]
    active = [
        (each.first_unit, each.last_unit, each.at) for each in ranges if each.state is UnitState.ACTIVATED
    ]
    return IssuedBatch(
        right=Right(
            starts_on,
            ends_on,
            tuple(RightChange(each.kind, each.effective_on, each.for_cause, each.reason) for each in changes),
        ),
        stops=[
            IssuedStop(
                each.kind, each.first_unit, each.last_unit, each.notice, each.reason, day_of(each.placed_at)
            )
            for each in stops
        ],
        states=segments_of(1, batch.units, told),
        activations=segments_of(1, batch.units, active),
        **facts,
    )


def _by_batch(connection: Connection, query: Select[*tuple[Any, ...]]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.batch_number].append(row)
    return found
