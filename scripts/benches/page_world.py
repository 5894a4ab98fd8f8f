"""The world of `scripts/bench page`: a data folder with batches, units and stored checks, and codes to ask for."""

import os
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from gi_trace import clock, create_app
from gi_trace.codes.unit_code import codes_of
from gi_trace.database import db
from gi_trace.keys import Keys, epoch_of_year
from gi_trace.registry.actions import grant_authorisation
from gi_trace.registry.first_products import load_first_products
from gi_trace.registry.models import Party, PartyKind, find_product
from gi_trace.verification.suspicion import BatchState, Check, UnitState, update

UNITS = 1_000_000
MONTH_AGO = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)


def make_world(folder: Path, *, batches: int, checks: int) -> None:
    """`batches` batches of UNITS units in all, every one activated and checked checks/UNITS times."""
    os.environ["GI_TRACE_DATA_DIR"] = str(folder)
    service = create_app(DATA_DIR=str(folder))
    with service.app_context():
        db.create_all()
        load_first_products()
        party = Party(kind=PartyKind.ENTERPRISE, name="林记示范陈皮行", uscc="91440705MA5DEM01XX")
        db.session.add(party)
        db.session.flush()
        product = find_product("xinhui-chenpi")
        right = grant_authorisation(
            party, product, product.bases[0].basis,
            number="示范第 1 号", starts_on=date(2020, 1, 1), ends_on=None, by=None,
        )  # fmt: skip
        owner = {"party_id": party.id, "product_id": product.id, "authorisation_id": right.id}
        db.session.remove()
        db.engine.dispose()
    with sqlite3.connect(folder / "gi_trace.db") as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        fill(connection, owner, numbers_of(batches), UNITS // batches, checks // UNITS)
        connection.execute("ANALYZE")
        connection.commit()
    connection.close()


def numbers_of(batches: int) -> list[int]:
    """Random, as the service draws them."""
    return np.random.default_rng(1).choice(1 << 23, batches, replace=False).tolist()


def fill(connection, owner, numbers, units, times) -> None:
    epoch, moment = epoch_of_year(clock.today().year), MONTH_AGO.replace(tzinfo=None).isoformat(" ")
    batch = {
        "epoch": epoch, **owner, "season": "2026", "net_weight_g": 250, "units": units, "lot_holds": 0,
        "lot_recalls": 0, "packed_on": "2026-10-01", "registered_at": moment,
    }  # fmt: skip
    insert(connection, "batch", [batch | {"number": n, "own_number": f"A-{n}"} for n in numbers])
    activated = {
        "state": "activated",
        "first_unit": 1,
        "last_unit": units,
        "reason": "",
        "at": moment,
        "by_id": 1,
    }
    insert(connection, "unit_range", [activated | {"batch_number": n} for n in numbers])
    state, pool, _ = update(UnitState(), BatchState(), Check(MONTH_AGO, b"0" * 16, "江门市"))
    insert(connection, "batch_history", [{"batch_number": n, "suspicion": pool.to_bytes()} for n in numbers])
    connection.execute("CREATE TEMP TABLE one (unit INTEGER)")
    connection.executemany("INSERT INTO one VALUES (?)", [(unit,) for unit in range(1, units + 1)])
    last = MONTH_AGO.replace(tzinfo=None) + timedelta(hours=times)
    connection.execute(
        "INSERT INTO unit_history (serial, checks, first_at, last_at, first_city, last_city, opened,"
        " suspected, publicly_shown, suspicion) SELECT number << 22 | unit, ?, ?, ?, '江门市', '江门市', 0, 0, 0, ?"
        " FROM batch, one ORDER BY number, unit",
        (times, moment, last.isoformat(" "), state.to_bytes()),
    )
    connection.execute("CREATE TEMP TABLE time (number INTEGER)")
    connection.executemany("INSERT INTO time VALUES (?)", [(number,) for number in range(1, times + 1)])
    connection.execute(
        "INSERT INTO verification (serial, number, at, device, city, channel)"
        " SELECT batch.number << 22 | unit, time.number, ?, randomblob(16), '江门市', 'web'"
        " FROM batch, one, time ORDER BY batch.number, unit, time.number",
        (moment,),
    )


def insert(connection, table, rows) -> None:
    names = list(rows[0])
    marks = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


def write_codes(folder: Path, *, batches: int, count: int) -> None:
    """Codes of units drawn at random without repeating, one a line."""
    keys, epoch, units = Keys(str(folder)), epoch_of_year(clock.today().year), UNITS // batches
    numbers = numbers_of(batches)
    drawn = np.random.default_rng(2).permutation(UNITS)[:count]
    by_batch: dict[int, list[str]] = {}
    with open(folder / "codes.txt", "w") as file:
        for index in drawn.tolist():
            batch = index // units
            if batch not in by_batch:
                by_batch[batch] = codes_of(keys.by_epoch[epoch], numbers[batch], 1, units)
            file.write(by_batch[batch][index % units] + "\n")
