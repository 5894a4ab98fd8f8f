"""Issued batches for checks: read by name without the ORM, and kept while no act was recorded since.

Every act appends a row to the record in its own transaction, so the record's last number says whether
anything that a page shows may have changed: a withdrawal shows at once, and no act needs to know of this.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from gi_trace.batches.models import Batch, BatchDraw, Stop, UnitRange
from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.batches.unit_states import segments_of
from gi_trace.clock import day_of
from gi_trace.record.models import RecordHead
from gi_trace.registry.glossary import Glossary
from gi_trace.registry.models import (
    Authorisation,
    AuthorisationChange,
    Party,
    Product,
    Succession,
    read_glossary,
)
from gi_trace.registry.party_rules import successors_of
from gi_trace.registry.rules import Right, RightChange
from gi_trace.registry.uscc import shown_code, shown_name
from gi_trace.stock.models import Hold, HoldKind, LotParent
from gi_trace.verification.issued import IssuedBatch, IssuedStop, StateSince

MOST_KEPT = 4000  # some 2 KB each
AT_A_TIME = 500

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
        Batch.printed_product.label("product"),
        Batch.printed_name.label("party"),
        Batch.printed_uscc.label("uscc"),
        Batch.printed_number.label("right_number"),
        Batch.party_id,
        Product.name.label("product_now"),
        Product.gtin,
        Party.name.label("party_now"),
        Party.uscc.label("uscc_now"),
        Authorisation.number.label("right_number_now"),
        Authorisation.basis,
        Authorisation.starts_on,
        Authorisation.ends_on,
    )
    .join(Product, Batch.product_id == Product.id)
    .join(Party, Batch.party_id == Party.id)
    .join(Authorisation, Batch.authorisation_id == Authorisation.id)
)
SUCCESSIONS = (
    select(Succession.from_party_id, Succession.to_party_id, Succession.kind, Party.name, Party.uscc)
    .join(Party, Party.id == Succession.to_party_id)
    .order_by(Succession.id)
)
CHANGES = (
    select(
        Batch.number.label("batch_number"),
        AuthorisationChange.kind,
        AuthorisationChange.effective_on,
        AuthorisationChange.for_cause,
        AuthorisationChange.notice,
        AuthorisationChange.id,
        AuthorisationChange.revokes_id.label("revokes"),
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
        self._kept: tuple[int, dict[int, IssuedBatch], Glossary] = (-1, {}, Glossary())

    def read(self, connection: Connection, numbers: Collection[int]) -> dict[int, IssuedBatch]:
        """Those of the numbers that exist. The record's number is read first: what follows is no older."""
        head = connection.exec_driver_sql(HEAD).scalar() or 0
        kept_for, kept, glossary = self._kept
        if kept_for != head or len(kept) > MOST_KEPT:
            kept, fresh = {}, read_glossary(connection)
            if fresh.entries != glossary.entries:  # else all batches go on sharing one
                glossary = fresh
            self._kept = (head, kept, glossary)
        if missing := [number for number in numbers if number not in kept]:
            kept |= load_batches(connection, missing, glossary)
        return {number: kept[number] for number in numbers if number in kept}


def load_batches(
    connection: Connection, numbers: Collection[int], glossary: Glossary | None = None
) -> dict[int, IssuedBatch]:
    glossary = glossary or read_glossary(connection)
    rows = connection.execute(BATCHES.where(Batch.number.in_(numbers))).all()
    successors = _successors(connection)
    changes = _by_batch(connection, CHANGES.where(Batch.number.in_(numbers)))
    stops = _by_batch(connection, STOPS.where(Stop.batch_number.in_(numbers)))
    ranges = _by_batch(connection, RANGES.where(UnitRange.batch_number.in_(numbers)))
    through_lots = _lots_stopped_on(
        connection, [row.number for row in rows if row.lot_holds or row.lot_recalls]
    )
    return {
        row.number: _issued(
            row,
            changes[row.number],
            stops[row.number],
            ranges[row.number],
            lot_stopped_on=through_lots[row.number],
            successors=successors.get(row.party_id, ""),
            glossary=glossary,
        )
        for row in rows
    }


