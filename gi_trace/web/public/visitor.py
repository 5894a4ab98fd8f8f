"""Who looks, as a request tells it. Works on the WSGI environment, for Flask's views and for the lane before them."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from werkzeug.http import dump_cookie

from gi_trace.verification.history import Channel
from gi_trace.verification.looking.cities import city_of
from gi_trace.verification.looking.looker import Looker, channel_of, is_bot

DEVICE_COOKIE = "device"
LONGEST_BROWSER = 300
DEVICE_SECONDS = 180 * 24 * 3600
KEPT_DEVICE = re.compile(rf"(?:^|;\s*){DEVICE_COOKIE}=([\w-]{{22}})(?:;|$)")


def visitor(environ: Mapping[str, Any], *, city_db: str) -> Looker | None:
    """None when this look is no check: HEAD, a prefetch, a link preview. (Staff are told apart by the views.)"""
    if environ["REQUEST_METHOD"] != "GET" or is_prefetch(environ):
        return None
    return (
        None
        if is_bot(environ.get("HTTP_USER_AGENT", "")[:LONGEST_BROWSER])
        else looker_of(environ, city_db=city_db)
    )


def looker_of(environ: Mapping[str, Any], *, city_db: str, channel: Channel | None = None) -> Looker:
    browser, address = environ.get("HTTP_USER_AGENT", ""), environ.get("REMOTE_ADDR", "")
    kept = KEPT_DEVICE.search(environ.get("HTTP_COOKIE", ""))
    return Looker(
        cookie=(kept[1] if kept else secrets.token_urlsafe(16)).encode(),
        is_new=kept is None,
        address=address,
        browser=browser,
        city=city_of(address, city_db),
        channel=channel or channel_of(browser),
    )


def device_cookie(looker: Looker, *, secure: bool) -> str:
    """The header that keeps a new device's cookie."""
    return dump_cookie(
        DEVICE_COOKIE,
        looker.cookie.decode(),
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def is_prefetch(environ: Mapping[str, Any]) -> bool:
    return any(
        "prefetch" in environ.get(name, "") for name in ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
    )
