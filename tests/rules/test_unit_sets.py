"""Compressed sets of units are exact, small, and read back by single questions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.patrol.packs.unit_sets import BLOCK_RUNS, UnitSet, encode_units, joined

units = st.sets(st.integers(0, 5000) | st.integers(0, (1 << 40) - 1), max_size=300)


def encoded(some):
    alone = np.asarray(some, np.int64)
    return encode_units(*joined([(alone, alone)]))


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
    read = np.concatenate([np.arange(first, last + 1) for first, last in blocks.runs()])
    assert np.array_equal(read, some)
    within = set(some[some < 800_000].tolist())
    assert all((unit in blocks) == (unit in within) for unit in range(0, 800_000, 4999))
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


def test_parts_that_touch_become_one_run():
    starts, ends = joined([(np.array([3, 4]), np.array([3, 9])), (np.array([10, 20]), np.array([11, 20]))])
    assert list(zip(starts, ends, strict=True)) == [(3, 11), (20, 20)]
