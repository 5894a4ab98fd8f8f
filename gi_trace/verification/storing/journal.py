"""Checks on their way to the disk. A check is answered only after it is stored there.

One commit costs as much for a hundred checks as for one, so those that arrive while another commit runs wait
for the next and share it. The first of those who wait leads: it writes for all, then hands over to the first
of those who came meanwhile. No timer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.verification.history import History
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.storing.checkpoints import Checkpoints
from gi_trace.verification.storing.store import CheckStore, Look

ATTEMPTS = 4


class Journal:
    """One per process."""

    def __init__(self, engine: Engine, store: CheckStore, turns: Path):
        self.turns = turns if engine.dialect.name == "sqlite" else None
        self.reading_engine = engine.execution_options(writing=False)
        self.writing_engine = engine.execution_options(writing=True)
        self.store = store
        self.checkpoints = Checkpoints(engine, self._turn_among_processes) if self.turns else None
        self._door = Lock()  # held for moments only
        self._waiting: list[Look] = []
        self._is_led = False

    def answer(self, look: Look) -> tuple[IssuedBatch | None, History]:
        """Stores a check. Returns the batch, None when it is not issued, and the unit's history before."""
        if look.looker is None:
            with self.reading_engine.connect() as connection:
                self.store.read(connection, [look])
            return look.batch, look.history
        with self._door:
            self._waiting.append(look)
            leads, self._is_led = not self._is_led, True
        if not leads:
            look.turn.acquire()  # until it is stored, or its turn has come to lead
        if not look.is_done:
            self._write_group()
        if look.fault:
            raise look.fault
        return look.batch, look.history

    def _write_group(self) -> None:
        with self._door:
            group, self._waiting = self._waiting, []
        try:
            _again_if_overtaken(lambda: self._write(group), self.writing_engine.dialect.loaded_dbapi)
        except Exception as fault:  # every one who waits must hear of it
            for look in group:
                look.fault = fault
        if self.checkpoints:
            self.checkpoints.count(len(group))
        with self._door:
            self._is_led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].turn.release()
        for look in group:
            look.is_done = True
            look.turn.release()

    def _write(self, group: list[Look]) -> None:
        with self._turn_among_processes(), self.writing_engine.begin() as connection:
            histories = self.store.read(connection, group, lock=True)
            self.store.write(connection, [look for look in group if look.batch], histories)

    @contextmanager
    def _turn_among_processes(self) -> Iterator[None]:
        """SQLite has one writer at a time, and whoever waits for it sleeps longer and longer; a file's lock is
        handed over at once."""
        if self.turns is None:
            yield
            return
        with open(self.turns, "a") as file:
            flock(file, LOCK_EX)
            yield


def _again_if_overtaken(write: Callable[[], None], driver: Any) -> None:
    """Another process may make the same unit's first row, or on PostgreSQL hold a row that is waited for."""
    for attempt in range(ATTEMPTS):
        try:
            return write()
        except (DBAPIError, driver.Error) as fault:
            origin = fault.orig if isinstance(fault, DBAPIError) else fault
            overtaken = isinstance(origin, driver.IntegrityError) or "deadlock" in str(origin)
            if not overtaken or attempt == ATTEMPTS - 1:
                raise


def the_journal() -> Journal:
    return current_app.extensions["gi_trace_journal"]


def init_journal(app: Flask) -> None:
    """In each process; the engine needs the application's context."""
    with app.app_context():
        store = CheckStore(device_key=keys().devices, reload_minutes=app.config["RELOAD_MINUTES"])
        turns = Path(app.config["DATA_DIR"]) / "checks.lock"
        app.extensions["gi_trace_journal"] = Journal(db.engine, store, turns)
