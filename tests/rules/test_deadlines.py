"""Legal terms on the Chinese working calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.terms.day_list import DayLineUnreadable, DayOfOtherYear, DayTwice, read_day_list
from gi_trace.terms.deadlines import (
    Pause,
    Term,
    TermUnit,
    WorkCalendar,
    add_months,
    deadline,
    is_at_least,
    published_until,
)

CALENDAR = WorkCalendar()
FIFTEEN = Term(15, TermUnit.WORKDAYS)
DAYS = st.dates(date(2020, 1, 1), date(2026, 6, 30))


def last_day(begins_on, term=FIFTEEN, calendar=CALENDAR, **more):
    return deadline(begins_on, term, calendar, today=more.pop("today", begins_on), **more)


def test_spring_festival_and_its_make_up_workdays_are_seen():
    assert not CALENDAR.is_workday(date(2026, 2, 17))
    assert CALENDAR.is_workday(date(2026, 2, 14)), "a Saturday that is worked instead"
    assert last_day(date(2026, 2, 10)).day == date(2026, 3, 9)


def test_the_first_day_does_not_count():
    assert last_day(date(2026, 11, 23), Term(1, TermUnit.WORKDAYS)).day == date(2026, 11, 24)


def test_a_term_in_days_that_ends_on_a_day_of_rest_ends_on_the_next_workday():
    assert last_day(date(2026, 9, 26), Term(7, TermUnit.DAYS)).day == date(2026, 10, 8)


def test_a_term_in_months_ends_on_the_same_day_or_the_months_last():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_a_term_in_months_that_ends_on_a_day_of_rest_ends_on_the_next_workday():
    assert last_day(date(2026, 7, 3), Term(3, TermUnit.MONTHS)).day == date(2026, 10, 8)


def test_both_ends_of_a_pause_are_not_counted():
    pause = Pause(date(2026, 11, 4), date(2026, 11, 5))
    assert last_day(date(2026, 11, 2), Term(2, TermUnit.WORKDAYS), pauses=[pause]).day == date(2026, 11, 6)


def test_a_year_without_arrangement_makes_the_deadline_provisional_until_it_is_entered():
    late = date(published_until(), 12, 20)
    assert last_day(late).provisional
    year = published_until() + 1
    entered = WorkCalendar({date(year, 1, 1): False, date(year, 1, 4): False}, frozenset({year}))
    assert not last_day(late, calendar=entered).provisional
    assert last_day(late, calendar=entered).day > last_day(late).day


def test_the_days_that_the_law_itself_makes_free_count_in_no_year():
    unknown = published_until() + 1
    assert not CALENDAR.is_workday(date(unknown, 10, 1)) and not CALENDAR.is_workday(date(unknown + 3, 1, 1))
    assert WorkCalendar({}, frozenset({unknown})).is_workday(date(unknown, 10, 1)), (
        "what was entered is whole"
    )


@pytest.mark.parametrize(
    ("term", "enough"),
    [
        (Term(4, TermUnit.WORKDAYS), False),
        (Term(6, TermUnit.WORKDAYS), True),
        (Term(9, TermUnit.DAYS), False),
        (Term(1, TermUnit.MONTHS), False),
    ],
)
def test_workdays_are_never_less_than_as_many_days_of_any_kind(term, enough):
    assert is_at_least(term, Term(5, TermUnit.WORKDAYS)) is enough


def test_two_months_may_be_less_than_sixty_days_and_three_are_not():
    sixty = Term(60, TermUnit.DAYS)
    assert is_at_least(Term(3, TermUnit.MONTHS), sixty) and is_at_least(Term(60, TermUnit.WORKDAYS), sixty)
    assert not is_at_least(Term(2, TermUnit.MONTHS), sixty)


def test_an_entered_day_stands_above_the_published_arrangement():
    assert not WorkCalendar({date(2026, 11, 24): False}).is_workday(date(2026, 11, 24))


def test_an_open_pause_lets_the_clock_stand():
    begins, today = date(2026, 11, 2), date(2026, 11, 24)
    standing = last_day(begins, today=today, pauses=[Pause(date(2026, 11, 3), None)])
    assert standing.standing
    assert CALENDAR.workdays_between(today, standing.day) == 15


@given(DAYS, st.integers(1, 40))
def test_a_term_holds_exactly_its_workdays_and_ends_on_one(begins_on, amount):
    end = last_day(begins_on, Term(amount, TermUnit.WORKDAYS)).day
    assert CALENDAR.is_workday(end)
    assert CALENDAR.workdays_between(begins_on, end) == amount


@given(DAYS, st.integers(0, 20), st.integers(0, 30))
def test_a_pause_moves_the_end_by_the_workdays_that_it_takes(begins_on, after, length):
    start = begins_on + timedelta(days=after)
    pause = Pause(start, start + timedelta(days=length))
    end = last_day(begins_on, pauses=[pause]).day
    days = [begins_on + timedelta(days=step) for step in range(1, (end - begins_on).days + 1)]
    counted = [day for day in days if not pause.starts_on <= day <= pause.ends_on]
    assert sum(CALENDAR.is_workday(day) for day in counted) == 15


@given(DAYS, DAYS)
def test_workdays_between_two_days_change_sign_with_them(first, second):
    assert CALENDAR.workdays_between(first, second) == -CALENDAR.workdays_between(second, first)


def test_the_notices_days_are_read_as_typed():
    days = read_day_list("2027-02-06 至 2027-02-08 休\n\n２０２７-02-20 班", 2027)
    assert days == {
        date(2027, 2, 6): False,
        date(2027, 2, 7): False,
        date(2027, 2, 8): False,
        date(2027, 2, 20): True,
    }


def test_a_stretch_of_days_is_at_most_a_month_long():
    assert len(read_day_list("2027-01-01 至 2027-01-31 休", 2027)) == 31
    with pytest.raises(DayLineUnreadable):
        read_day_list("2027-01-01 至 2027-02-01 休", 2027)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("2027-02-30 休", DayLineUnreadable),
        ("春节 休", DayLineUnreadable),
        ("2027-02-08 至 2027-02-06 休", DayLineUnreadable),
        ("2027-01-01 至 2027-12-31 休", DayLineUnreadable),
        ("2026-01-01 休", DayOfOtherYear),
        ("2027-01-01 休\n2027-01-01 班", DayTwice),
    ],
)
def test_what_is_no_day_of_the_year_is_refused(typed, refusal):
    with pytest.raises(refusal):
        read_day_list(typed, 2027)
