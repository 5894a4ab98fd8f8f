"""How much all that come without an account may send in a day, whoever they are: their papers are kept."""

import math

from gi_trace import clock
from gi_trace.errors import N_, Refused
from gi_trace.web.limits import limiter

DAY = 24 * 3600
MOST_A_DAY = 200  # of 8 MB at most; a city has some hundreds of firms
COUNTED = "strangers/applications"


class TooManyStrangers(Refused):
    code = "too_many_strangers"
    status = 503
    text = N_(
        "一天内不用账号递交的申请太多，约 {hours} 小时后才能再收。已有账号的企业不受影响；急办的请直接联系主管部门。"
    )


def count_strangers() -> None:
    """Before anything is kept. Raises TooManyStrangers."""
    if limiter.storage.incr(COUNTED, DAY) > MOST_A_DAY:
        left = max(1, limiter.storage.get_expiry(COUNTED) - clock.now().timestamp())
        raise TooManyStrangers(hours=math.ceil(left / 3600), retry_after=math.ceil(left))
