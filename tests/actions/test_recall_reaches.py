"""A recall reaches all that was physically together with what it recalls, in any order of acts, however small its share."""

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gi_trace.batches.actions import register_batch
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.stock.actions.ageing import move_lot
from gi_trace.stock.actions.holds import hold_lot
from gi_trace.stock.models import HoldKind
from tests.cast import batch_facts, make_opening_stock, person, right_of, store, two_officers
from tests.farm import KG, blended

STEPS = st.lists(st.sampled_from(["unpack one", "unpack half", "blend", "pack"]), min_size=1, max_size=7)


@pytest.fixture(autouse=True)
def winter(app, at):
    at("2026-12-01T08:00Z")


NUMBERS = count()


def pack(draws, **changes):
    facts, agreed = batch_facts(own_number=f"A-{next(NUMBERS)}", **changes), [lot.id for lot, _ in draws]
    return register_batch(right_of("lin"), facts, draws, by=person("lin"), agreed=agreed)


def recall(lot):
    hold_lot(lot, kind=HoldKind.RECALL, reason="农残超标", **two_officers())
    db.session.expire_all()


def test_a_recall_of_a_little_reaches_the_one_unit_that_was_unpacked():
    little, much = make_opening_stock(3 * KG), make_opening_stock(997 * KG)
    batch = pack([(little, 3 * KG), (much, 997 * KG)], units=1_000_000, net_weight_g=1)
    opened = unpack_units(batch, [(1, 1)], count=1, reason="破损", by=person("lin"))
    recall(little)
    assert opened.recalls == 1


@given(steps=STEPS, picks=st.lists(st.integers(0, 99), min_size=7, max_size=7))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_order_of_unpacking_blending_and_packing_washes_a_recall_off(steps, picks):
    little, much = make_opening_stock(KG), make_opening_stock(199 * KG)
    batches = [pack([(little, 3), (much, 199 * KG)], units=199 * KG + 3, net_weight_g=1)]
    lots, opened = [], {batches[0].number: 0}
    for step, place in zip(steps, picks, strict=False):
        batch = batches[place % len(batches)]
        if step.startswith("unpack"):
            left = batch.units - opened[batch.number]
            units = 1 if step == "unpack one" else left // 2
            if 1 <= units <= left:
                first = opened[batch.number] + 1
                opened[batch.number] += units
                ranges = [(first, first + units - 1)]
                lots.append(unpack_units(batch, ranges, count=units, reason="破损", by=person("lin")))
        usable = [lot for lot in lots if lot.balance_g]
        if step == "blend" and usable:
            clean = make_opening_stock(500 * KG)
            lots.append(blended([(usable[place % len(usable)], 1), (clean, 400 * KG)]))
        if step == "pack" and usable:
            lot = usable[place % len(usable)]
            batches.append(pack([(lot, lot.balance_g)], units=lot.balance_g, net_weight_g=1))
            opened[batches[-1].number] = 0
    recall(little)
    assert all(lot.recalls for lot in lots) and all(batch.lot_recalls for batch in batches)


@given(moved=st.integers(0, 6), packed=st.integers(0, 6), opened=st.integers(0, 40), outside=st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_packs_are_opened_whenever_their_lots_were_moved(at, moved, packed, opened, outside):
    """Also where a lot began a new stay after the packing date, which was dated back."""
    at("2026-12-01T08:00Z")
    one, other = make_opening_stock(KG), make_opening_stock(KG)
    at("2026-12-08T08:00Z")
    move_lot(
        one, store(inside=not outside, name="另一示范仓"), by=person("lin"), on=date(2026, 12, 1 + moved)
    )
    day = date(2026, 12, 1 + packed)
    batch = pack([(one, KG), (other, KG)], units=2, net_weight_g=KG, packed_on=day)
    at(f"{date.fromordinal(date(2026, 12, 8).toordinal() + opened)}T08:00Z")
    lot = unpack_units(batch, [(1, 2)], count=2, reason="滞销", by=person("lin"))
    assert lot.balance_g == 2 * KG and lot.age_on(date(2027, 6, 1)).years == 0
