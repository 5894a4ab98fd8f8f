"""States of units by ranges: never a row, nor a step of work, per unit. Pure.

Whoever asks in which state a unit is (the holder's pages, a check, an offline pack) asks `speakers`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np

from gi_trace.batches.rules import UnitState
from gi_trace.errors import N_, Refused
from gi_trace.words import Worded

Range = tuple[int, int]
Said = TypeVar("Said")
MOST_RANGES = 2000

MAY_BECOME: dict[UnitState, frozenset[UnitState | None]] = {
    UnitState.ACTIVATED: frozenset({None, UnitState.RETURNED}),
    UnitState.VOID: frozenset({None, UnitState.ACTIVATED, UnitState.RETURNED}),
    UnitState.LOST: frozenset({None, UnitState.ACTIVATED}),
    UnitState.RETURNED: frozenset({UnitState.ACTIVATED, UnitState.LOST}),
    # not of void units, whose goods are in a lot again
    UnitState.DESTROYED: frozenset({None, UnitState.ACTIVATED, UnitState.LOST, UnitState.RETURNED}),
}
UNUSED = N_("未启用")


class UnitsCannotBecome(Refused):
    code = "units_cannot_become"
    text = N_("件号 {first}–{last} 现在的状态是“{now}”，不能改为“{wanted}”。")


class RangesUnreadable(Refused):
    code = "ranges_unreadable"
    text = N_("“{given}”不是件号。请这样填写：1-5、9、12-20，由小到大，不要重叠。")


class CountTypedWrong(Refused):
    code = "count_typed_wrong"
    text = N_("这些件号共 {count} 件，您填写的是 {typed} 件；请核对后再提交。")


class SpoilageNeedsConsent(Refused):
    code = "spoilage_needs_consent"
    text = N_(
        "本印制批 {units} 件中已作废、遗失或销毁 {spoilt} 件，超过 {percent}%（{most} 件）；"
        "须主管部门同意后才能再次下载。"
    )


@dataclass(frozen=True, slots=True)
class Segment(Generic[Said]):
    """Units first..last, of all of which the same was said last; None: they are unused."""

    first: int
    last: int
    state: Said | None

    @property
    def units(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Tally:
    """Units of a print run by their last state; they always add up to those ordered."""

    unused: int = 0
    in_market: int = 0
    void: int = 0
    lost: int = 0
    returned: int = 0
    destroyed: int = 0

    @property
    def ordered(self) -> int:
        return sum(vars(self).values())

    @property
    def spoilt(self) -> int:
        return self.void + self.lost + self.destroyed


def speakers(units: int, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the ranges that hold a unit the latest speaks; `first` and `last` (0..units-1) in the order of telling.

    Returns where runs of units with one speaker start, and the place of the speaker among the ranges, -1 where
    nobody said anything. n log n steps: a range is two of a power of two, which are halved down to single runs.
    """
    bounds = np.sort(np.concatenate([[0], first, last + 1]))
    starts = bounds[(np.diff(bounds, prepend=-1) > 0) & (bounds < units)]
    begins, ends = np.searchsorted(starts, first), np.searchsorted(starts, last + 1)
    speaker, places, powers = (
        np.full(len(starts), -1),
        np.arange(len(first)),
        np.log2(ends - begins).astype(int),
    )
    for power in range(powers.max(initial=0), -1, -1):
        mine, half = powers == power, (1 << power) // 2
        for block in (begins[mine], ends[mine] - (1 << power)):
            np.maximum.at(speaker, block, places[mine])
        if half:
            speaker[half:] = np.maximum(speaker[half:], speaker[:-half])
    return starts, speaker


def segments_of(first: int, last: int, ranges: Iterable[tuple[int, int, Said]]) -> list[Segment[Said]]:
    """What was last said of units first..last; `ranges` in the order in which they were told."""
    inside = [(max(a, first), min(b, last), said) for a, b, said in ranges if a <= last and b >= first]
    bounds = np.array([(a, b) for a, b, _ in inside], np.int64).reshape(-1, 2) - first
    starts, places = speakers(last - first + 1, *bounds.T)
    said = [*(state for *_, state in inside), None]  # the last one is nobody's, at place -1
    segments: list[Segment[Said]] = []
    for start, following, place in zip(starts, [*starts[1:], last - first + 1], places, strict=True):
        begin = segments.pop().first if segments and segments[-1].state == said[place] else first + int(start)
        segments.append(Segment(begin, first + int(following) - 1, said[place]))
    return segments


