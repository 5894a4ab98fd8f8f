"""When the service's own work is due: once a period, and what was missed is made up for."""

from datetime import UTC, datetime, timedelta

import pytest

from gi_trace.jobs.rules import SHANGHAI, every, is_due, nightly


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (at(5, 2, 59), at(4, 3)),
        (at(5, 3), at(5, 3)),
        (at(5, 23), at(5, 3)),
        (at(6, 0), at(5, 3)),
        (at(4, 20).astimezone(UTC), at(4, 3)),
    ],
)
def test_a_night_begins_at_its_hour_in_shanghai_and_lasts_until_the_next(now, since):
    assert nightly(3)(now) == since


def test_work_is_due_once_in_a_night():
    assert is_due(nightly(3), None, at(5, 2))
    assert is_due(nightly(3), at(4, 2, 59), at(5, 2))  # the night before was missed
    assert not is_due(nightly(3), at(4, 3), at(5, 2, 59))
    assert is_due(nightly(3), at(4, 3), at(5, 3))


def test_periods_are_counted_alike_by_everyone():
    tenth = every(timedelta(minutes=10))
    assert tenth(at(5, 2, 59)) == tenth(at(5, 2, 50)) == at(5, 2, 50)
    assert tenth(at(5, 3)) == at(5, 3)