def batches_under(connection: Connection, authorisation_id: int) -> Iterator[IssuedBatch]:
    """All that were registered under a right, a part at a time."""
    query = select(Batch.number).filter_by(authorisation_id=authorisation_id).order_by(Batch.registered_at)
    numbers = connection.scalars(query).all()
    for start in range(0, len(numbers), AT_A_TIME):
        yield from load_batches(connection, numbers[start : start + AT_A_TIME]).values()


def _issued(
    batch: Row[*tuple[Any, ...]],
    changes: list[Any],
    stops: list[Any],
    ranges: list[Any],
    **others: Any,
) -> IssuedBatch:
    facts = dict(batch._mapping)
    starts_on, ends_on, _ = (facts.pop(name) for name in ("starts_on", "ends_on", "party_id"))
    cancelled_at = facts.pop("cancelled_at")
    told = [(each.first_unit, each.last_unit, StateSince(each.state, day_of(each.at))) for each in ranges]
    active = [
        (each.first_unit, each.last_unit, each.at) for each in ranges if each.state is UnitState.ACTIVATED
    ]
    return IssuedBatch(
        right=Right(
            starts_on,
            ends_on,
            tuple(
                RightChange(each.kind, each.effective_on, each.for_cause, each.notice, each.id, each.revokes)
                for each in changes
            ),
        ),
        stops=[
            IssuedStop(each.kind, each.first_unit, each.last_unit, each.notice, day_of(each.placed_at))
            for each in stops
        ],
        states=segments_of(1, batch.units, told),
        activations=segments_of(1, batch.units, active),
        cancelled_on=cancelled_at and day_of(cancelled_at),
        **(facts | others | _later_names(facts)),
    )


def _lots_stopped_on(
    connection: Connection, numbers: Collection[int]
) -> defaultdict[int, dict[StopKind, date]]:
    """By batch the day from which a stop of each kind has stood on a lot that it was made from."""
    found: defaultdict[int, dict[StopKind, date]] = defaultdict(dict)
    if not numbers:
        return found
    drawn = select(BatchDraw.batch_number, BatchDraw.lot_id).where(BatchDraw.batch_number.in_(numbers))
    chain = drawn.cte("chain", recursive=True)
    parents = select(chain.c.batch_number, LotParent.parent_id).join(
        chain, LotParent.child_id == chain.c.lot_id
    )
    chain = chain.union(parents)
    stops = select(chain.c.batch_number, Hold.kind, Hold.placed_at).join(Hold, Hold.lot_id == chain.c.lot_id)
    for row in connection.execute(stops.where(Hold.lifted_at.is_(None)).order_by(Hold.placed_at)):
        kind = StopKind.RECALL if row.kind is HoldKind.RECALL else StopKind.HOLD
        found[row.batch_number].setdefault(kind, day_of(row.placed_at))
    return found


def _later_names(facts: Mapping[str, Any]) -> dict[str, str]:
    """What is called otherwise now than on the packs; of a sole trader as the public may see it."""
    name, code = facts["party_now"], facts["uscc_now"]
    shown = {
        "product_now": facts["product_now"],
        "party_now": shown_name(name, code),
        "uscc_now": shown_code(code),
        "right_number_now": facts["right_number_now"],
    }
    return {key: now if facts[key] != facts[key.removesuffix("_now")] else "" for key, now in shown.items()}


def _successors(connection: Connection) -> dict[int, str]:
    """Names of who stands now for each party that has a successor, as the public may see them."""
    rows = connection.execute(SUCCESSIONS).all()
    ended = {row.from_party_id for row in rows if row.kind.ends}
    names = {row.to_party_id: shown_name(row.name, row.uscc) for row in rows}
    steps = defaultdict(list)
    for row in rows:
        steps[row.from_party_id].append(row.to_party_id)
    return {one: "、".join(names[other] for other in successors_of(one, steps, ended)) for one in list(steps)}


def _by_batch(connection: Connection, query: Select[*tuple[Any, ...]]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.batch_number].append(row)
    return found
