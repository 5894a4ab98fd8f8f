"""The age of stock: whole years of days stored inside the protected area, never typed.

The days inside are laid end to end from the first of them, and calendar years are counted along
that line. So an unbroken stay grows a year on each anniversary, days outside add nothing and take
nothing, and a record that begins on 29 February has its anniversary on 1 March of common years.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gi_trace.errors import N_, Refused


@dataclass(frozen=True)
class Stay:
    """Days [starts_on, ends_on) at one place; `claimed` days were before the system and unseen."""

    starts_on: date
    ends_on: date | None
    inside: bool
    claimed: bool = False
    site_id: int | None = None


Stays = Sequence[Stay]


@dataclass(frozen=True)
class Age:
    """What may be said of the age of stock on a day."""

    years: int
    stored_on: date | None
    claimed_year: int | None = None

    @property
    def label(self) -> str:
        """入库 2021 · 陈化 4 年; opening stock adds the year that its owner declared."""
        words = [f"入库 {self.stored_on.year}"] if self.stored_on else []
        words.append(f"陈化 {self.years} 年")
        if self.claimed_year is not None:
            words.append(f"申报年份 {self.claimed_year}")
        return " · ".join(words)


class TooYoungForName(Refused):
    code = "too_young_for_name"
    text = N_("{name}须在产区内陈化满 {needed} 年；到 {day} 只满 {years} 年，只能以柑皮名义销售。")


class OldLotNotAgreed(Refused):
    code = "old_lot_not_agreed"
    text = N_("批料 {lot} 已陈化 {years} 年。要取用这样的老料，请逐个写明同意。")


class ClaimedLotNotAgreed(Refused):
    code = "claimed_lot_not_agreed"
    text = N_("批料 {lot} 的年份 {year} 是申报的。要取用这样的批料，请逐个写明同意。")


class ClaimedYearInvalid(Refused):
    code = "claimed_year_invalid"
    text = N_("申报年份 {given} 不对：应在 {first} 至 {last} 之间。")


def days_inside(stays: Iterable[Stay], on: date, *, with_claimed: bool = False) -> int:
    """Days spent inside the area before a day."""
    return sum(
        max(0, (min(stay.ends_on or on, on) - stay.starts_on).days)
        for stay in stays
        if stay.inside and (with_claimed or not stay.claimed)
    )


def age_of(stays: Stays, on: date, *, claimed_year: int | None = None) -> Age:
    """The computed age of stock with this record on a day; what is claimed is named beside it, not counted."""
    return Age(
        years=_whole_years(stays, on, with_claimed=False),
        stored_on=_first_day_inside(stays, with_claimed=False),
        claimed_year=claimed_year,
    )


def youngest(records: Sequence[Stays], on: date) -> Stays:
    """The record that a blend takes on a day: what was seen of the part that was seen for the fewest days.

    Before it stand just as many claimed days as leave the blend, claims included, as young as any part. So
    the age shown rests on no claim, and young goods do not come of age by old stock mixed in.
    """
    fewest = min(records, key=lambda stays: seen_rank(stays, on))
    seen = [stay for stay in fewest if not stay.claimed]
    in_all = min(days_inside(stays, on, with_claimed=True) for stays in records)
    claimed_days = in_all - days_inside(fewest, on)
    if not claimed_days:
        return seen
    claimed = next(stay for stay in fewest if stay.claimed)
    assert claimed.ends_on is not None  # claimed days end when the officers come
    return [replace(claimed, starts_on=claimed.ends_on - timedelta(days=claimed_days)), *seen]


def seen_rank(stays: Stays, on: date) -> tuple[int, int]:
    """The lowest is that of the youngest: seen for the fewest days, of two alike the later one."""
    return days_inside(stays, on), -_first_seen(stays).toordinal()


def youngest_claim(years: Iterable[int | None]) -> int | None:
    """The year that may be claimed of parts put together: of claimed ones alone the latest. Beside peel that nobody
    claims a year for, an older year would be said of the younger part too."""
    claims = list(years)
    return None if None in claims else max((year for year in claims if year is not None), default=None)


def until(stays: Stays, day: date) -> list[Stay]:
    """The record as it stood on a day: what began later is not known yet, what ended later still runs."""
    return [
        replace(stay, ends_on=stay.ends_on if stay.ends_on and stay.ends_on <= day else None)
        for stay in stays
        if stay.starts_on <= day
    ]


def claimed_stay(claimed_year: int, checked_on: date) -> Stay:
    """The time that the owner of opening stock declares: from the last day of the claimed year."""
    if not checked_on.year - 100 <= claimed_year <= checked_on.year:
        raise ClaimedYearInvalid(given=claimed_year, first=checked_on.year - 100, last=checked_on.year)
    starts_on = min(date(claimed_year, 12, 31), checked_on)
    return Stay(starts_on, checked_on, inside=True, claimed=True)


def check_old_enough(stays: Stays, on: date, *, minimum_years: int, name: str) -> None:
    """Goods under the minimum age may not bear the name.

    Opening stock is judged with its claimed time: two officers looked at it, and its page says so.
    """
    if not is_old_enough(stays, on, minimum_years):
        years = _whole_years(stays, on, with_claimed=True)
        raise TooYoungForName(name=name, needed=minimum_years, years=years, day=on)


def is_old_enough(stays: Stays, on: date, minimum_years: int | None) -> bool:
    """With its claimed time, as `check_old_enough`."""
    return _whole_years(stays, on, with_claimed=True) >= (minimum_years or 0)


def is_dear(age: Age, old_years: int) -> bool:
    """Old or claimed: it goes into a batch or a blend only where a person named it."""
    return age.years >= old_years or age.claimed_year is not None


def check_agreed(lot: str, age: Age, old_years: int) -> None:
    """Of a lot that nobody named. Raises ClaimedLotNotAgreed, OldLotNotAgreed."""
    if age.claimed_year is not None:
        raise ClaimedLotNotAgreed(lot=lot, year=age.claimed_year)
    if is_dear(age, old_years):
        raise OldLotNotAgreed(lot=lot, years=age.years)


def _whole_years(stays: Stays, on: date, *, with_claimed: bool) -> int:
    first_day = _first_day_inside(stays, with_claimed=with_claimed)
    if first_day is None:
        return 0
    last_day = first_day + timedelta(days=days_inside(stays, on, with_claimed=with_claimed))
    anniversary_passed = (last_day.month, last_day.day) >= (first_day.month, first_day.day)
    return last_day.year - first_day.year - (not anniversary_passed)


def _first_seen(stays: Stays) -> date:
    return _first_day_inside(stays, with_claimed=False) or date.max


def _first_day_inside(stays: Stays, *, with_claimed: bool) -> date | None:
    counted = (stay for stay in stays if stay.inside and (with_claimed or not stay.claimed))
    return min((stay.starts_on for stay in counted), default=None)
