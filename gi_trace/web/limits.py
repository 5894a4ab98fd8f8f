"""How often one caller may ask, counted once for all processes of a machine, or of several by Redis."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from limits.storage import Storage

from gi_trace import clock
from gi_trace.web.callers import household

limiter = Limiter(household, strategy="fixed-window")

TABLE = """
CREATE TABLE IF NOT EXISTS counted (name TEXT PRIMARY KEY, count INTEGER, until REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS counted_until ON counted (until);
"""
COUNT = """
INSERT INTO counted VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count RETURNING count
"""


def init_limits(app: Flask) -> None:
    """The limiter is one for all apps of a process: an earlier one's choice must not stay."""
    app.config.setdefault("RATELIMIT_ENABLED", True)
    own_file = Path(app.config["DATA_DIR"]).resolve() / "counts.db"
    app.config["RATELIMIT_STORAGE_URI"] = app.config["RATE_STORE"] or f"machine:{own_file}"
    limiter.init_app(app)


class MachineStorage(Storage):
    """Counts in a small SQLite file of their own, so that they never wait for an act: 40 µs each."""

    STORAGE_SCHEME = ["machine"]

    def __init__(self, uri: str, **options: Any):
        super().__init__(uri, **options)
        self.path = uri.removeprefix("machine:")
        self._turn = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    @cached_property
    def _file(self) -> sqlite3.Connection:
        """Opened at its first use, hence in the process that uses it."""
        connection = sqlite3.connect(self.path, timeout=15, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "PRAGMA synchronous=NORMAL"
        )  # a power cut may lose the last counts, never the file
        connection.executescript(TABLE)
        return connection

    @contextmanager
    def _counted(self) -> Iterator[sqlite3.Connection]:
        """The counts that still hold, for this thread alone."""
        with self._turn, self._file as file:
            file.execute("BEGIN IMMEDIATE")
            file.execute("DELETE FROM counted WHERE until <= ?", [clock.now().timestamp()])
            yield file

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._counted() as file:
            return file.execute(COUNT, [key, amount, clock.now().timestamp() + expiry]).fetchone()[0]

    def get(self, key: str) -> int:
        return self._column("count", key) or 0

    def get_expiry(self, key: str) -> float:
        return self._column("until", key) or clock.now().timestamp()

    def _column(self, column: str, key: str) -> Any:
        with self._counted() as file:
            row = file.execute(f"SELECT {column} FROM counted WHERE name = ?", [key]).fetchone()
            return row and row[0]

    def clear(self, key: str) -> None:
        with self._counted() as file:
            file.execute("DELETE FROM counted WHERE name = ?", [key])

    def reset(self) -> int:
        with self._counted() as file:
            return file.execute("DELETE FROM counted").rowcount

    def check(self) -> bool:
        return self.get("") == 0
