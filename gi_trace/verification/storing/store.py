"""Reads what a group of looks needs, and writes those that are checks, in one transaction that is not its own."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from gi_trace import clock
from gi_trace.verification.history import NEVER, History
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.looking.issued_batches import IssuedBatches
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.models import Check, DayKey, serial_of
from gi_trace.verification.storing.histories import (
    Trace,
    read_histories,
    read_traces,
    same_device,
    write_histories,
)
from gi_trace.verification.storing.rows import Writing
from gi_trace.verification.storing.watch import Watch

NEW_CHECKS = Writing(Check)


def taken_lock() -> Any:
    lock = Lock()
    lock.acquire()
    return lock


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
    turn: Any = field(default_factory=taken_lock)
    is_done: bool = False
    fault: Exception | None = None

    @property
    def serial(self) -> int:
        return serial_of(self.batch_number, self.unit)

    def is_of(self, batch: IssuedBatch) -> bool:
        return batch.epoch == self.epoch and self.unit <= batch.units and self.gtin in (None, batch.gtin)


class CheckStore:
    def __init__(self, *, device_key: bytes, reload_minutes: int):
        self.device_key = device_key
        self.reload_window = timedelta(minutes=reload_minutes)
        self.batches = IssuedBatches()

    def read(self, connection: Connection, looks: list[Look], *, lock: bool = False) -> dict[int, History]:
        """Gives each look its batch, if it is issued, and its unit's history; returns the histories there are."""
        batches = self.batches.read(connection, {look.batch_number for look in looks})
        for look in looks:
            batch = batches.get(look.batch_number)
            look.batch = batch if batch and look.is_of(batch) else None
        histories = read_histories(connection, {look.serial for look in looks if look.batch}, lock=lock)
        for look in looks:
            look.history = histories.get(look.serial, NEVER)
        return histories

    def write(self, connection: Connection, checks: list[Look], before: dict[int, History]) -> None:
        """Stores the checks that are no reloads. Of two in one group the later one sees the earlier one."""
        after: dict[int, History] = {}
        rows = []
        traces = read_traces(connection, before, clock.now())
        watch = Watch(connection, {check.batch_number for check in checks})
        for check, trace in zip(checks, self._traces_of(connection, checks), strict=True):
            assert check.looker is not None and check.batch is not None
            check.history = after.get(check.serial, check.history)
            known = same_device(traces[check.serial], trace.device, trace.browser)
            if known and check.at - known.at < self.reload_window:
                continue
            if known:
                trace = Trace(known.device, trace.browser, check.at)
            traces[check.serial].append(trace)
            history = check.history.after(check.at, check.looker.city)
            after[check.serial] = watch.weigh(check.batch, check.unit, history, check.looker, trace)
            rows.append(_row_of_check(check, history.checks, trace))
        write_histories(connection, before, after)
        watch.write()
        NEW_CHECKS.write(connection, rows)

    def _traces_of(self, connection: Connection, checks: list[Look]) -> list[Trace]:
        lookers = [check.looker for check in checks if check.looker]
        day_key = key_of_day(connection, clock.today()) if any(looker.is_new for looker in lookers) else b""
        return [
            Trace(
                looker.device(self.device_key, check.batch_number),
                looker.without_cookie(day_key, check.batch_number),
                check.at,
            )
            for check, looker in zip(checks, lookers, strict=True)
        ]


def key_of_day(connection: Connection, today: date) -> bytes:
    """Made when the day's first browser without a cookie comes; those of earlier days go."""
    key = connection.scalar(select(DayKey.key).filter_by(day=today))
    if key is None:
        key = secrets.token_bytes(32)
        connection.execute(delete(DayKey).where(DayKey.day < today))
        connection.execute(insert(DayKey), {"day": today, "key": key})
    return key


def _row_of_check(check: Look, number: int, trace: Trace) -> tuple[Any, ...]:
    """In the order of the table's columns."""
    assert check.looker is not None
    looker = check.looker
    return check.serial, number, check.at, trace.device, trace.browser, looker.city, looker.channel
