"""Which periods of a right may stand beside one another, and which may be made longer."""

from datetime import date

import pytest

from gi_trace.registry.rules import (
    ChangeKind,
    ChangeNotAllowed,
    NotLater,
    PeriodOverlaps,
    PeriodReversed,
    Right,
    RightChange,
    check_extension,
    check_period,
    last_day,
)

YEAR = Right(date(2026, 1, 1), date(2026, 12, 31))
OPEN = Right(date(2026, 1, 1), None)
TODAY = date(2026, 6, 1)


def changed(right, kind, on):
    return Right(right.starts_on, right.ends_on, (*right.changes, RightChange(kind, on)))


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(PeriodReversed, match="2026-01-01 早于起始日 2026-02-01"):
        check_period([], date(2026, 2, 1), date(2026, 1, 1))


def test_a_renewal_starts_after_the_last_day():
    check_period([YEAR], date(2027, 1, 1), None)
    with pytest.raises(PeriodOverlaps, match="2026-01-01 至 2026-12-31"):
        check_period([YEAR], date(2026, 12, 31), None)
    with pytest.raises(PeriodOverlaps, match="长期"):
        check_period([OPEN], date(2040, 1, 1), None)


def test_after_a_withdrawal_a_new_right_may_start_on_its_day():
    withdrawn = changed(OPEN, ChangeKind.WITHDRAWN, TODAY)
    assert last_day(withdrawn) == date(2026, 5, 31)
    check_period([withdrawn], TODAY, None)
    with pytest.raises(PeriodOverlaps):
        check_period([withdrawn], date(2026, 5, 31), None)


def test_a_suspension_does_not_make_room_for_another_right():
    with pytest.raises(PeriodOverlaps):
        check_period([changed(YEAR, ChangeKind.SUSPENDED, TODAY)], TODAY, None)


@pytest.mark.parametrize("ends_on", [date(2027, 6, 30), None])
def test_a_right_is_extended_to_a_later_day_or_without_end(ends_on):
    check_extension(YEAR, ends_on, TODAY)


@pytest.mark.parametrize(
    ("right", "ends_on"), [(YEAR, date(2026, 12, 31)), (YEAR, date(2026, 7, 1)), (OPEN, None)]
)
def test_a_right_is_never_made_shorter_by_extending_it(right, ends_on):
    with pytest.raises(NotLater):
        check_extension(right, ends_on, TODAY)


def test_what_ran_out_or_was_withdrawn_is_granted_anew_instead():
    with pytest.raises(ChangeNotAllowed, match="到期"):
        check_extension(YEAR, None, date(2027, 1, 1))
    with pytest.raises(ChangeNotAllowed, match="撤销"):
        check_extension(changed(YEAR, ChangeKind.WITHDRAWN, TODAY), None, TODAY)
