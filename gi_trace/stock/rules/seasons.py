"""Harvest seasons and the windows of peel kinds, by the solar terms of each year.

A citrus season is the solar year from 立春 to the day before the next 立春, so that 大红皮 picked in
January still belongs to the year in which its tree flowered. The two paddy crops of a year part at
白露, in the gap between their harvests. The terms' days move from year to year: tyme4py computes them.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tyme4py.solar import SolarTerm

from gi_trace.errors import N_, Refused
from gi_trace.words import Worded

FIRST_YEAR, LAST_YEAR = 1990, 2199
_CODE = re.compile(r"(\d{4})(?:-([12]))?")


class SeasonPart(Worded):
    """Which crop of the year; `YEAR` where there is only one. With the solar terms that begin and end it."""

    suffix: str
    terms: tuple[str, str]

    YEAR = "year", N_("{year} 年"), "", ("立春", "立春")
    EARLY = "early", N_("{year} 年早造"), "-1", ("立春", "白露")
    LATE = "late", N_("{year} 年晚造"), "-2", ("白露", "立春")


class PeelKind(Worded):
    """The three peels of one fruit, told apart by the day of picking, as the announcement of 新会陈皮 says."""

    terms: tuple[str, str]

    GREEN = "green", N_("柑青皮"), ("立秋", "霜降")
    REDDISH = "reddish", N_("微红皮"), ("霜降", "小雪")  # also called 二红皮
    RED = "red", N_("大红皮"), ("小雪", "立春")


PEEL_CROP = "citrus"  # the code of the one crop whose peel has kinds


class SeasonUnknown(Refused):
    code = "season_unknown"
    text = N_("“{given}”不是产季。请填年份（例如 2026）；水稻请选早造或晚造。")


class DateInFuture(Refused):
    code = "date_in_future"
    text = N_("日期 {day} 还没有到，今天是 {today}。")


class DateTooFarBack(Refused):
    code = "date_too_far_back"
    text = N_("日期 {day} 太早：最多补登 {most} 天前（最早 {earliest}）的事项。")


class OutsideSeason(Refused):
    code = "outside_season"
    text = N_("采收日期 {day} 不在{season}产季（{first} 至 {last}）之内。")


class NoPeelKinds(Refused):
    code = "no_peel_kinds"
    text = N_("{crop}没有皮类之分，请不要选皮类。")


class PeelKindMismatch(Refused):
    code = "peel_kind_mismatch"
    text = N_("{kind}的采摘期是 {first} 至 {last}，采收日期 {day} 不在其中。")


@dataclass(frozen=True, order=True)
class Season:
    """One harvest season; `code` ("2026", "2026-1", "2026-2") sorts in the order of time."""

    year: int
    part: SeasonPart = SeasonPart.YEAR

    @property
    def code(self) -> str:
        return f"{self.year}{self.part.suffix}"

    @property
    def label(self) -> str:
        return self.part.label.format(year=self.year)

    @property
    def first_day(self) -> date:
        return solar_term_day(self.year, self.part.terms[0])

    @property
    def last_day(self) -> date:
        return _last_day_before(self.part.terms[1], self)


def parse_season(given: str) -> Season:
    """The season of a code."""
    match = _CODE.fullmatch(given.strip())
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise SeasonUnknown(given=given[:20])
    part = {None: SeasonPart.YEAR, "1": SeasonPart.EARLY, "2": SeasonPart.LATE}[match[2]]
    return Season(int(match[1]), part)


def season_of(day: date, *, two_crops: bool) -> Season:
    """The season in which a day falls."""
    year = day.year if day >= solar_term_day(day.year, "立春") else day.year - 1
    if not two_crops:
        return Season(year)
    early = Season(year, SeasonPart.EARLY)
    return early if day <= early.last_day else Season(year, SeasonPart.LATE)


def check_season_fits_crop(season: Season, *, two_crops: bool) -> None:
    """A crop with two harvests a year needs to know which one, another must not."""
    if two_crops != (season.part is not SeasonPart.YEAR):
        raise SeasonUnknown(given=season.label)


@cache
def solar_term_day(year: int, name: str) -> date:
    """The day (UTC+8) on which a solar term begins."""
    day = SolarTerm.from_name(year, name).get_solar_day()
    return date(day.get_year(), day.get_month(), day.get_day())


def peel_window(kind: PeelKind, season: Season) -> tuple[date, date]:
    """First and last day on which a kind of peel is picked in a season."""
    first_term, next_term = kind.terms
    return solar_term_day(season.year, first_term), _last_day_before(next_term, season)


def check_business_day(day: date, *, today: date, most_days_back: int | None = None) -> None:
    """Nothing happens in the future, and nothing is written down too long afterwards."""
    if day > today:
        raise DateInFuture(day=day, today=today)
    if most_days_back is not None and (today - day).days > most_days_back:
        earliest = today - timedelta(days=most_days_back)
        raise DateTooFarBack(day=day, most=most_days_back, earliest=earliest)


def check_in_season(day: date, season: Season) -> None:
    if not season.first_day <= day <= season.last_day:
        raise OutsideSeason(day=day, season=season.label, first=season.first_day, last=season.last_day)


def check_peel_kind(kind: PeelKind, day: date, season: Season) -> None:
    first, last = peel_window(kind, season)
    if not first <= day <= last:
        raise PeelKindMismatch(kind=kind.label, first=first, last=last, day=day)


def _last_day_before(term: str, season: Season) -> date:
    year = season.year + 1 if term == "立春" else season.year
    return solar_term_day(year, term) - timedelta(days=1)
