from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.stock.rules.seasons import (
    DateInFuture,
    DateTooFarBack,
    OutsideSeason,
    PeelKind,
    PeelKindMismatch,
    Season,
    SeasonPart,
    SeasonUnknown,
    check_business_day,
    check_in_season,
    check_peel_kind,
    check_season_fits_crop,
    parse_season,
    season_of,
    solar_term_day,
)
from tests.farm import kinds_on

DAYS = st.dates(date(2000, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("立秋", date(2023, 8, 8)),
        ("霜降", date(2023, 10, 24)),
        ("立秋", date(2026, 8, 7)),
        ("霜降", date(2026, 10, 23)),
        ("小雪", date(2026, 11, 22)),
        ("立春", date(2026, 2, 4)),
        ("立春", date(2025, 2, 3)),
    ],
)
def test_solar_terms_fall_on_the_days_of_the_published_calendar(name, day):
    assert solar_term_day(day.year, name) == day


def test_peel_kinds_move_with_the_terms_of_their_year():
    before_the_term_of_2023 = date(2023, 10, 23)
    assert kinds_on(before_the_term_of_2023, Season(2023)) == [PeelKind.GREEN]
    assert kinds_on(date(2026, 10, 23), Season(2026)) == [PeelKind.REDDISH]


def test_red_peel_of_january_belongs_to_the_year_before():
    season = season_of(date(2027, 1, 15), two_crops=False)
    assert season == Season(2026)
    check_peel_kind(PeelKind.RED, date(2027, 1, 15), season)


def test_fruit_before_autumn_begins_gives_no_kind_of_peel():
    assert kinds_on(date(2026, 8, 6), Season(2026)) == []


def test_a_kind_that_its_day_contradicts_is_refused_with_both_ends():
    with pytest.raises(PeelKindMismatch) as refused:
        check_peel_kind(PeelKind.RED, date(2026, 11, 21), Season(2026))
    assert "2026-11-22" in str(refused.value) and "2027-02-03" in str(refused.value)


@given(DAYS)
def test_every_day_is_in_the_season_that_it_belongs_to(day):
    for two_crops in (False, True):
        check_in_season(day, season_of(day, two_crops=two_crops))


@given(DAYS)
def test_a_day_has_at_most_one_kind_of_peel(day):
    assert len(kinds_on(day, season_of(day, two_crops=False))) <= 1


@given(st.integers(2000, 2150))
def test_seasons_follow_each_other_without_gap_or_overlap(year):
    early, late = Season(year, SeasonPart.EARLY), Season(year, SeasonPart.LATE)
    one_day = timedelta(days=1)
    assert early.last_day + one_day == late.first_day
    assert late.last_day + one_day == Season(year + 1).first_day
    assert Season(year).first_day == early.first_day


@given(st.integers(1990, 2199), st.sampled_from(SeasonPart))
def test_a_season_is_read_back_from_its_code(year, part):
    assert parse_season(Season(year, part).code) == Season(year, part)


def test_codes_sort_in_the_order_of_time():
    codes = ["2025", "2026-1", "2026-2", "2027-1"]
    assert sorted(codes) == codes
    assert Season(2026, SeasonPart.EARLY).label == "2026 年早造"


@pytest.mark.parametrize("given_code", ["", "26", "2026-3", "2026年", "1234", "9999", "2026-1-1"])
def test_what_is_no_season_is_refused(given_code):
    with pytest.raises(SeasonUnknown):
        parse_season(given_code)


def test_rice_needs_to_say_which_crop_and_citrus_must_not():
    check_season_fits_crop(Season(2026), two_crops=False)
    check_season_fits_crop(Season(2026, SeasonPart.LATE), two_crops=True)
    for season, two_crops in ((Season(2026), True), (Season(2026, SeasonPart.EARLY), False)):
        with pytest.raises(SeasonUnknown):
            check_season_fits_crop(season, two_crops=two_crops)


def test_a_day_before_its_season_is_refused_with_the_season():
    with pytest.raises(OutsideSeason) as refused:
        check_in_season(date(2026, 2, 3), Season(2026))
    assert "2026-02-04" in str(refused.value)


def test_tomorrow_and_long_ago_are_refused():
    today = date(2026, 11, 24)
    check_business_day(today, today=today, most_days_back=0)
    with pytest.raises(DateInFuture):
        check_business_day(today + timedelta(days=1), today=today)
    with pytest.raises(DateTooFarBack) as refused:
        check_business_day(date(2026, 10, 1), today=today, most_days_back=30)
    assert "2026-10-25" in str(refused.value)
