"""The only reader of the time: instants are UTC, business dates are Asia/Shanghai days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The business day on which it is now."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()
