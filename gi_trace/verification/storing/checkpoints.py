"""SQLite's log of commits, carried into the database while checks go on.

Left alone, SQLite does that inside a commit, and everyone who waits for the commit waits for the whole of it.
Here a thread that lives as long as the work does most of it beside the commits, and takes their turn only for
what they added meanwhile.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from threading import Lock, Thread

from sqlalchemy import Engine, PoolProxiedConnection

log = logging.getLogger(__name__)

EVERY = 500  # checks; each changes three or four pages of 4 KB


class Checkpoints:
    """`turn` is the writers' turn."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[None]]):
        self.engine, self.turn = engine, turn
        self._stored = 0
        self._at_work = Lock()

    def count(self, checks: int) -> None:
        """After a commit; by the leader of a group, so never by two threads at once."""
        self._stored += checks
        if self._stored >= EVERY and self._at_work.acquire(blocking=False):
            self._stored = 0
            Thread(target=self._carry, daemon=True).start()

    def _carry(self) -> None:
        try:
            with closing(self.engine.raw_connection()) as connection:
                _checkpoint(connection)
                with self.turn():
                    _checkpoint(connection)
        except Exception:
            log.exception("the log stays as it is; SQLite carries it over when it is larger")
        finally:
            self._at_work.release()


def _checkpoint(connection: PoolProxiedConnection) -> None:
    """As far as no reader needs the log; it waits for nobody (SQLite, "PRAGMA wal_checkpoint", PASSIVE)."""
    connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
