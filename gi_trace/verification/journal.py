"""Checks on their way to the disk. A check is answered only after it is stored there.

One commit costs as much for a hundred checks as for one, so those that arrive while another commit runs wait
for the next and share it: whoever comes to the turn first writes for all who wait. No thread, no timer.
"""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from gi_trace import clock
from gi_trace.verification.histories import (
    NEVER,
    History,
    Trace,
    Unit,
    read_histories,
    read_traces,
    same_device,
    trace_of,
    write_histories,
)
from gi_trace.verification.issued import IssuedBatch, IssuedBatches
from gi_trace.verification.looker import Looker
from gi_trace.verification.models import Check, DayKey

MOST_TOGETHER = 500
ATTEMPTS = 4


@dataclass(slots=True, eq=False)
class Look:
    """Somebody looks at a unit; with `looker` None it is no check. `batch` and `history` are the answer."""

    epoch: int
    batch_number: int
    unit: int
    looker: Looker | None
    at: datetime
    gtin: str | None = None  # of the address, if it named one
    batch: IssuedBatch | None = None
    history: History = NEVER
    is_done: bool = False
    fault: Exception | None = None


class Journal:
    """One per process."""

    def __init__(self, engine: Engine, *, device_key: bytes, reload_minutes: int):
        self.engine = engine
        self.writing_engine = engine.execution_options(writing=True)
        self.device_key = device_key
        self.reload_window = timedelta(minutes=reload_minutes)
        self.batches = IssuedBatches()
        self._waiting: deque[Look] = deque()
        self._turn = Lock()
        self._day_key: tuple[date, bytes] | None = None

    def answer(self, look: Look) -> tuple[IssuedBatch | None, History]:
        """Stores a check. Returns the batch, None when it is not issued, and the unit's history before."""
        if look.looker is None:
            with self.engine.connect() as connection:
                self._read(connection, [look])
            return look.batch, look.history
        self._waiting.append(look)
        while not look.is_done:
            with self._turn:
                if not look.is_done:
                    self._write_group()
        if look.fault:
            raise look.fault
        return look.batch, look.history

    def _write_group(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        try:
            _again_if_overtaken(lambda: self._write(group))
        except Exception as fault:  # every one who waits must hear of it
            for look in group:
                look.fault = fault
        for look in group:
            look.is_done = True

    def _write(self, group: list[Look]) -> None:
        with self.writing_engine.begin() as connection:
            histories = self._read(connection, group, lock=True)
            checks = [look for look in group if look.batch is not None and look.looker is not None]
            self._store(connection, checks, histories)

    def _read(self, connection: Connection, looks: list[Look], *, lock: bool = False) -> dict[Unit, History]:
        batches = self.batches.read(connection, {look.batch_number for look in looks})
        for look in looks:
            batch = batches.get(look.batch_number)
            look.batch = batch if batch and _is_issued(batch, look) else None
        units = {(look.batch_number, look.unit) for look in looks if look.batch is not None}
        histories = read_histories(connection, units, lock=lock)
        for look in looks:
            look.history = histories.get((look.batch_number, look.unit), NEVER)
        return histories

    def _store(self, connection: Connection, checks: list[Look], before: dict[Unit, History]) -> None:
        after: dict[Unit, History] = {}
        rows = []
        traces = read_traces(connection, before, clock.now())
        day_key = self._key_of_today(connection) if any(c.looker and c.looker.is_new for c in checks) else b""
        for check in checks:
            assert check.looker is not None
            unit = (check.batch_number, check.unit)
            # Of two checks in one group the later one sees the earlier one.
            check.history = after.get(unit, check.history)
            trace = trace_of(
                check.looker, check.batch_number, check.at, device_key=self.device_key, day_key=day_key
            )
            known = same_device(traces[unit], trace.device, trace.browser)
            if known and check.at - known.at < self.reload_window:
                continue
            device = known.device if known else trace.device
            traces[unit].append(Trace(device, trace.browser, check.at))
            after[unit] = check.history.after(check.at, check.looker.city)
            rows.append(_check_row(check, after[unit].checks, device, trace.browser))
        write_histories(connection, before, after)
        if rows:
            connection.execute(insert(Check), rows)

    def _key_of_today(self, connection: Connection) -> bytes:
        today = clock.today()
        if self._day_key is None or self._day_key[0] != today:
            self._day_key = (today, day_key(connection, today))
        return self._day_key[1]


def day_key(connection: Connection, today: date) -> bytes:
    """Makes it when the day's first browser without a cookie comes; those of earlier days go."""
    connection.execute(delete(DayKey).where(DayKey.day < today))
    key = connection.scalar(select(DayKey.key).filter_by(day=today))
    if key is None:
        key = secrets.token_bytes(32)
        connection.execute(insert(DayKey), {"day": today, "key": key})
    return key


def _is_issued(batch: IssuedBatch, look: Look) -> bool:
    return batch.epoch == look.epoch and look.unit <= batch.units and look.gtin in (None, batch.gtin)


def _check_row(check: Look, number: int, device: bytes, browser: bytes | None) -> dict[str, object]:
    assert check.looker is not None
    return {
        "batch_number": check.batch_number,
        "unit": check.unit,
        "number": number,
        "at": check.at,
        "device": device,
        "browser": browser,
        "city": check.looker.city,
        "channel": check.looker.channel,
    }


def _again_if_overtaken(write: Callable[[], None]) -> None:
    """Another process may make the same unit's first row, or on PostgreSQL hold a row that is waited for."""
    for attempt in range(ATTEMPTS):
        try:
            return write()
        except DBAPIError as fault:
            overtaken = isinstance(fault, IntegrityError) or "deadlock" in str(fault.orig)
            if not overtaken or attempt == ATTEMPTS - 1:
                raise
