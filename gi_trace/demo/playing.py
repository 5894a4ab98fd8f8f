"""Stories of years gone by, told beside each other in the order of their days.

A story is a generator of acts. It yields the day, or the instant, on which it goes on, and the clock is played there;
one that would go on after today ends. So the record's rows stand in the order of their time, whoever acts in between.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush

from gi_trace import clock

Story = Iterator[date | datetime]
MORNING = timedelta(hours=10)


def play(stories: Iterable[Story]) -> None:
    """Each from its first day to its last, or to now."""
    now = clock.now()
    waiting = [(at, place, story) for place, story in enumerate(stories) for at in _goes_on(story, now)]
    heapify(waiting)
    while waiting:
        at, place, story = heappop(waiting)
        with clock.played_at(at):
            then = _goes_on(story, now)
        for later in then:
            if later < at:
                raise ValueError(f"a story goes back from {at} to {later}")
            heappush(waiting, (later, place, story))


def _goes_on(story: Story, now: datetime) -> list[datetime]:
    """When, if it does and that has come."""
    day = next(story, None)
    if day is None:
        return []
    at = day if isinstance(day, datetime) else clock.start_of(day) + MORNING
    if clock.day_of(at) == clock.day_of(now):
        at = min(at, now)
    return [at] if at <= now else []
