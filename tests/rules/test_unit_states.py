"""States of units by ranges, against a model that keeps every unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.batches.rules import UnitState
from gi_trace.batches.unit_states import (
    MAY_BECOME,
    CountTypedWrong,
    Segment,
    SpoilageNeedsConsent,
    Tally,
    UnitsCannotBecome,
    check_count,
    check_may_become,
    check_spoilage,
    segments_of,
    tally_of,
    within,
)

ranges = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 12), st.sampled_from(list(UnitState))).map(
        lambda said: (said[0], said[0] + said[1], said[2])
    ),
    max_size=12,
)


@given(st.integers(1, 20), st.integers(0, 30), ranges)
def test_the_last_said_state_of_every_unit_is_found(first, length, said):
    last = first + length
    model = dict.fromkeys(range(first, last + 1))
    for a, b, state in said:
        model.update({unit: state for unit in range(a, b + 1) if unit in model})
    segments = segments_of(first, last, said)
    spread = {unit: s.state for s in segments for unit in range(s.first, s.last + 1)}
    assert spread == model
    assert all(one.state != other.state for one, other in zip(segments, segments[1:], strict=False))
    tally = tally_of(segments)
    assert tally.ordered == last - first + 1
    assert tally.in_market == list(model.values()).count(UnitState.ACTIVATED)


@given(st.integers(1, 20), st.integers(0, 30), ranges, st.sets(st.integers(0, 50), max_size=8))
def test_what_is_said_of_some_ranges_is_what_is_said_of_all_cut_to_them(first, length, said, bounds):
    last = first + length
    inside = sorted(unit for unit in bounds if first <= unit <= last)
    asked = list(zip(inside[::2], inside[1::2], strict=False))
    whole = segments_of(first, last, said)
    cut = {unit: s.state for s in within(whole, asked) for unit in range(s.first, s.last + 1)}
    spread = {unit: s.state for s in whole for unit in range(s.first, s.last + 1)}
    assert cut == {unit: spread[unit] for a, b in asked for unit in range(a, b + 1)}


def test_four_million_units_with_a_thousand_scattered_voids_are_a_thousand_steps():
    voids = [(unit, unit, UnitState.VOID) for unit in range(1, 4_000_000, 4000)]
    segments = segments_of(1, 4_000_000, [(1, 4_000_000, UnitState.ACTIVATED), *voids])
    assert len(segments) == 2000
    assert tally_of(segments) == Tally(in_market=3_999_000, void=1000)


@pytest.mark.parametrize("wanted", UnitState)
@pytest.mark.parametrize("now", [None, *UnitState])
def test_a_unit_becomes_only_what_it_may(now, wanted):
    segments = [Segment(1, 5, now)]
    if now in MAY_BECOME[wanted]:
        check_may_become(wanted, segments)
    else:
        with pytest.raises(UnitsCannotBecome, match="1–5"):
            check_may_become(wanted, segments)


def test_what_is_destroyed_or_void_never_comes_back_to_the_market():
    for gone in (UnitState.VOID, UnitState.DESTROYED):
        assert gone not in MAY_BECOME[UnitState.ACTIVATED]


def test_void_units_are_not_destroyed_since_their_goods_are_in_a_lot_again():
    assert UnitState.VOID not in MAY_BECOME[UnitState.DESTROYED]


def test_the_count_is_typed_back():
    check_count([(1, 40), (51, 60)], 50)
    with pytest.raises(CountTypedWrong, match="共 50 件，您填写的是 5 件"):
        check_count([(1, 50)], 5)


def test_much_spoilage_needs_consent_and_says_the_arithmetic():
    check_spoilage(Tally(unused=95, void=5), 5, consented=0)
    with pytest.raises(SpoilageNeedsConsent, match="100 件中已作废、遗失或销毁 6 件，超过 5%（5 件）"):
        check_spoilage(Tally(unused=94, void=3, lost=2, destroyed=1), 5, consented=5)
    check_spoilage(Tally(void=100), 5, consented=100)
