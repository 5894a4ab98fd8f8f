from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gi_trace.stock.rules.age import (
    ClaimedYearInvalid,
    Stay,
    TooYoungForName,
    age_of,
    check_old_enough,
    claimed_stay,
    days_inside,
    youngest,
    youngest_claim,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@st.composite
def records(draw):
    """A record as moving between sites makes it: periods that follow each other, the last open."""
    starts_on = draw(DAYS)
    stays = []
    for length in draw(st.lists(st.integers(1, 2000), max_size=6)):
        ends_on = starts_on + timedelta(days=length)
        stays.append(Stay(starts_on, ends_on, inside=draw(st.booleans())))
        starts_on = ends_on
    return [*stays, Stay(starts_on, None, inside=draw(st.booleans()))]


CHECKED_ON = date(2026, 11, 24)
AFTER = st.dates(CHECKED_ON, date(2060, 12, 31))


def opening_stock(claimed_year, stays=()):
    """Peel that two officers saw, with what became of it since."""
    since = [stay for stay in stays if not stay.claimed] or [Stay(CHECKED_ON, None, inside=True)]
    return [claimed_stay(claimed_year, CHECKED_ON), *since]


PARTS = st.lists(records() | st.integers(1950, 2026).map(opening_stock), min_size=1, max_size=4)


def is_claimed(stays):
    return any(stay.claimed for stay in stays)


def ended(stays, day):
    """A record as it was on a day."""
    return [replace(s, ends_on=min(s.ends_on or day, day)) for s in stays if s.starts_on <= day]


def age_days(stays, day):
    """(days seen, days with what is claimed)."""
    return days_inside(stays, day), days_inside(stays, day, with_claimed=True)


def inside_since(day):
    return [Stay(day, None, inside=True)]


@pytest.mark.parametrize(
    ("stored_on", "packed_on", "years"),
    [
        (date(2021, 12, 1), date(2025, 11, 30), 3),
        (date(2021, 12, 1), date(2025, 12, 1), 4),
        (date(2022, 3, 1), date(2023, 3, 1), 1),
        (date(2023, 3, 1), date(2024, 3, 1), 1),
        (date(2020, 2, 29), date(2023, 2, 28), 2),
        (date(2020, 2, 29), date(2023, 3, 1), 3),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
        (date(2026, 1, 1), date(2025, 1, 1), 0),
    ],
)
def test_an_unbroken_stay_grows_a_year_on_each_anniversary(stored_on, packed_on, years):
    assert age_of(inside_since(stored_on), packed_on).years == years


def test_age_is_told_in_the_words_of_the_pack():
    assert age_of(inside_since(date(2021, 12, 1)), date(2026, 11, 24)).label == "入库 2021 · 陈化 4 年"


def test_moving_out_stops_the_clock_and_moving_back_resumes_it():
    stays = [
        Stay(date(2020, 1, 1), date(2022, 1, 1), inside=True),
        Stay(date(2022, 1, 1), date(2023, 1, 1), inside=False),
        Stay(date(2023, 1, 1), None, inside=True),
    ]
    assert age_of(stays, date(2022, 12, 31)).years == 2
    assert age_of(stays, date(2023, 12, 31)).years == 2
    assert age_of(stays, date(2024, 1, 1)).years == 3


def test_stock_that_was_never_inside_has_no_age():
    age = age_of([Stay(date(2020, 1, 1), None, inside=False)], date(2026, 1, 1))
    assert (age.years, age.stored_on, age.label) == (0, None, "陈化 0 年")


@given(records(), DAYS)
def test_age_never_falls_as_time_goes_on(stays, day):
    assert age_of(stays, day).years <= age_of(stays, day + timedelta(days=1)).years


@given(records(), DAYS)
def test_age_is_whole_years_of_the_days_inside_rounded_down(stays, day):
    days, years = days_inside(stays, day), age_of(stays, day).years
    assert years * 365 <= days < (years + 1) * 366


@given(records(), DAYS)
def test_days_outside_never_add_age(stays, day):
    as_if_all_inside = [Stay(stay.starts_on, stay.ends_on, inside=True) for stay in stays]
    assert age_of(stays, day).years <= age_of(as_if_all_inside, day).years


@given(records(), DAYS, st.randoms())
def test_the_order_of_the_record_does_not_matter(stays, day, random):
    shuffled = random.sample(stays, len(stays))
    assert age_of(shuffled, day) == age_of(stays, day)


@given(records(), DAYS, st.data())
def test_writing_a_stay_down_in_two_pieces_changes_nothing(stays, day, data):
    first, *rest = stays
    assume(first.ends_on and (first.ends_on - first.starts_on).days > 1)
    cut = data.draw(st.dates(first.starts_on + timedelta(days=1), first.ends_on))
    pieces = [Stay(first.starts_on, cut, first.inside), Stay(cut, first.ends_on, first.inside)]
    assert age_of([*pieces, *rest], day) == age_of(stays, day)


@given(PARTS, AFTER)
def test_a_blend_is_as_young_as_its_youngest_part(parts, day):
    traced, in_all = age_days(youngest(parts, day), day)
    assert traced == min(days_inside(part, day) for part in parts)
    assert in_all == min(days_inside(part, day, with_claimed=True) for part in parts)


@given(PARTS, AFTER, st.data())
def test_what_is_claimed_never_changes_the_age_that_is_shown(parts, day, data):
    told = [
        opening_stock(data.draw(st.integers(1950, 2026)), part) if is_claimed(part) else part
        for part in parts
    ]
    assert age_of(youngest(told, day), day) == age_of(youngest(parts, day), day)


@given(PARTS, AFTER)
def test_a_blend_is_never_shown_older_than_any_part_of_it(parts, day):
    shown = days_inside(youngest(parts, day), day)
    assert all(shown <= days_inside(part, day) for part in parts)


@given(PARTS, AFTER, st.integers(0, 2000), st.booleans())
def test_a_blend_grows_older_as_each_of_its_parts_would(parts, day, days, inside):
    later, stay = day + timedelta(days=days), Stay(day, None, inside=inside)
    kept = [[*ended(part, day), stay] for part in parts]
    blend = [*ended(youngest(parts, day), day), stay]
    assert age_days(blend, later) == age_days(youngest(kept, later), later)


@given(PARTS, AFTER, st.randoms())
def test_of_parts_as_young_as_each_other_a_blend_was_stored_with_the_last(parts, day, random):
    shown, shuffled = age_of(youngest(parts, day), day), random.sample(parts, len(parts))
    assert age_of(youngest(shuffled, day), day) == shown
    fewest = min(days_inside(part, day) for part in parts)
    as_young = [age_of(part, day).stored_on for part in parts if days_inside(part, day) == fewest]
    assert shown.stored_on == (None if None in as_young else max(as_young))


@given(st.lists(st.none() | st.integers(1950, 2026), min_size=1))
def test_no_year_is_claimed_of_goods_for_any_part_of_which_an_older_one_would_be_said(years):
    claimed = youngest_claim(years)
    assert claimed is None if None in years else claimed == max(years)


@given(PARTS, PARTS, AFTER)
def test_it_does_not_matter_in_which_steps_lots_are_blended(first, second, day):
    in_steps = youngest([youngest(first, day), youngest(second, day)], day)
    assert age_days(in_steps, day) == age_days(youngest([*first, *second], day), day)


def test_opening_stock_is_shown_as_claimed_and_only_its_traced_time_counts():
    age = age_of(opening_stock(2015), date(2028, 11, 24), claimed_year=2015)
    assert (age.years, age.claimed_year) == (2, 2015)
    assert age.label == "入库 2026 · 陈化 2 年 · 申报年份 2015"


def test_opening_stock_may_bear_the_name_by_the_year_that_two_officers_checked():
    check_old_enough(opening_stock(2022), CHECKED_ON, minimum_years=3, name="新会陈皮")
    with pytest.raises(TooYoungForName):
        check_old_enough(opening_stock(2024), CHECKED_ON, minimum_years=3, name="新会陈皮")


def test_young_peel_does_not_come_of_age_by_old_stock_mixed_in():
    day = date(2028, 11, 24)
    blend = youngest([opening_stock(2010), inside_since(date(2026, 12, 1))], day)
    assert age_of(blend, day).years == 1
    with pytest.raises(TooYoungForName):
        check_old_enough(blend, day, minimum_years=3, name="新会陈皮")


def test_old_stock_is_shown_no_older_by_traced_peel_mixed_in():
    day = date(2030, 11, 24)
    blend = youngest([opening_stock(2010), inside_since(date(2024, 11, 24))], day)
    assert age_of(blend, day).label == "入库 2026 · 陈化 4 年"
    check_old_enough(blend, day, minimum_years=6, name="新会陈皮")


@pytest.mark.parametrize("claimed_year", [1900, 2027, -1])
def test_a_claimed_year_in_the_future_or_a_century_ago_is_refused(claimed_year):
    with pytest.raises(ClaimedYearInvalid):
        claimed_stay(claimed_year, CHECKED_ON)


def test_a_year_claimed_in_the_year_of_the_check_gives_no_time():
    assert claimed_stay(2026, CHECKED_ON) == Stay(CHECKED_ON, CHECKED_ON, True, claimed=True)


def test_peel_under_the_minimum_age_is_refused_the_name_with_the_arithmetic():
    stays = inside_since(date(2024, 1, 1))
    with pytest.raises(TooYoungForName) as refused:
        check_old_enough(stays, date(2026, 11, 24), minimum_years=3, name="新会陈皮")
    assert "满 3 年" in str(refused.value) and "只满 2 年" in str(refused.value)
    check_old_enough(stays, date(2027, 1, 1), minimum_years=3, name="新会陈皮")
