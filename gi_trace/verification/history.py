"""What is remembered of a unit's checks. Pure."""

from datetime import datetime
from typing import NamedTuple

from gi_trace.errors import N_
from gi_trace.words import Worded


class Channel(Worded):
    WEB = "web", N_("网页")
    WECHAT = "wechat", N_("微信")
    ALIPAY = "alipay", N_("支付宝")
    INSPECTOR = "inspector", N_("巡查")
    API = "api", N_("接口")


class History(NamedTuple):
    """The checks of a unit before the present one; `suspicion` is the copy detector's memory of it."""

    checks: int = 0
    first_at: datetime | None = None
    first_city: str | None = None
    last_at: datetime | None = None
    last_city: str | None = None
    opened: bool = False  # its hidden code was used
    suspected: bool = False
    publicly_shown: bool = False
    suspicion: bytes | None = None

    def after(self, at: datetime, city: str | None) -> "History":
        if self.checks == 0:
            return self._replace(checks=1, first_at=at, first_city=city, last_at=at, last_city=city)
        return self._replace(checks=self.checks + 1, last_at=at, last_city=city)


NEVER = History()
