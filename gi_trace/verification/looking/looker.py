"""Who looks, as far as a check may know: hashes that link no batches, a channel, perhaps a city."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

from gi_trace.verification.history import Channel

# They open links by themselves: previews of chats and posts, crawlers, monitors.
BOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|telegram|discord|embedly|lighthouse"
    r"|headless|monitor|curl/|wget/|python-|go-http|okhttp|java/",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Looker:
    """`cookie` is the random device cookie, `is_new` when this answer only just sets it."""

    cookie: bytes
    is_new: bool
    address: str
    browser: str
    city: str | None
    channel: Channel

    def device(self, key: bytes, batch_number: int) -> bytes:
        return _hash(key, self.cookie, batch_number)

    def browser_on(self, day_key: bytes, batch_number: int) -> bytes | None:
        """Its hash by address and browser, as long as the day's key exists; None where a cookie came."""
        if not self.is_new:
            return None
        return _hash(day_key, f"{self.address}\n{self.browser}".encode(), batch_number)


@lru_cache(maxsize=2000)
def is_bot(browser: str) -> bool:
    """By its User-Agent; the same phones come again and again."""
    return not browser or BOTS.search(browser) is not None


def channel_of(browser: str) -> Channel:
    if "MicroMessenger" in browser:
        return Channel.WECHAT
    return Channel.ALIPAY if "AlipayClient" in browser else Channel.WEB


def _hash(key: bytes, who: bytes, batch_number: int) -> bytes:
    return hmac.digest(key, who + b"\n" + batch_number.to_bytes(4, "big"), hashlib.sha256)[:16]
