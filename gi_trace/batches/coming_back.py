"""Whose weight comes back to stock by the firm alone, and whose only in front of an officer. Pure.

Labels in use, or that once were lost or returned, may stand on goods that are sold; fruit and rice are sold without
labels too. So of these an officer must have seen the goods or the labels.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from gi_trace.batches.rules import UnitState
from gi_trace.batches.unit_entries import merged
from gi_trace.batches.unit_states import Range, Segment
from gi_trace.errors import N_, Refused
from gi_trace.words import Sentence

USED = N_("{units} 件启用过，或者登记过遗失、退回")
LONG_PACKED = N_("{units} 件是鲜果或粮食，包装已超过 {days} 天")


class UnpackingNeedsOfficer(Refused):
    code = "unpacking_needs_officer"
    text = N_(
        "这些件号中，{why}：可能已经售出，重量须由主管部门或巡查人员看过货物或标识后才能退回，请申请看货。"
    )


class UnpackingNeedsNoOfficer(Refused):
    code = "unpacking_needs_no_officer"
    text = N_("这些件号可以自行拆包或作废，不必申请看货。")


class UnitsNotAsked(Refused):
    code = "units_not_asked"
    text = N_("件号 {first}–{last} 不在申请看货的件号之内。")


class NothingSeen(Refused):
    code = "nothing_seen"
    text = N_("没有可以退回的件：公众查验过的件须逐件扫标识码，其他的件请填写看到的件号。")


class SampleOutOfBounds(Refused):
    code = "sample_out_of_bounds"
    text = N_("抽看的件数应在 1 至 {units} 之间，您填写的是 {sampled}。")


class SampledTooMuch(Refused):
    code = "sampled_too_much"
    text = N_(
        "这次要按抽样退回 {asked}；这家企业这种产品一年内已按抽样退回 {before}，一年最多 {most}。请逐件看货，抽看件数留空。"
    )


class CapOutOfBounds(Refused):
    code = "cap_out_of_bounds"
    text = N_("上限应在 0% 至 100% 之间，您填写的是 {percent}%。")


def why_officer(
    segments: Iterable[Segment[UnitState]], *, is_raw: bool, is_long_packed: bool, days: int
) -> list[Sentence]:
    """Of how many of the units (their last-said states) an officer must see the goods, and why; nothing: of none.

    Whatever was said of a unit is never unsaid: one without a state was in no state before.
    """
    used = idle = 0
    for segment in segments:
        if segment.state is None:
            idle += segment.units
        else:
            used += segment.units
    found = [Sentence(USED, {"units": used})] if used else []
    if idle and is_raw and is_long_packed:
        found.append(Sentence(LONG_PACKED, {"units": idle, "days": days}))
    return found


def units_back(
    asked: Sequence[Range], seen: Sequence[Range], scanned: Sequence[Range], checked: Sequence[int]
) -> list[Range]:
    """Those seen; of what the public had `checked` (units, in order) only labels that the officer scanned himself: an honest
    return happens, and a rival's scans must not freeze goods.

    Raises UnitsNotAsked, NothingSeen.
    """
    all_seen = merged([*seen, *scanned])
    for first, last in all_seen:
        if not any(a <= first and last <= b for a, b in asked):
            raise UnitsNotAsked(first=first, last=last)
    proven = {unit for first, last in scanned for unit in range(first, last + 1)}
    unproven = [unit for unit in checked if unit not in proven]
    back = [one for first, last in all_seen for one in _without(first, last, _among(unproven, first, last))]
    if not back:
        raise NothingSeen
    return back


def count_among(units: Sequence[int], ranges: Iterable[Range]) -> int:
    """How many of the units, which are in order, lie in these ranges."""
    return sum(len(_among(units, first, last)) for first, last in ranges)


def _among(units: Sequence[int], first: int, last: int) -> Sequence[int]:
    return units[bisect_left(units, first) : bisect_right(units, last)]


def _without(first: int, last: int, units: Iterable[int]) -> list[Range]:
    left = []
    for unit in units:
        left.append((first, unit - 1))
        first = unit + 1
    return [(a, b) for a, b in [*left, (first, last)] if a <= b]
