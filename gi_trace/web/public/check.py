"""The check of a code: one address, one answer, at once."""

import secrets

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gi_trace.codes.digital_link import parse_address
from gi_trace.codes.unit_code import Malformed
from gi_trace.verification.actions import Look, look_at, look_at_address
from gi_trace.verification.looker import Looker, channel_of, is_bot
from gi_trace.verification.places import city_of
from gi_trace.web.fill import FilledPages
from gi_trace.web.public import bp
from gi_trace.web.public.verdict_page import shape_of, values_of

DEVICE_COOKIE = "device"
DEVICE_DAYS = 180
DEVICE_LENGTH = 22

verdict_pages = FilledPages("public/verdict.html")


@bp.get("/c/<path:code>")
def check(code: str) -> ResponseReturnValue:
    return answer(code)


@bp.get("/01/<gtin>/21/<code>")
@bp.get("/01/<gtin>/10/<batch>/21/<code>")
def check_digital_link(gtin: str, code: str, batch: str | None = None) -> ResponseReturnValue:
    """A GS1 Digital Link; one that contradicts its code, or itself, is not ours."""
    looker = looker_now()
    try:
        look = look_at_address(parse_address(request.path), looker)
    except Malformed:
        look = look_at("")
    return page_of(look, looker)


def answer(code: str) -> Response:
    looker = looker_now()
    return page_of(look_at(code, looker), looker)


def page_of(look: Look, looker: Looker | None) -> Response:
    response = make_response(verdict_pages.page(shape_of(look), values_of(look)))
    if looker and looker.is_new and look.batch:
        keep_device(response, looker)
    return response


def looker_now() -> Looker | None:
    """Whoever looks, or None when this look is no check: staff, HEAD, a prefetch, a link preview."""
    browser = request.headers.get("User-Agent", "")
    if request.method != "GET" or is_prefetch() or is_bot(browser) or is_staff():
        return None
    cookie = request.cookies.get(DEVICE_COOKIE, "")
    is_new = len(cookie) != DEVICE_LENGTH
    return Looker(
        cookie=(secrets.token_urlsafe(16) if is_new else cookie).encode(),
        is_new=is_new,
        address=request.remote_addr or "",
        browser=browser,
        city=city_of(request.remote_addr),
        channel=channel_of(browser),
    )


def keep_device(response: Response, looker: Looker) -> None:
    response.set_cookie(
        DEVICE_COOKIE,
        looker.cookie.decode(),
        max_age=DEVICE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def is_prefetch() -> bool:
    headers = request.headers
    purpose = headers.get("Purpose", "") + headers.get("Sec-Purpose", "") + headers.get("X-Moz", "")
    return "prefetch" in purpose


def is_staff() -> bool:
    signed_in = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return signed_in and current_user.is_authenticated
