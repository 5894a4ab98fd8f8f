"""What the party may still say before a decision: a statement, a hearing. Pure.

Each notice opens a term of its own, and a decision waits for the longest that is still open (行政处罚法 arts. 44, 45, 63,
64): a statement made early ends no right to a hearing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gi_trace.casework.rules.steps import Response, StepKind
from gi_trace.errors import N_, Refused
from gi_trace.terms.deadlines import Deadline

ENDED_BY = {
    StepKind.NOTIFIED: (Response.STATEMENT, Response.HEARD, Response.WAIVED),
    StepKind.HEARING_TOLD: (Response.HEARD, Response.WAIVED),
}


@dataclass(frozen=True)
class SaidStep:
    """A step as far as it matters here: a notice, or what the party made of it."""

    kind: StepKind
    on: date
    response: Response | None = None


class HearingStillOpen(Refused):
    code = "hearing_still_open"
    text = N_("当事人的陈述、申辩或听证尚无回应，期限到 {until}；期限内不能决定。")


class HolidaysUnknown(Refused):
    """By the published arrangement the term may end later than it now seems to."""

    code = "holidays_unknown"
    text = N_(
        "当事人的期限经过尚未录入放假安排的年份，何时届满还不能确定。请先在“期限与编号”录入该年的放假安排。"
    )


class HearingAsked(Refused):
    code = "hearing_asked"
    text = N_("当事人已要求听证，听证举行或当事人放弃之前不能决定。")


def open_notices(said: Sequence[SaidStep]) -> list[SaidStep]:
    """Those that nothing said after them has ended."""
    return [
        notice
        for place, notice in enumerate(said)
        if notice.kind in ENDED_BY
        and not any(later.response in ENDED_BY[notice.kind] for later in said[place + 1 :])
    ]


def is_hearing_asked(said: Sequence[SaidStep]) -> bool:
    """Asked for, and neither held nor waived since."""
    about = (Response.HEARING_ASKED, Response.HEARD, Response.WAIVED)
    last = next((one.response for one in reversed(said) if one.response in about), None)
    return last is Response.HEARING_ASKED


def check_heard(said: Sequence[SaidStep], ends: Iterable[Deadline], *, on: date) -> None:
    """No decision on a day within an open term, nor while its end is provisional; `ends` are those of the open notices.

    Raises HearingStillOpen, HolidaysUnknown or HearingAsked.
    """
    if is_hearing_asked(said):
        raise HearingAsked
    ends = list(ends)
    last = max((end.day for end in ends), default=None)
    if last is not None and on <= last:
        raise HearingStillOpen(until=last.isoformat())
    if any(end.provisional for end in ends):
        raise HolidaysUnknown
