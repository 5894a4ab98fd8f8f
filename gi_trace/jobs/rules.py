"""When the service's own work is due. A schedule says since when work of the present period counts. Pure."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Schedule = Callable[[datetime], datetime]


def every(span: timedelta) -> Schedule:
    """Periods of that length, counted from 1970."""

    def since(now: datetime) -> datetime:
        seconds = span.total_seconds()
        return datetime.fromtimestamp(now.timestamp() // seconds * seconds, now.tzinfo)

    return since


def nightly(hour: int) -> Schedule:
    """From that hour in Shanghai; a night that was missed is made up for in the day."""

    def since(now: datetime) -> datetime:
        local = now.astimezone(SHANGHAI)
        tonight = datetime.combine(local, time(hour), SHANGHAI)
        return tonight if local >= tonight else tonight - timedelta(days=1)

    return since


def is_due(schedule: Schedule, last: datetime | None, now: datetime) -> bool:
    return last is None or last < schedule(now)
