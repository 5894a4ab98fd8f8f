"""The arrangement of holidays as an officer types it from the notice: one line a day or stretch. Pure.

2027-02-06 至 2027-02-12 休
2027-02-20 班
"""

import re
import unicodedata
from datetime import date, timedelta

from gi_trace.errors import N_, Refused

LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:(?:至|到|~|-)(\d{4}-\d{1,2}-\d{1,2}))?(休|班)")
LONGEST_STRETCH = 31


class DayLineUnreadable(Refused):
    code = "day_line_unreadable"
    text = N_("第 {line} 行“{given}”无法识别。每行写日期或起止日期，再写“休”或“班”。")


class DayOfOtherYear(Refused):
    code = "day_of_other_year"
    text = N_("第 {line} 行的 {day} 不在 {year} 年。")


class DayTwice(Refused):
    code = "day_twice"
    text = N_("{day} 写了两次，一次休、一次班。")


def read_day_list(text: str, year: int) -> dict[date, bool]:
    """Each named day with whether it is worked. Raises a refusal naming the line."""
    days: dict[date, bool] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        written = re.sub(r"\s+", "", unicodedata.normalize("NFKC", line))
        if not written:
            continue
        for day, worked in _days_of(written, number):
            if day.year != year:
                raise DayOfOtherYear(line=number, day=day.isoformat(), year=year)
            if days.setdefault(day, worked) != worked:
                raise DayTwice(day=day.isoformat())
    return days


def _days_of(written: str, number: int) -> list[tuple[date, bool]]:
    found = LINE.fullmatch(written)
    first = _day(found[1]) if found else None
    last = (_day(found[2]) if found[2] else first) if found else None
    if found is None or first is None or last is None or not 0 <= (last - first).days < LONGEST_STRETCH:
        raise DayLineUnreadable(line=number, given=written[:40])
    return [(first + timedelta(days=step), found[3] == "班") for step in range((last - first).days + 1)]


def _day(text: str) -> date | None:
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return None
