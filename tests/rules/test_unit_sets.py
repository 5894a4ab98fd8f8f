"""Compressed sets of units are exact, small, and read back by single questions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_trace.patrol.packs.unit_sets import BLOCK_RUNS, UnitSet, encode_units, runs_of
from gi_trace.patrol.packs.unit_states import joined, latest_states

units = st.sets(st.integers(0, 5000) | st.integers(0, (1 << 40) - 1), max_size=300)


def encoded(some):
    return encode_units(*runs_of(np.asarray(some, np.int64)))


def members(content):
    return [unit for first, last in UnitSet(content).runs() for unit in range(first, last + 1)]


@given(units)
def test_a_set_reads_back_exactly(some):
    assert members(encoded(sorted(some))) == sorted(some)


@given(units, st.integers(0, 6000))
def test_a_unit_is_in_the_set_or_not(some, unit):
    read = UnitSet(encoded(sorted(some)))
    assert (unit in read) == (unit in some)
    assert all(each in read for each in some)


def test_blocks_of_different_habits_stand_side_by_side():
    rng = np.random.default_rng(3)
    scattered = np.unique(rng.integers(0, 400_000, 4 * BLOCK_RUNS))
    runs = np.unique((500_000 + rng.choice(4000, 900, replace=False) * 50)[:, None] + np.arange(50))
    some = np.concatenate([scattered, runs, np.arange(10_000_000, 14_000_000)])
    blocks = UnitSet(encoded(some))
    assert {block.runs for block in blocks.blocks} == {True, False}
    within = set(some[some < 800_000].tolist())
    assert all((unit in blocks) == (unit in within) for unit in range(0, 800_000, 97))
    assert 13_999_999 in blocks and 14_000_000 not in blocks


def test_scattered_units_cost_at_most_nine_bits_and_runs_of_fifty_at_most_one():
    rng = np.random.default_rng(1)
    scattered = np.sort(rng.choice(10_000_000, 100_000, replace=False))
    assert len(encoded(scattered)) * 8 / len(scattered) <= 9
    runs = np.sort(((rng.choice(200_000, 2000, replace=False) * 50)[:, None] + np.arange(50)).ravel())
    assert len(encoded(runs)) * 8 / len(runs) <= 1


@pytest.mark.parametrize("starts, ends", [([5], [4]), ([-1], [3]), ([1, 4], [3, 9]), ([9, 1], [9, 1])])
def test_runs_that_are_not_sorted_and_apart_are_refused(starts, ends):
    with pytest.raises(ValueError):
        encode_units(np.array(starts), np.array(ends))


ranges = st.lists(
    st.tuples(st.integers(0, 199), st.integers(0, 199), st.integers(1, 5)).map(
        lambda told: (min(told[:2]), max(told[:2]), told[2])
    ),
    max_size=30,
)


@settings(max_examples=200)
@given(ranges)
def test_of_ranges_that_overlap_the_latest_speaks(told):
    expected = [0] * 200
    for first, last, state in told:
        expected[first : last + 1] = [state] * (last - first + 1)
    first, last, state = (np.array([each[i] for each in told], np.int64) for i in range(3))
    found = latest_states(200, first, last, state)
    painted = {
        unit: state
        for state, (a, b) in found.items()
        for s, e in zip(a, b, strict=True)
        for unit in range(s, e + 1)
    }
    assert [painted[unit] for unit in range(200)] == expected


def test_parts_that_touch_become_one_run():
    starts, ends = joined([runs_of(np.arange(3, 10)), runs_of(np.array([10, 11, 20]))])
    assert list(zip(starts, ends, strict=True)) == [(3, 11), (20, 20)]
