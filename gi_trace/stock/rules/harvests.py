"""What a plot may yield, and how much of it is left."""

from gi_trace.errors import N_, Refused
from gi_trace.stock.rules.weights import Grams


class BearingAreaTooLarge(Refused):
    code = "bearing_area_too_large"
    text = N_("挂果（种植）面积 {bearing} 平方米大于地块面积 {measured} 平方米。")


class YieldAboveCeiling(Refused):
    code = "yield_above_ceiling"
    text = N_("核定单产每亩 {asked}，高于该作物的上限每亩 {ceiling}（依据：{source}），超出 {excess}。")


class AllocationBelowHarvest(Refused):
    code = "allocation_below_harvest"
    text = N_("该地块本季已采收 {harvested}，核定产量不能改为 {asked}，还差 {missing}。")


class AllocationExceeded(Refused):
    code = "allocation_exceeded"
    text = N_(
        "该地块本季核定产量 {allocated}，已采收 {harvested}，剩余 {left}；本次申报 {asked}，超出 {excess}。"
    )


class AreaInvalid(Refused):
    code = "area_invalid"
    text = N_("面积“{given}”不对：请填 1 至 {most} 之间的整数平方米。")


MOST_M2 = 100_000_000  # 100 km²: larger than any town's fields


def check_areas(*, measured_m2: int, bearing_m2: int) -> None:
    for area_m2 in (measured_m2, bearing_m2):
        if not 1 <= area_m2 <= MOST_M2:
            raise AreaInvalid(given=area_m2, most=MOST_M2)
    if bearing_m2 > measured_m2:
        raise BearingAreaTooLarge(bearing=bearing_m2, measured=measured_m2)


def allocation_g(*, bearing_m2: int, yield_g_per_mu: int) -> int:
    """Grams that a plot may yield in a season; 3 mu are 2,000 m². Rounded down."""
    return bearing_m2 * yield_g_per_mu * 3 // 2000


def check_yield(*, yield_g_per_mu: int, ceiling_g_per_mu: int, source: str) -> None:
    if yield_g_per_mu > ceiling_g_per_mu:
        raise YieldAboveCeiling(
            asked=Grams(yield_g_per_mu),
            ceiling=Grams(ceiling_g_per_mu),
            excess=Grams(yield_g_per_mu - ceiling_g_per_mu),
            source=source,
        )


def check_new_allocation(*, asked_g: int, harvested_g: int) -> None:
    """An allocation is never lowered under what has already been picked."""
    if asked_g < harvested_g:
        raise AllocationBelowHarvest(
            harvested=Grams(harvested_g), asked=Grams(asked_g), missing=Grams(harvested_g - asked_g)
        )


def check_allocation(*, allocated_g: int, harvested_g: int, asked_g: int) -> None:
    """A harvest fits what its plot has left for the season, whatever is made from it."""
    left_g = allocated_g - harvested_g
    if asked_g > left_g:
        raise AllocationExceeded(
            allocated=Grams(allocated_g),
            harvested=Grams(harvested_g),
            left=Grams(left_g),
            asked=Grams(asked_g),
            excess=Grams(asked_g - left_g),
        )
