"""What a pack says, read from the database in columns: batches with their own news, and news of units."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Select, String, case, cast, literal, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from gi_trace.batches.models import Batch, BatchDraw, Stop, UnitRange
from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.batches.unit_states import speakers
from gi_trace.codes.unit_code import MAX_UNIT, UNIT_BITS
from gi_trace.database import db
from gi_trace.patrol.packs.file import BatchTable, days
from gi_trace.patrol.packs.models import undated_of
from gi_trace.patrol.packs.seen import seen_lately
from gi_trace.patrol.packs.unit_sets import Runs, encode_units, joined
from gi_trace.patrol.roll_facts import Printed, product_facts, rights_facts, rights_of, ways_of
from gi_trace.registry.models import AuthorisationChange, Product
from gi_trace.registry.rules import Right, turning_days
from gi_trace.stock.models import Lot
from gi_trace.verification.answer import VERDICT_OF_STATE, VERDICT_OF_STOP, UnitFacts, verdict_of
from gi_trace.verification.models import UnitHistory
from gi_trace.verification.verdicts import Verdict

VERDICTS = [verdict.value for verdict in Verdict]
STATES = [None, *UnitState]  # a state's place stands for it in the arrays
SUSPECTED_BATCH = UnitHistory.serial // (1 << UNIT_BITS)
SUSPECTED_BATCHES = select(SUSPECTED_BATCH).where(UnitHistory.suspected).distinct()
ROWS_AT_ONCE = 500  # below 700, where the collector would begin to walk through them: three times as fast
BATCHES_AT_ONCE = 2_000
STATE_STEP = 8
NO_RANGES, NO_BATCHES = np.empty((0, 2), np.int64), np.empty((0, 8), np.int64)


@dataclass(frozen=True)
class PackContent:
    """Header facts, batch table and encoded sets of a pack that is not yet anybody's.

    `undated` are the numbers of batches with news that has no date of its own: a difference restates them.
    """

    header: dict[str, Any]
    table: BatchTable
    sets: dict[str, bytes]
    epochs: list[int]
    undated: list[int]


@dataclass(frozen=True)
class Since:
    """What a difference builds on: when its base was read, and the base's id, for its undated batches."""

    at: datetime
    base_id: str = ""


def pack_content(products: list[Product], *, today: date, since: Since | None = None) -> PackContent:
    """Of the products' batches; with `since`, only of those that changed from then on."""
    wanted = select(Batch.number).where(Batch.product_id.in_([product.id for product in products]))
    undated_by = [_through_lots(Lot.holds), _through_lots(Lot.recalls), SUSPECTED_BATCHES]
    held, recalled, suspected = (set(db.session.scalars(query)) for query in undated_by)
    if since is not None:
        restated = [_changed(since.at), *undated_by, undated_of(since.base_id)]
        wanted = wanted.where(or_(*(Batch.number.in_(query) for query in restated)))
    rights = rights_of(products)
    ways = {way: place for place, way in enumerate(ways_of(rights))}
    table = _table(
        wanted,
        ways,
        _BatchNews(
            {right.id: right.right for right in rights},
            {StopKind.HOLD: held, StopKind.RECALL: recalled},
            today,
        ),
    )
    header = {
        "verdicts": VERDICTS,
        "products": [product_facts(product) for product in products],
        "rights": rights_facts(rights, ways, today),
        "seen": seen_lately(products),
    }
    sets = _unit_news(wanted if since else None, table)
    undated = sorted(held | recalled | suspected)
    return PackContent(header, table, sets, sorted(set(table.epoch.tolist())), undated)


def _through_lots(counter: InstrumentedAttribute[int]) -> Select[Any]:
    """Batches made from a lot that is stopped so."""
    return select(BatchDraw.batch_number).join(Lot, Lot.id == BatchDraw.lot_id).where(counter > 0)


def _changed(at: datetime) -> Select[Any]:
    changed_rights = select(AuthorisationChange.authorisation_id).where(AuthorisationChange.at >= at)
    told = select(UnitRange.batch_number).where(UnitRange.at >= at)
    stopped = select(Stop.batch_number).where((Stop.placed_at >= at) | (Stop.lifted_at >= at))
    return select(Batch.number).where(
        (Batch.registered_at >= at)
        | (Batch.cancelled_at >= at)
        | Batch.number.in_(told)
        | Batch.number.in_(stopped)
        | Batch.authorisation_id.in_(changed_rights)
    )


def _table(wanted: Select[Any], ways: dict[Printed, int], news_of: "_BatchNews") -> BatchTable:
    """Ways to name a right that only batches know are added to `ways`."""
    query = select(
        Batch.number, Batch.epoch, Batch.net_weight_g, Batch.units, Batch.packed_on, Batch.best_before,
        Batch.cancelled_at, Batch.authorisation_id, Batch.printed_product, Batch.printed_name,
        Batch.printed_uscc, Batch.printed_number,
    ).where(Batch.number.in_(wanted)).order_by(Batch.number)  # fmt: skip
    parts = [NO_BATCHES]
    for some in db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).partitions():
        rows = [
            (
                number, epoch, ways.setdefault(Printed(right, *printed), len(ways)), net_weight_g, units,
                days(packed_on), (best_before - packed_on).days + 1 if best_before else 0,
                news_of(number, right, packed_on, cancelled_at is not None),
            )
            for number, epoch, net_weight_g, units, packed_on, best_before, cancelled_at, right, *printed in some
        ]  # fmt: skip
        parts.append(np.array(rows, np.int64))
    columns = np.concatenate(parts).T
    return BatchTable(np.diff(columns[0], prepend=0), *columns[1:])


