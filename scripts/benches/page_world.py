"""The world of `scripts/bench page`: a data folder with batches, units and stored checks, and codes to ask for."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, text

from gi_trace import clock, create_app
from gi_trace.accounts.actions import open_account
from gi_trace.accounts.models import Duty, Role
from gi_trace.batches.actions import printed_on
from gi_trace.batches.models import Batch, UnitRange
from gi_trace.batches.rules import UnitState
from gi_trace.codes.unit_code import codes_of
from gi_trace.commands import make_ready
from gi_trace.database import act, db
from gi_trace.keys import Keys, epoch_of_year
from gi_trace.registry.actions import grant_authorisation
from gi_trace.registry.mending_rules import Announcement
from gi_trace.registry.models import find_product
from gi_trace.registry.party_actions import enter_party
from gi_trace.verification.models import BatchHistory
from gi_trace.verification.suspicion import BatchMemory, Sighting, UnitMemory, update

UNITS = 1_000_000
MONTH_AGO = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
HISTORIES = """
    INSERT INTO unit_history (serial, checks, first_at, last_at, first_city, last_city, opened, suspected,
                              publicly_shown, suspicion)
    SELECT number << 22 | unit, :times, :first, :last, '江门市', '江门市', 0, 0, 0, :state
    FROM batch, one_unit ORDER BY number, unit
"""
CHECKS = """
    INSERT INTO verification (serial, number, at, device, city, channel)
    SELECT batch.number << 22 | unit, one_time.number, :first, randomblob(16), '江门市', 'web'
    FROM batch, one_unit, one_time ORDER BY batch.number, unit, one_time.number
"""


def make_world(folder: Path, *, batches: int, checks: int) -> None:
    """`batches` batches of UNITS units in all, every one activated and checked checks/UNITS times."""
    service = create_app(DATA_DIR=str(folder))
    with service.app_context():
        list(make_ready(with_demo=False))
        by, _ = open_account("bench", "示范", Role.AUTHORITY, by=None, duties=list(Duty))
        _fill(numbers_of(batches), UNITS // batches, checks // UNITS, _right(), by.id)
        db.session.remove()
        db.engine.dispose()


def numbers_of(batches: int) -> list[int]:
    """Random, as the service draws them."""
    return np.random.default_rng(1).choice(1 << 23, batches, replace=False).tolist()


def write_codes(folder: Path, *, batches: int) -> None:
    """The codes of all units in random order, one a line."""
    keys, epoch, units = Keys(str(folder)), epoch_of_year(clock.today().year), UNITS // batches
    codes = np.array([codes_of(keys.by_epoch[epoch], number, 1, units) for number in numbers_of(batches)])
    np.random.default_rng(2).shuffle(codes := codes.ravel())
    (folder / "codes.txt").write_text("\n".join(codes.tolist()) + "\n")


@act
def _right() -> dict[str, Any]:
    party = enter_party("林记示范陈皮行", "91440705MA5DEM01XX", area=None, address="", by=None)
    product = find_product("xinhui-chenpi")
    assert product is not None
    right = grant_authorisation(
        party, product, product.bases[0].basis,
        number="示范第 1 号", starts_on=date(2020, 1, 1), ends_on=None, by=None,
        announcement=Announcement("示范公告第 1 号", date(2020, 1, 1)),
    )  # fmt: skip
    told = {"party_id": party.id, "product_id": product.id, "authorisation_id": right.id}
    return told | printed_on(right, date(2026, 10, 1))


@act
def _fill(numbers: list[int], units: int, times: int, right: dict[str, Any], by_id: int) -> None:
    batch = right | {
        "epoch": epoch_of_year(clock.today().year), "season": "2026", "net_weight_g": 250, "units": units,
        "packed_on": date(2026, 10, 1), "registered_at": MONTH_AGO,
    }  # fmt: skip
    activated = {"state": UnitState.ACTIVATED, "first_unit": 1, "last_unit": units, "at": MONTH_AGO}
    activated["by_id"] = by_id
    state, pool, _ = update(UnitMemory(), BatchMemory(), Sighting(MONTH_AGO, b"0" * 16, "江门市"))
    pool.levels = (units, *pool.levels[1:])
    first, last = (
        moment.replace(tzinfo=None).isoformat(" ")
        for moment in (MONTH_AGO, MONTH_AGO + timedelta(hours=times))
    )
    db.session.execute(insert(Batch), [batch | {"number": n, "own_number": f"A-{n}"} for n in numbers])
    db.session.execute(insert(UnitRange), [activated | {"batch_number": n} for n in numbers])
    pools = [{"batch_number": n, "suspicion": pool.to_bytes()} for n in numbers]
    db.session.execute(insert(BatchHistory), pools)
    for name, column, count in (("one_unit", "unit", units), ("one_time", "number", times)):
        db.session.execute(text(f"CREATE TEMP TABLE {name} ({column} INTEGER)"))
        rows = [{"n": n} for n in range(1, count + 1)]
        db.session.execute(text(f"INSERT INTO {name} VALUES (:n)"), rows)
    facts = {"times": times, "first": first, "last": last, "state": state.to_bytes()}
    db.session.execute(text(HISTORIES), facts)
    db.session.execute(text(CHECKS), facts)
    db.session.execute(text("ANALYZE"))
