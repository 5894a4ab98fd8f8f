"""What is remembered of units' checks: read and written for many at once, in constant work per check."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, update

from gi_trace.verification.models import Check, UnitHistory

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
    opened: bool = False  # its hidden code was used
    suspected: bool = False
    publicly_shown: bool = False
    suspicion: bytes | None = None

    def after(self, at: datetime, city: str | None) -> "History":
        if self.checks == 0:
            return replace(self, checks=1, first_at=at, first_city=city, last_at=at, last_city=city)
        return replace(self, checks=self.checks + 1, last_at=at, last_city=city)


@dataclass(frozen=True, slots=True)
class Trace:
    """What a check leaves: device, browser (where no cookie came) and time."""

    device: bytes
    browser: bytes | None
    at: datetime


NEVER = History()
FIELDS = tuple(History.__dataclass_fields__)
SERIALS: BindParameter[Any] = bindparam("serials", expanding=True)
HISTORIES = (
    select(
        UnitHistory.serial,
        UnitHistory.checks,
        UnitHistory.first_at,
        UnitHistory.first_city,
        UnitHistory.last_at,
        UnitHistory.last_city,
        UnitHistory.opened,
        UnitHistory.suspected,
        UnitHistory.publicly_shown,
        UnitHistory.suspicion,
    )
    .where(UnitHistory.serial.in_(SERIALS))
    .order_by(UnitHistory.serial)
)
LOCKED_HISTORIES = HISTORIES.with_for_update()
TRACES = (
    select(Check.serial, Check.device, Check.browser, Check.at)
    .join(
        UnitHistory,
        (UnitHistory.serial == Check.serial) & (Check.number > UnitHistory.checks - RECENT),
    )
    .where(Check.serial.in_(SERIALS))
    .order_by(Check.number)
)
ADD_HISTORY = insert(UnitHistory)
CHANGE_HISTORY = (
    update(UnitHistory)
    .where(UnitHistory.serial == bindparam("of_serial"))
    .values(
        checks=bindparam("checks"),
        first_at=bindparam("first_at"),
        first_city=bindparam("first_city"),
        last_at=bindparam("last_at"),
        last_city=bindparam("last_city"),
        suspected=bindparam("suspected"),
        publicly_shown=bindparam("publicly_shown"),
        suspicion=bindparam("suspicion"),
    )
)


def read_histories(connection: Connection, serials: Collection[int], *, lock: bool) -> dict[int, History]:
    """Of units that were ever checked; locked in one order, so that workers do not lock each other out."""
    if not serials:
        return {}
    rows = connection.execute(LOCKED_HISTORIES if lock else HISTORIES, {"serials": list(serials)})
    return {serial: History(*fields) for serial, *fields in rows}


def read_traces(
    connection: Connection, histories: Mapping[int, History], now: datetime
) -> defaultdict[int, list[Trace]]:
    """The latest traces, oldest first, of the units that were checked within a day."""
    traces: defaultdict[int, list[Trace]] = defaultdict(list)
    fresh = [
        serial for serial, history in histories.items() if history.last_at and now - history.last_at < DAY
    ]
    if fresh:
        for row in connection.execute(TRACES, {"serials": fresh}):
            traces[row[0]].append(Trace(*row[1:]))
    return traces


def write_histories(
    connection: Connection, before: Mapping[int, History], after: Mapping[int, History]
) -> None:
    new = [_row(history) | {"serial": serial} for serial, history in after.items() if serial not in before]
    changed = [_row(history) | {"of_serial": serial} for serial, history in after.items() if serial in before]
    if new:
        connection.execute(ADD_HISTORY, new)
    if changed:
        connection.execute(CHANGE_HISTORY, changed)


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


def _row(history: History) -> dict[str, Any]:
    return {name: getattr(history, name) for name in FIELDS}