class _BatchNews:
    """Place in the order of the worst that can be said of all units of a batch: its verdict were every unit
    activated and within its date. Batches that share these facts share it."""

    def __init__(self, rights: dict[int, Right], stopped: Mapping[StopKind, set[int]], today: date):
        self.rights, self.stopped, self.today = rights, stopped, today
        self.turns = {right_id: turning_days(right) for right_id, right in rights.items()}
        self.known: dict[tuple[Any, ...], int] = {}

    def __call__(self, number: int, right_id: int, packed_on: date, cancelled: bool) -> int:
        stops = frozenset(kind for kind, numbers in self.stopped.items() if number in numbers)
        key = (right_id, bisect_right(self.turns[right_id], packed_on), cancelled, stops)
        if key not in self.known:
            facts = UnitFacts(self.rights[right_id], packed_on, self.today, stops=stops, cancelled=cancelled)
            self.known[key] = VERDICTS.index(verdict_of(facts).value)
        return self.known[key]


def _unit_news(wanted: Select[Any] | None, table: BatchTable) -> dict[str, bytes]:
    """Encoded set of units for each verdict that stands on units rather than batches."""
    news = {VERDICT_OF_STATE[state]: STATES.index(state) for state in VERDICT_OF_STATE}
    states = _told_last(_ranges(wanted), table, set(news.values()))
    sets = {verdict: encode_units(*states[place]) for verdict, place in news.items() if place in states}
    for verdict, told in _further(wanted).items():
        runs = _told_last(told, table, {1})
        if runs:
            sets[verdict] = encode_units(*runs[1])
    return {verdict.value: encoded for verdict, encoded in sets.items()}


def _told_last(told: np.ndarray, table: BatchTable, wanted: set[int]) -> dict[int, Runs]:
    """Units of the table by the state last told, for the states wanted."""
    told = told[np.argsort(told[:, 0] >> UNIT_BITS, kind="stable")]
    numbers, found, offset = np.cumsum(table.number), {}, 0  # type: ignore[var-annotated]
    for some in range(0, len(numbers), BATCHES_AT_ONCE):  # a part at a time: a season is large in memory
        mine, units = numbers[some : some + BATCHES_AT_ONCE], table.units[some : some + BATCHES_AT_ONCE]
        part = told[slice(*np.searchsorted(told[:, 0], [mine[0] << UNIT_BITS, mine[-1] + 1 << UNIT_BITS]))]
        row = np.searchsorted(mine, part[:, 0] >> UNIT_BITS)
        part, row = (each[mine[row] == part[:, 0] >> UNIT_BITS] for each in (part, row))
        first, total = (part[:, 0] & MAX_UNIT) + (np.cumsum(units) - units)[row] - 1, int(units.sum())
        starts, speaker = speakers(total, first, first + part[:, 1] // STATE_STEP)
        states = np.append(part[:, 1] % STATE_STEP, 0)[speaker]
        ends = np.append(starts[1:], total) - 1
        for each in wanted.intersection(states.tolist()):
            runs = starts[states == each] + offset, ends[states == each] + offset
            found.setdefault(each, []).append(runs)
        offset += total
    return {each: joined(parts) for each, parts in found.items()}


def _ranges(wanted: Select[Any] | None) -> np.ndarray:
    """What was told of units, in the order in which it was told; None: of all batches."""
    told = UnitRange.__table__.c  # plain columns: a season has a million rows
    places = {state.value: STATES.index(state) for state in UnitState}
    state = case(places, value=type_coerce(told.state, String))
    query = _compact(told.batch_number, told.first_unit, told.last_unit, state).order_by(told.id)
    return _rows(query if wanted is None else query.where(told.batch_number.in_(wanted)))


def _further(wanted: Select[Any] | None) -> dict[Verdict, np.ndarray]:
    """Units under each kind of open stop, and those that look copied, all in state 1."""
    stops = _compact(Stop.batch_number, Stop.first_unit, Stop.last_unit, literal(1)).where(
        Stop.lifted_at.is_(None)
    )
    copies: Any = select(UnitHistory.serial, literal(1)).where(UnitHistory.suspected)
    if wanted is not None:
        stops = stops.where(Stop.batch_number.in_(wanted))
        copies = copies.where(SUSPECTED_BATCH.in_(wanted))
    queries: dict[Verdict, Select[Any]] = {
        verdict: stops.where(Stop.kind == kind) for kind, verdict in VERDICT_OF_STOP.items()
    }
    queries[Verdict.SUSPECTED_COPY] = copies
    return {verdict: _rows(query) for verdict, query in queries.items()}


def _compact(batch: Any, first: Any, last: Any, state: Any) -> Select[Any]:
    """Two numbers a range: the serial of its first unit; units that follow, and state."""
    return select(cast(batch, BigInteger) * (1 << UNIT_BITS) + first, (last - first) * STATE_STEP + state)


def _rows(query: Select[Any]) -> np.ndarray:
    result = db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    parts = [np.fromiter(chain.from_iterable(some), np.int64).reshape(-1, 2) for some in result.partitions()]
    return np.concatenate([NO_RANGES, *parts])
