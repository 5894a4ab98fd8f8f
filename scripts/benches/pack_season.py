"""A season in a database of its own: many batches, all activated, and void units among them."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import insert

from gi_trace.accounts.models import Account, Role, find_account
from gi_trace.batches.models import Batch, UnitRange, UnitState
from gi_trace.database import act, db
from gi_trace.registry.models import Authorisation, find_product
from gi_trace.registry.party_actions import enter_party
from gi_trace.registry.rules import Basis

PARTIES, UNITS = 2000, 1000
RUN = 50
AT = datetime(2026, 10, 1, tzinfo=UTC)


@act
def load_season(batches: int, *, void_units: int, in_runs: bool, seed: int = 1) -> None:
    """Batches of 1,000 units under 2,000 rights, `void_units` of them void; the officer who will ask is "bench"."""
    rng = np.random.default_rng(seed)
    officer = Account(
        sign_in_name="bench", name="bench", role=Role.INSPECTOR, password_hash="", password_is_one_time=False,
        password_set_at=AT, opened_at=AT,
    )  # fmt: skip
    db.session.add(officer)
    rights = _rights()
    numbers = rng.choice(1 << 23, batches, replace=False).tolist()
    db.session.execute(insert(Batch), [_batch(n, rights[i % PARTIES], i) for i, n in enumerate(numbers)])
    told = [(n, UnitState.ACTIVATED, 1, UNITS) for n in numbers]
    runs = _runs(rng, batches * UNITS, void_units, RUN if in_runs else 1)
    told += [(numbers[a // UNITS], UnitState.VOID, a % UNITS + 1, b % UNITS + 1) for a, b in runs]
    names = ("batch_number", "state", "first_unit", "last_unit")
    for start in range(0, len(told), 100_000):
        rows = [dict(zip(names, row, strict=True)) for row in told[start : start + 100_000]]
        db.session.execute(insert(UnitRange), [row | {"at": AT, "by_id": officer.id} for row in rows])


@act
def void_some(numbers: list[int], units: int, at: datetime) -> None:
    """A day's work: a few units of some batches become void."""
    officer = find_account("bench")
    assert officer is not None
    rows = [
        {"batch_number": n, "state": UnitState.VOID, "first_unit": 7, "last_unit": 6 + units, "at": at,
         "by_id": officer.id}
        for n in numbers
    ]  # fmt: skip
    db.session.execute(insert(UnitRange), rows)


def _rights() -> list[Authorisation]:
    product = find_product("xinhui-chenpi")
    assert product is not None
    parties = [
        enter_party(f"示范陈皮行 {i}", f"{i:018d}", area=None, address="", by=None) for i in range(PARTIES)
    ]
    rights = [
        Authorisation(
            party_id=party.id, product_id=product.id, basis=Basis.PROTECTED, number=f"示范第 {i} 号",
            starts_on=date(2020, 1, 1), ends_on=None,
        )
        for i, party in enumerate(parties)
    ]  # fmt: skip
    db.session.add_all(rights)
    db.session.flush()
    return rights


def _batch(number: int, right: Authorisation, i: int) -> dict[str, object]:
    return {
        "number": number, "epoch": 0, "party_id": right.party_id, "product_id": right.product_id,
        "authorisation_id": right.id, "own_number": f"B{i}", "season": "2026",
        "net_weight_g": 50 * (i % 20 + 1), "units": UNITS,
        "packed_on": date(2026, 1, 1) + timedelta(days=i % 270), "best_before": None,
        "registered_at": AT, "cancelled_at": None, "opening_checks": [],
        "printed_product": "新会陈皮", "printed_name": f"示范陈皮行 {i % PARTIES}",
        "printed_uscc": f"{i % PARTIES:018d}", "printed_number": f"示范第 {i % PARTIES} 号",
    }  # fmt: skip


def _runs(rng: np.random.Generator, total: int, wanted: int, length: int) -> list[tuple[int, int]]:
    """(first, last) of runs of `length` units, in a random order; none crosses the end of a batch."""
    places = rng.choice(total // length, wanted // length, replace=False) * length
    return [(int(place), int(place) + length - 1) for place in places]
