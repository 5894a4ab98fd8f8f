"""Histories and traces of many units at once, in constant work per check."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from gi_trace.verification.history import History
from gi_trace.verification.models import Check, UnitHistory
from gi_trace.verification.storing.rows import Reading, Writing, among_keys

RECENT = 50  # so many checks of a unit are searched for the same device, however many there were
DAY = timedelta(days=1)


class Trace(NamedTuple):
    """What a check leaves: device, browser (where no cookie came) and time."""

    device: bytes
    browser: bytes | None
    at: datetime


COLUMNS = ("serial", *History._fields)
HISTORIES = (
    select(*(getattr(UnitHistory, name) for name in COLUMNS))
    .where(among_keys("serial"))
    .order_by(UnitHistory.serial)
)
READ_HISTORIES = Reading(HISTORIES)
READ_AND_LOCK_HISTORIES = Reading(HISTORIES.with_for_update())
READ_TRACES = Reading(
    select(Check.serial, *(getattr(Check, name) for name in Trace._fields))
    .join(
        UnitHistory,
        (UnitHistory.serial == Check.serial) & (Check.number > UnitHistory.checks - RECENT),
    )
    .where(among_keys("verification.serial"))
    .order_by(Check.number)
)
NEW_HISTORIES = Writing(UnitHistory, COLUMNS)
CHANGED_HISTORIES = Writing(
    UnitHistory, COLUMNS, changing=[name for name in History._fields if name != "opened"]
)


def read_histories(connection: Connection, serials: Collection[int], *, lock: bool) -> dict[int, History]:
    """Of units that were ever checked; locked in one order, so that workers do not lock each other out."""
    rows = (READ_AND_LOCK_HISTORIES if lock else READ_HISTORIES).rows(connection, serials)
    return {serial: History(*fields) for serial, *fields in rows}


def read_traces(
    connection: Connection, histories: Mapping[int, History], now: datetime
) -> defaultdict[int, list[Trace]]:
    """The latest traces, oldest first, of the units that were checked within a day."""
    traces: defaultdict[int, list[Trace]] = defaultdict(list)
    fresh = [
        serial for serial, history in histories.items() if history.last_at and now - history.last_at < DAY
    ]
    for serial, *fields in READ_TRACES.rows(connection, fresh):
        traces[serial].append(Trace(*fields))
    return traces


def write_histories(
    connection: Connection, before: Mapping[int, History], after: Mapping[int, History]
) -> None:
    NEW_HISTORIES.write(connection, [(serial, *after[serial]) for serial in after if serial not in before])
    CHANGED_HISTORIES.write(connection, [(serial, *after[serial]) for serial in after if serial in before])


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


def count_own(traces: Iterable[Trace], device: bytes) -> int:
    """How many of them this device left. Of those that came without a cookie only the first under its name is surely
    its own: the others were put to it by address and browser, which two phones may share."""
    own = [trace for trace in traces if trace.device == device]
    return sum(trace.browser is None or trace is own[0] for trace in own)
