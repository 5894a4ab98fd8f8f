"""What it costs to order a print run of a million units, on the service's own database."""

import shutil
import sqlite3
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from gi_trace.batches.actions import order_print_run
from gi_trace.database import db
from tests.cast import make_batch, person
from tests.databases import make_service, prepare

MILLION = 1_000_000
ORDERS = 7


def issue_million() -> tuple[float, float]:
    """(milliseconds, bytes of database) of one order, medians over fresh databases."""
    with TemporaryDirectory() as folder:
        prepared = Path(folder, "prepared")
        prepared.mkdir()
        prepare(prepared)
        costs = [_order(shutil.copytree(prepared, Path(folder, str(n)))) for n in range(ORDERS)]
    milliseconds, db_bytes = zip(*costs, strict=True)
    return median(milliseconds), median(db_bytes)


def _order(folder: Path) -> tuple[float, int]:
    with make_service(folder).app_context():
        order_print_run(make_batch(owner="wu", units=1), 1, by=person("wu"))  # the service is warm
        batch = make_batch(units=MILLION, net_weight_g=1)
        before, start = _compact_bytes(folder), time.perf_counter()
        order_print_run(batch, MILLION, by=person("lin"))
        milliseconds = 1000 * (time.perf_counter() - start)
        db.session.remove()
        db.engine.dispose()
    return milliseconds, _compact_bytes(folder) - before


def _compact_bytes(folder: Path) -> int:
    """Size of the database, indexes included, in its smallest pages: those of 4 KB would hide an order."""
    with TemporaryDirectory() as own, sqlite3.connect(folder / "gi_trace.db") as source:
        copy = sqlite3.connect(Path(own, "copy.db"))
        source.backup(copy)
        copy.executescript("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM")
        copy.close()
        return Path(own, "copy.db").stat().st_size