def within(segments: Sequence[Segment[Said]], ranges: Iterable[Range]) -> Iterator[Segment[Said]]:
    """What the segments say of the ranges; both in order, the ranges inside of what the segments cover."""
    place = 0
    for first, last in ranges:
        while segments[place].last < first:
            place += 1
        at = place
        while at < len(segments) and segments[at].first <= last:
            segment = segments[at]
            yield Segment(max(first, segment.first), min(last, segment.last), segment.state)
            at += 1


def tally_of(segments: Iterable[Segment[UnitState]]) -> Tally:
    names = {
        None: "unused",
        UnitState.ACTIVATED: "in_market",
        UnitState.VOID: "void",
        UnitState.LOST: "lost",
        UnitState.RETURNED: "returned",
        UnitState.DESTROYED: "destroyed",
    }
    counts: dict[str, int] = {}
    for segment in segments:
        counts[names[segment.state]] = counts.get(names[segment.state], 0) + segment.units
    return Tally(**counts)


def check_may_become(wanted: UnitState, segments: Iterable[Segment[UnitState]]) -> None:
    for segment in segments:
        if segment.state not in MAY_BECOME[wanted]:
            raise UnitsCannotBecome(
                first=segment.first,
                last=segment.last,
                now=segment.state.label if segment.state else UNUSED,
                wanted=wanted.label,
            )


def check_apart(ranges: Sequence[Range]) -> None:
    """In order, none over another, and not more than one act can look through."""
    overlap = any(one[1] >= other[0] for one, other in pairwise(ranges))
    if overlap or not 1 <= len(ranges) <= MOST_RANGES or any(first > last for first, last in ranges):
        raise RangesUnreadable(given="、".join(f"{first}-{last}" for first, last in ranges[:5]))


def units_in(ranges: Iterable[Range]) -> int:
    return sum(last - first + 1 for first, last in ranges)


def check_count(ranges: Sequence[Range], typed: int) -> None:
    """The number of units typed back: a slip in a range would take good labels out of the market."""
    if typed != units_in(ranges):
        raise CountTypedWrong(count=units_in(ranges), typed=typed)


def is_spoilage_high(tally: Tally, percent: int) -> bool:
    return tally.spoilt * 100 > tally.ordered * percent


def needs_consent(tally: Tally, percent: int, *, consented: int) -> bool:
    return is_spoilage_high(tally, percent) and tally.spoilt > consented


def check_spoilage(tally: Tally, percent: int, *, consented: int) -> None:
    """`consented` is the number of spoilt units that the authority consented to; more need it again."""
    if needs_consent(tally, percent, consented=consented):
        raise SpoilageNeedsConsent(
            units=tally.ordered, spoilt=tally.spoilt, percent=percent, most=tally.ordered * percent // 100
        )


class OpenPoint(Worded):
    """What still asks for an answer in the sum of a print run."""

    MUCH_SPOILAGE = "much_spoilage", N_("损耗过多")
    LOST = "lost", N_("有遗失")
    RETURNED = "returned", N_("退回未处理")
    LONG_UNUSED = "long_unused", N_("久未启用")


def open_points(tally: Tally, *, is_old: bool, spoilage_percent: int) -> list[OpenPoint]:
    """Lost labels may turn up on other goods; returned ones must be used again or destroyed."""
    found = {
        OpenPoint.MUCH_SPOILAGE: is_spoilage_high(tally, spoilage_percent),
        OpenPoint.LOST: tally.lost > 0,
        OpenPoint.RETURNED: tally.returned > 0,
        OpenPoint.LONG_UNUSED: is_old and tally.unused > 0,
    }
    return [point for point, holds in found.items() if holds]
