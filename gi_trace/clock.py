"""The only reader of the time: instants are UTC, business dates are Asia/Shanghai days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


_played: ContextVar[datetime | None] = ContextVar("played", default=None)


def now() -> datetime:
    return _played.get() or datetime.now(UTC)


@contextmanager
def played_at(instant: datetime) -> Iterator[None]:
    """Inside it is that instant. For the demo and for tests, which tell of years gone by."""
    token = _played.set(instant)
    try:
        yield
    finally:
        _played.reset(token)


def today() -> date:
    """The business day on which it is now."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    return in_shanghai(instant).date()


def minute_of(instant: datetime) -> str:
    """As people read it off a clock in Shanghai: 2026-11-27 08:05."""
    return in_shanghai(instant).strftime("%Y-%m-%d %H:%M")


def in_shanghai(instant: datetime) -> datetime:
    return instant.astimezone(SHANGHAI)


def start_of(day: date) -> datetime:
    """The instant at which a business day begins."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
