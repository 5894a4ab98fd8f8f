"""The check of a code: one address, one answer, at once."""

from flask import Response, current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gi_trace.verification.looking.look import Look, look_at
from gi_trace.verification.looking.looker import Looker
from gi_trace.web.fill import FilledPages
from gi_trace.web.languages import page_language
from gi_trace.web.public import bp
from gi_trace.web.public.unknown import count_unknown
from gi_trace.web.public.verdict_page import shape_of, values_of
from gi_trace.web.public.visitor import device_cookie, visitor

verdict_pages = FilledPages("public/verdict.html")


@bp.get("/c/<path:code>")
def check(code: str) -> ResponseReturnValue:
    return answer(code)


@bp.get("/01/<gtin>/21/<code>")
@bp.get("/01/<gtin>/10/<batch>/21/<code>")
def check_digital_link(gtin: str, code: str, batch: str | None = None) -> ResponseReturnValue:
    """A GS1 Digital Link; one that contradicts its code, or itself, is not ours."""
    return answer(request.path)


def answer(code: str) -> Response:
    looker = looker_now()
    return response_of(look_at(code, looker), looker)


def response_of(look: Look, looker: Looker | None) -> Response:
    count_unknown(look)
    shape, values = shape_of(look), values_of(look)
    if request.query_string or session:  # the page repeats its query, and a session may have messages
        response = make_response(verdict_pages.render(shape, values))
    else:
        response = make_response(verdict_pages.page(shape, values, page_language()))
    if looker and looker.is_new and look.batch:
        cookie = device_cookie(looker, secure=current_app.config["SESSION_COOKIE_SECURE"])
        response.headers.add("Set-Cookie", cookie)
    return response


def looker_now() -> Looker | None:
    """Whoever looks, or None when this look is no check."""
    if current_user.is_authenticated:
        return None
    return visitor(request.environ, city_db=current_app.config["IP_CITY_DB"])
