"""Legal terms counted on the Chinese working calendar, make-up workdays included. Pure."""

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from chinese_calendar.constants import holidays

from gi_trace.errors import N_
from gi_trace.words import Worded

DAY = timedelta(days=1)
SATURDAY = 5
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}  # 全国年节及纪念日放假办法 art. 2


class TermUnit(Worded):
    WORKDAYS = "workdays", N_("个工作日")
    DAYS = "days", N_("个日历日")
    MONTHS = "months", N_("个月")


SHORTEST = {TermUnit.WORKDAYS: 1, TermUnit.DAYS: 1, TermUnit.MONTHS: 28}
LONGEST = {TermUnit.WORKDAYS: 1, TermUnit.DAYS: 1, TermUnit.MONTHS: 31}


@dataclass(frozen=True)
class Term:
    """How long the law gives; the day on which it begins does not count."""

    amount: int
    unit: TermUnit


def is_at_least(term: Term, least: Term) -> bool:
    """Whether it is never shorter, wherever it begins: workdays are compared with workdays alone, since a holiday may make
    any of them longer than as many days."""
    if least.unit is TermUnit.WORKDAYS:
        return term.unit is TermUnit.WORKDAYS and term.amount >= least.amount
    if term.unit is least.unit:
        return term.amount >= least.amount
    return term.amount * SHORTEST[term.unit] >= least.amount * LONGEST[least.unit]


@dataclass(frozen=True)
class Pause:
    """Days that a term does not count, both included; `ends_on` None: still going on."""

    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Deadline:
    """`provisional`: a year on the way has no published arrangement of holidays yet."""

    day: date
    provisional: bool = False
    standing: bool = False


@dataclass(frozen=True)
class Clock:
    """A term that runs: its name (a msgid), its last day, and workdays left (negative: overdue)."""

    code: str
    label: str
    deadline: Deadline
    workdays_left: int


@cache
def published_until() -> int:
    """Last year of which the library knows the State Council's arrangement."""
    return max(holidays).year


@dataclass(frozen=True)
class WorkCalendar:
    """The published arrangement, and above it what the authority entered.

    `overrides` maps a day to whether it is worked; a year in `entered_years` is whole by its
    overrides, though the library does not know it yet.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    entered_years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        if day.year <= published_until():
            return chinese_calendar.is_workday(day)
        fixed = day.year not in self.entered_years and (day.month, day.day) in FIXED_HOLIDAYS
        return day.weekday() < SATURDAY and not fixed

    def knows(self, year: int) -> bool:
        return year <= published_until() or year in self.entered_years

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked."""
        while not self.is_workday(day):
            day += DAY
        return day

    def workdays_between(self, after: date, until: date) -> int:
        """Workdays in (after, until]; negative when until lies before."""
        if until < after:
            return -self.workdays_between(until, after)
        return sum(self.is_workday(after + DAY * step) for step in range(1, (until - after).days + 1))


def deadline(
    begins_on: date, term: Term, calendar: WorkCalendar, *, today: date, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Last day of a term.

    Days of a pause are not counted (time for tests and identification: 市场监督管理行政处罚程序规定
    art. 18); an open pause counts until today, and the deadline then still moves. A term in days or months
    that ends on a day of rest ends on the next workday.
    """
    stretches = [(pause.starts_on, pause.ends_on or today, pause.ends_on is None) for pause in pauses]
    standing = any(is_open for *_, is_open in stretches)
    paused = [(start, end) for start, end, _ in stretches]
    last = _count(begins_on, term, calendar, paused)
    years = range(begins_on.year, last.year + 1)
    return Deadline(last, not all(calendar.knows(year) for year in years), standing)


def _count(begins_on: date, term: Term, calendar: WorkCalendar, paused: list[tuple[date, date]]) -> date:
    if term.unit == TermUnit.MONTHS:
        return calendar.next_workday(add_months(begins_on, term.amount))
    day, left = begins_on, term.amount
    while left > 0:
        day += DAY
        if any(start <= day <= end for start, end in paused):
            continue
        if term.unit == TermUnit.DAYS or calendar.is_workday(day):
            left -= 1
    return calendar.next_workday(day) if term.unit == TermUnit.DAYS else day


def add_months(day: date, amount: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
