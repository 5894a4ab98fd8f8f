"""What is remembered of units' checks: read and written for many at once, in constant work per check."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, tuple_, update

from gi_trace.verification.looker import Looker
from gi_trace.verification.models import Check, UnitHistory

Unit = tuple[int, int]  # batch number and unit

RECENT = 50  # so many checks of a unit are searched for the same device, however many there were
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class History:
    """The checks of a unit before the present one."""

    checks: int = 0
    first_at: datetime | None = None
    first_city: str | None = None
    last_at: datetime | None = None
    last_city: str | None = None
    suspected: bool = False
    suspicion: bytes | None = None

    def after(self, at: datetime, city: str | None) -> "History":
        if self.checks == 0:
            return History(1, at, city, at, city)
        return replace(self, checks=self.checks + 1, last_at=at, last_city=city)


@dataclass(frozen=True, slots=True)
class Trace:
    """What a check leaves: device, browser (where no cookie came) and time."""

    device: bytes
    browser: bytes | None
    at: datetime


NEVER = History()
KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
HISTORY_KEY = tuple_(UnitHistory.batch_number, UnitHistory.unit)
HISTORIES = (
    select(
        UnitHistory.batch_number,
        UnitHistory.unit,
        UnitHistory.checks,
        UnitHistory.first_at,
        UnitHistory.first_city,
        UnitHistory.last_at,
        UnitHistory.last_city,
        UnitHistory.suspected,
        UnitHistory.suspicion,
    )
    .where(HISTORY_KEY.in_(KEYS))
    .order_by(UnitHistory.batch_number, UnitHistory.unit)
)
LOCKED_HISTORIES = HISTORIES.with_for_update()
TRACES = (
    select(Check.batch_number, Check.unit, Check.device, Check.browser, Check.at)
    .join(
        UnitHistory,
        (UnitHistory.batch_number == Check.batch_number)
        & (UnitHistory.unit == Check.unit)
        & (Check.number > UnitHistory.checks - RECENT),
    )
    .where(HISTORY_KEY.in_(KEYS))
    .order_by(Check.number)
)
ADD_HISTORY = insert(UnitHistory)
CHANGE_HISTORY = (
    update(UnitHistory)
    .where(UnitHistory.batch_number == bindparam("of_batch"), UnitHistory.unit == bindparam("of_unit"))
    .values(
        checks=bindparam("checks"),
        last_at=bindparam("last_at"),
        last_city=bindparam("last_city"),
        suspected=bindparam("suspected"),
        suspicion=bindparam("suspicion"),
    )
)


def read_histories(
    connection: Connection, units: Collection[Unit], *, lock: bool = False
) -> dict[Unit, History]:
    """Of units that were ever checked; locked in one order, so that workers do not lock each other out."""
    if not units:
        return {}
    rows = connection.execute(LOCKED_HISTORIES if lock else HISTORIES, {"keys": list(units)})
    return {(row[0], row[1]): History(*row[2:]) for row in rows}


def read_traces(
    connection: Connection, histories: Mapping[Unit, History], now: datetime
) -> defaultdict[Unit, list[Trace]]:
    """The latest traces, oldest first, of the units that were checked within a day."""
    traces: defaultdict[Unit, list[Trace]] = defaultdict(list)
    fresh = [unit for unit, history in histories.items() if history.last_at and now - history.last_at < DAY]
    if fresh:
        for row in connection.execute(TRACES, {"keys": fresh}):
            traces[row[0], row[1]].append(Trace(*row[2:]))
    return traces


def write_histories(
    connection: Connection, before: Mapping[Unit, History], after: Mapping[Unit, History]
) -> None:
    new = [unit for unit in after if unit not in before]
    changed = [unit for unit in after if unit in before]
    if new:
        connection.execute(ADD_HISTORY, [_row(unit, after[unit], "batch_number", "unit") for unit in new])
    if changed:
        connection.execute(
            CHANGE_HISTORY, [_row(unit, after[unit], "of_batch", "of_unit") for unit in changed]
        )


def same_device(traces: Iterable[Trace], device: bytes, browser: bytes | None) -> Trace | None:
    """The latest trace of whoever looks now; a browser that keeps no cookie is known by its day's hash."""
    return next(
        (
            trace
            for trace in reversed(list(traces))
            if trace.device == device or (browser is not None and trace.browser == browser)
        ),
        None,
    )


def trace_of(looker: Looker, batch_number: int, at: datetime, *, device_key: bytes, day_key: bytes) -> Trace:
    return Trace(looker.device(device_key, batch_number), looker.without_cookie(day_key, batch_number), at)


def _row(unit: Unit, history: History, batch_name: str, unit_name: str) -> dict[str, Any]:
    return {
        batch_name: unit[0],
        unit_name: unit[1],
        "checks": history.checks,
        "first_at": history.first_at,
        "first_city": history.first_city,
        "last_at": history.last_at,
        "last_city": history.last_city,
        "suspected": history.suspected,
        "suspicion": history.suspicion,
    }
