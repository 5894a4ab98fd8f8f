"""Allocations, conversions and postings."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.errors import Refused
from gi_trace.stock.rules.conversions import (
    WHOLE,
    Ceiling,
    ConversionAboveCeiling,
    ConversionCeilingInvalid,
    ConversionReasonNeeded,
    check_ceiling,
    check_conversion,
    find_ceiling,
    is_unusual,
)
from gi_trace.stock.rules.harvests import (
    AllocationBelowHarvest,
    AllocationExceeded,
    AreaInvalid,
    BearingAreaTooLarge,
    YieldAboveCeiling,
    allocation_g,
    check_allocation,
    check_areas,
    check_new_allocation,
    check_yield,
)
from gi_trace.stock.rules.postings import (
    MAY_GO_NEGATIVE,
    AccountKind,
    LotTakenTwice,
    NoLots,
    NotEnoughStock,
    PartsDoNotFit,
    Unbalanced,
    check_available,
    check_balanced,
    check_named_once,
    check_parts,
    shares,
)

PEEL = Ceiling(date(2020, 1, 1), ceiling_per_10000=600, usual_per_10000=500, source="示范依据")


def test_a_harvest_above_what_is_left_is_refused_with_the_arithmetic():
    with pytest.raises(AllocationExceeded) as refused:
        check_allocation(allocated_g=10_000_000, harvested_g=9_000_000, asked_g=1_500_000)
    for part in ("10,000 千克", "9,000 千克", "1,000 千克", "1,500 千克", "500 千克"):
        assert part in str(refused.value)


REFUSED_BY_100_G = {
    "harvest": lambda: check_allocation(allocated_g=1000, harvested_g=400, asked_g=700),
    "yield": lambda: check_yield(yield_g_per_mu=1100, ceiling_g_per_mu=1000, source="示范依据"),
    "lower allocation": lambda: check_new_allocation(asked_g=900, harvested_g=1000),
    "stock": lambda: check_available("L1", balance_g=1000, reserved_g=300, asked_g=800),
    "parts": lambda: check_parts([400, 700], whole_g=1000),
    "conversion": lambda: check_conversion(input_g=10_000, output_g=700, ceiling=PEEL, reason="果皮较厚"),
}


@pytest.mark.parametrize("check", REFUSED_BY_100_G)
def test_a_refusal_says_exactly_how_much_is_too_much(check):
    with pytest.raises(Refused) as refused:
        REFUSED_BY_100_G[check]()
    [too_much] = {"excess", "missing", "difference"} & set(refused.value.facts)
    assert refused.value.facts[too_much] == 100


def test_a_harvest_of_exactly_what_is_left_fits():
    check_allocation(allocated_g=1000, harvested_g=400, asked_g=600)


def test_an_allocation_is_bearing_area_times_verified_yield_rounded_down():
    assert allocation_g(bearing_m2=2000, yield_g_per_mu=1_430_000) == 4_290_000
    assert allocation_g(bearing_m2=1, yield_g_per_mu=1000) == 1


def test_a_yield_above_the_crops_ceiling_is_refused_with_its_source():
    with pytest.raises(YieldAboveCeiling) as refused:
        check_yield(yield_g_per_mu=2_100_000, ceiling_g_per_mu=2_000_000, source="示范依据")
    assert "100 千克" in str(refused.value) and "示范依据" in str(refused.value)


def test_an_allocation_is_not_lowered_under_what_was_picked():
    check_new_allocation(asked_g=400, harvested_g=400)
    with pytest.raises(AllocationBelowHarvest):
        check_new_allocation(asked_g=399, harvested_g=400)


def test_areas_that_cannot_be_are_refused():
    check_areas(measured_m2=10, bearing_m2=10)
    with pytest.raises(BearingAreaTooLarge):
        check_areas(measured_m2=10, bearing_m2=11)
    for area_m2 in (0, -1, 10**12):
        with pytest.raises(AreaInvalid):
            check_areas(measured_m2=area_m2, bearing_m2=1)


def test_more_than_the_ceiling_is_refused_and_more_than_usual_wants_a_reason():
    def result(output_g, reason=""):
        check_conversion(input_g=100_000, output_g=output_g, ceiling=PEEL, reason=reason)
        return is_unusual(input_g=100_000, output_g=output_g, ceiling=PEEL)

    assert result(5000) is False
    with pytest.raises(ConversionReasonNeeded):
        result(5001)
    assert result(5001, "果皮较厚") is True
    assert result(6000, "果皮较厚") is True
    with pytest.raises(ConversionAboveCeiling) as refused:
        result(6001, "果皮较厚")
    assert "6%" in str(refused.value) and "6 千克" in str(refused.value)


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_no_conversion_makes_more_than_its_ceiling(input_g, output_g):
    try:
        check_conversion(input_g=input_g, output_g=output_g, ceiling=PEEL, reason="原因")
    except ConversionAboveCeiling:
        assert output_g * WHOLE > input_g * PEEL.ceiling_per_10000
    else:
        assert output_g <= input_g * PEEL.ceiling_per_10000 // WHOLE


def test_the_ceiling_of_a_day_is_the_latest_that_had_begun():
    later = Ceiling(date(2025, 1, 1), 550, 450, "新依据")
    assert find_ceiling([later, PEEL], date(2024, 12, 31)) == PEEL
    assert find_ceiling([later, PEEL], date(2025, 1, 1)) == later
    assert find_ceiling([later, PEEL], date(2019, 1, 1)) is None


def test_a_conversion_without_a_known_usual_value_has_only_its_ceiling():
    ceiling = Ceiling(date(2020, 1, 1), ceiling_per_10000=7500, source="示范依据")
    check_conversion(input_g=100, output_g=75, ceiling=ceiling, reason="")
    assert not is_unusual(input_g=100, output_g=75, ceiling=ceiling)


@pytest.mark.parametrize(
    "ceiling",
    [
        Ceiling(date(2020, 1, 1), 0, None, "依据"),
        Ceiling(date(2020, 1, 1), 500, 600, "依据"),
        Ceiling(date(2020, 1, 1), 10_001, 600, "依据"),
        Ceiling(date(2020, 1, 1), 600, 500, " "),
    ],
)
def test_a_ceiling_without_sense_or_source_is_refused(ceiling):
    with pytest.raises(ConversionCeilingInvalid):
        check_ceiling(ceiling)


def test_weight_offered_to_someone_cannot_be_spent_meanwhile():
    check_available("L1", balance_g=1000, reserved_g=400, asked_g=600)
    with pytest.raises(NotEnoughStock) as refused:
        check_available("L1", balance_g=1000, reserved_g=400, asked_g=601)
    assert "0.6 千克" in str(refused.value) and "缺 0.001 千克" in str(refused.value)


def test_postings_that_do_not_sum_to_zero_are_a_fault_of_the_program():
    check_balanced([-5, 3, 2])
    with pytest.raises(Unbalanced):
        check_balanced([-5, 3])


def test_parts_add_up_to_their_whole():
    check_parts([1, 2], whole_g=3)
    with pytest.raises(PartsDoNotFit):
        check_parts([1, 1], whole_g=3)


def test_a_lot_is_named_once_and_at_least_one_is_named():
    check_named_once(["L1", "L2"])
    with pytest.raises(LotTakenTwice):
        check_named_once(["L1", "L2", "L1"])
    with pytest.raises(NoLots):
        check_named_once([])


def test_only_where_grams_come_into_being_may_a_balance_go_negative():
    assert AccountKind.FIELD in MAY_GO_NEGATIVE and AccountKind.OPENING in MAY_GO_NEGATIVE
    assert not {AccountKind.LOSS, AccountKind.PACKED, AccountKind.OTHER_USE} & MAY_GO_NEGATIVE


@given(st.integers(0, 10**10), st.lists(st.integers(1, 10**10), min_size=1, max_size=6))
def test_shares_of_a_whole_are_in_proportion_and_add_up(whole_g, weights):
    parts = shares(whole_g, weights)
    assert sum(parts) == whole_g
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - whole_g * weight) < sum(weights)
