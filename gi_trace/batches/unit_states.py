"""States of units by ranges: never a row, nor a step of work, per unit. Pure."""

import heapq
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from gi_trace.batches.rules import UnitState
from gi_trace.errors import N_, Refused

Range = tuple[int, int]
MOST_RANGES = 2000
_RANGE = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")

MAY_BECOME: dict[UnitState, frozenset[UnitState | None]] = {
    UnitState.ACTIVATED: frozenset({None, UnitState.RETURNED}),
    UnitState.VOID: frozenset({None, UnitState.ACTIVATED, UnitState.RETURNED}),
    UnitState.LOST: frozenset({None, UnitState.ACTIVATED}),
    UnitState.RETURNED: frozenset({UnitState.ACTIVATED, UnitState.LOST}),
    UnitState.DESTROYED: frozenset(
        {None, UnitState.ACTIVATED, UnitState.VOID, UnitState.LOST, UnitState.RETURNED}
    ),
}
UNUSED_WORD = N_("未启用")
STATE_WORDS = {
    None: UNUSED_WORD,
    UnitState.ACTIVATED: N_("已启用"),
    UnitState.VOID: N_("作废"),
    UnitState.LOST: N_("遗失"),
    UnitState.RETURNED: N_("退回"),
    UnitState.DESTROYED: N_("销毁"),
}


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


@dataclass(frozen=True)
class Segment:
    """Units first..last, all of which were last said to be in one state; None: unused."""

    first: int
    last: int
    state: UnitState | None

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


def segments_of(first: int, last: int, ranges: Iterable[tuple[int, int, UnitState]]) -> list[Segment]:
    """The last-said states of units first..last; `ranges` in the order in which they were said."""
    said = [(max(a, first), min(b, last), state) for a, b, state in ranges if a <= last and b >= first]
    starts: dict[int, list[int]] = {}
    for place, (a, _, _) in enumerate(said):
        starts.setdefault(a, []).append(place)
    edges = sorted({first, *starts, *(b + 1 for _, b, _ in said if b < last)})
    open_places: list[int] = []  # the latest said on top
    segments: list[Segment] = []
    for edge, following in zip(edges, [*edges[1:], last + 1], strict=True):
        for place in starts.get(edge, ()):
            heapq.heappush(open_places, -place)
        while open_places and said[-open_places[0]][1] < edge:
            heapq.heappop(open_places)
        _append(segments, edge, following - 1, said[-open_places[0]][2] if open_places else None)
    return segments


def tally_of(segments: Iterable[Segment]) -> Tally:
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


def check_may_become(wanted: UnitState, segments: Iterable[Segment]) -> None:
    for segment in segments:
        if segment.state not in MAY_BECOME[wanted]:
            raise UnitsCannotBecome(
                first=segment.first,
                last=segment.last,
                now=STATE_WORDS[segment.state],
                wanted=STATE_WORDS[wanted],
            )


def parse_ranges(given: str) -> list[Range]:
    """Ranges of units as people write them: 1-5、9，12–20. In order, none over another; or RangesUnreadable."""
    text = re.sub(r"[\s,，、;；]+", " ", unicodedata.normalize("NFKC", given)).strip()
    text = re.sub(r"\s*[-–—~至到]\s*", "-", text)
    parts = [_RANGE.fullmatch(part) for part in text.split(" ")]
    if not all(parts):
        raise RangesUnreadable(given=given[:40])
    ranges = sorted((int(part[1]), int(part[2] or part[1])) for part in parts if part)
    check_apart(ranges)
    return ranges


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


def check_spoilage(tally: Tally, percent: int, *, consented: int) -> None:
    """`consented` is the number of spoilt units that the authority consented to; more need it again."""
    if is_spoilage_high(tally, percent) and tally.spoilt > consented:
        raise SpoilageNeedsConsent(
            units=tally.ordered, spoilt=tally.spoilt, percent=percent, most=tally.ordered * percent // 100
        )


class OpenPoint(StrEnum):
    """What still asks for an answer in the sum of a print run."""

    MUCH_SPOILAGE = "much_spoilage"
    LOST = "lost"
    RETURNED = "returned"
    LONG_UNUSED = "long_unused"


def open_points(tally: Tally, *, is_old: bool, spoilage_percent: int) -> list[OpenPoint]:
    """Lost labels may turn up on other goods; returned ones must be used again or destroyed."""
    found = {
        OpenPoint.MUCH_SPOILAGE: is_spoilage_high(tally, spoilage_percent),
        OpenPoint.LOST: tally.lost > 0,
        OpenPoint.RETURNED: tally.returned > 0,
        OpenPoint.LONG_UNUSED: is_old and tally.unused > 0,
    }
    return [point for point, holds in found.items() if holds]


def _append(segments: list[Segment], first: int, last: int, state: UnitState | None) -> None:
    """Joined to the one before when the state is the same."""
    if segments and segments[-1].state == state:
        first = segments.pop().first
    segments.append(Segment(first, last, state))
