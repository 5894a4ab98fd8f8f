"""What may be packed, printed and activated."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.batches.rules import (
    BestBeforeMissing,
    BestBeforeTooEarly,
    PackedInFuture,
    PackedTooLongAgo,
    PrintRunTooLarge,
    RangeOutsideRun,
    RangeReversed,
    UnitsOutOfBounds,
    check_best_before,
    check_packing_date,
    check_range_in_run,
    check_size,
    next_run,
)
from gi_trace.codes.unit_code import MAX_UNIT

TODAY = date(2026, 11, 24)


def test_a_packing_date_is_neither_in_the_future_nor_too_far_back():
    for day in (TODAY, TODAY - timedelta(30)):
        check_packing_date(day, today=TODAY, backdate_days=30)
    with pytest.raises(PackedInFuture):
        check_packing_date(TODAY + timedelta(1), today=TODAY, backdate_days=30)
    with pytest.raises(PackedTooLongAgo):
        check_packing_date(TODAY - timedelta(31), today=TODAY, backdate_days=30)


def test_best_before_lies_after_packing_and_is_asked_where_the_product_has_one():
    check_best_before(None, packed_on=TODAY, needed=False)
    with pytest.raises(BestBeforeMissing):
        check_best_before(None, packed_on=TODAY, needed=True)
    with pytest.raises(BestBeforeTooEarly):
        check_best_before(TODAY, packed_on=TODAY, needed=True)


@pytest.mark.parametrize("units", [0, -1, MAX_UNIT + 1, 5_000_000])
def test_a_batch_has_between_one_and_some_four_million_units(units):
    with pytest.raises(UnitsOutOfBounds):
        check_size(units=units, net_weight_g=250)


@given(st.integers(1, 10**6), st.data())
def test_print_runs_follow_one_another_and_never_pass_the_batch(units, data):
    ordered = 0
    while ordered < units and data.draw(st.booleans()):
        asked = data.draw(st.integers(1, units - ordered))
        first, last = next_run(units=units, ordered=ordered, asked=asked)
        assert first == ordered + 1 and last - first + 1 == asked
        ordered = last
    with pytest.raises(PrintRunTooLarge):
        next_run(units=units, ordered=ordered, asked=units - ordered + 1)


def test_a_range_lies_within_its_run():
    check_range_in_run(5, 10, run_first=5, run_last=10)
    with pytest.raises(RangeReversed):
        check_range_in_run(9, 8, run_first=5, run_last=10)
    for first, last in [(4, 10), (5, 11), (-1, 7)]:
        with pytest.raises(RangeOutsideRun):
            check_range_in_run(first, last, run_first=5, run_last=10)
