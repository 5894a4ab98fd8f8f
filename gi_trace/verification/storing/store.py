"""Reads what a group of looks needs, and writes those that are checks, in one transaction that is not its own."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from gi_trace import clock
from gi_trace.verification.history import NEVER, Channel, History
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.looking.issued_batches import IssuedBatches
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.models import Check, DayKey, serial_of
from gi_trace.verification.storing.histories import (
    Trace,
    count_own,
    read_histories,
    read_traces,
    same_device,
    write_histories,
)
from gi_trace.verification.storing.rows import Writing
from gi_trace.verification.storing.watch import Watch
from gi_trace.verification.suspicion import Sighting


class NewCheck(NamedTuple):
    """A row of checks."""

    serial: int
    number: int
    at: datetime
    device: bytes
    browser: bytes | None
    city: str | None
    channel: Channel


NEW_CHECKS = Writing(Check, NewCheck._fields)


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
    # Of the history those of this looker; None where no cookie came, or not all of its traces are at hand.
    own_checks: int | None = None
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

    def write(self, connection: Connection, looks: list[Look], before: dict[int, History]) -> None:
        """Stores those that are checks and no reloads. Of two in one group the later one sees the earlier one."""
        checks = [(look, look.batch, look.looker) for look in looks if look.batch and look.looker]
        traces = read_traces(connection, before, clock.now())
        watch = Watch(connection, {batch.number for _, batch, _ in checks})
        is_any_new = any(looker.is_new for _, _, looker in checks)
        day_key = key_of_day(connection, clock.today()) if is_any_new else b""
        after: dict[int, History] = {}
        rows = []
        for look, batch, looker in checks:
            serial, at = look.serial, look.at
            look.history = after.get(serial, look.history)
            device, browser = (
                looker.device(self.device_key, batch.number),
                looker.browser_on(day_key, batch.number),
            )
            known = same_device(traces[serial], device, browser)
            if len(traces[serial]) == look.history.checks and not looker.is_new:
                look.own_checks = count_own(traces[serial], device)
            if known and at - known.at < self.reload_window:
                continue
            device = known.device if known else device
            traces[serial].append(Trace(device, browser, at))
            history = look.history.after(at, looker.city)
            activated_at = batch.activated_at(look.unit)
            seen = Sighting(at, device, looker.city, looker.channel, activated_at, history.opened)
            after[serial] = watch.weigh(batch.number, look.unit, history, seen, history.checks)
            rows.append(NewCheck(serial, history.checks, at, device, browser, looker.city, looker.channel))
        write_histories(connection, before, after)
        watch.write()
        NEW_CHECKS.write(connection, rows)


def key_of_day(connection: Connection, today: date) -> bytes:
    """Made when the day's first browser without a cookie comes; those of earlier days go."""
    key = connection.scalar(select(DayKey.key).filter_by(day=today))
    if key is None:
        key = secrets.token_bytes(32)
        connection.execute(delete(DayKey).where(DayKey.day < today))
        connection.execute(insert(DayKey), {"day": today, "key": key})
    return key
