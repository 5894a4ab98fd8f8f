"""Who guesses at passwords waits longer and longer, and nobody else waits for it.

Failures count for a name in one household, and for a household over all names; never for a name alone, or twenty wrong
passwords from anywhere would lock its owner out. A browser in which the account was signed in before counts for itself.
"""

import math
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from gi_trace import clock
from gi_trace.accounts.rules import SignInRefused, TooManyTries, plain_name, wait_after
from gi_trace.web.callers import household
from gi_trace.web.limits import limiter

HOUR = 3600
FREE_OF_NAME, FREE_OF_HOUSEHOLD = 5, 30  # failures an hour; an office of many shares an address
COOKIE, YEAR = "known_device", 365 * 24 * 3600
MOST_NAMES = 8


@contextmanager
def counted_try(sign_in_name: str) -> Iterator[None]:
    """A try counts as failed until it has succeeded, so that many at once are not free. Raises TooManyTries."""
    name = plain_name(sign_in_name)
    device, names = _known_device()
    if name in names:
        counts = [(f"{name} on {device}", FREE_OF_NAME)]
    else:
        counts = [(f"{name} from {household()}", FREE_OF_NAME), (household(), FREE_OF_HOUSEHOLD)]
    begun: list[str] = []
    try:
        for who, free in counts:
            _begin(who, free)
            begun.append(who)
        yield
    except SignInRefused:
        raise
    except BaseException:  # no password was looked at, or it was right
        _take_back(begun)
        raise
    _take_back(begun)
    limiter.storage.clear(f"wait/{counts[0][0]}")
    limiter.storage.clear(f"failed/{counts[0][0]}")
    _know_device(device, name, names)


def _begin(who: str, free: int) -> None:
    """Only the first who comes after the wait may try, and begins the next, longer one."""
    wait = wait_after(limiter.storage.incr(f"failed/{who}", HOUR), free)
    if wait and limiter.storage.incr(f"wait/{who}", wait) > 1:
        _take_back([who])
        left = limiter.storage.get_expiry(f"wait/{who}") - clock.now().timestamp()
        raise TooManyTries(retry_after=max(1, math.ceil(left)))


def _take_back(counted: list[str]) -> None:
    for who in counted:
        limiter.storage.incr(f"failed/{who}", HOUR, -1)


def _known_device() -> tuple[str, list[str]]:
    """The browser's number, and the names that signed in there."""
    try:
        device, names = _signer().loads(request.cookies.get(COOKIE, ""))
        return device, names
    except BadSignature:
        return secrets.token_urlsafe(12), []


def _know_device(device: str, name: str, names: list[str]) -> None:
    kept = [name, *(other for other in names if other != name)][:MOST_NAMES]
    text = str(_signer().dumps([device, kept]))
    secure = current_app.config["SESSION_COOKIE_SECURE"]

    def set_cookie(response: Response) -> Response:
        response.set_cookie(COOKIE, text, YEAR, path="/sign-in", secure=secure, httponly=True, samesite="Lax")
        return response

    after_this_request(set_cookie)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or b"", salt="known device")
