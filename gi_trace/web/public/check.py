"""The check of a code: one address, one answer, at once.

Nearly every visitor is answered before Flask, by the lane of lane.py, with the same page from the same answer.
"""

from flask import Response, current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gi_trace.verification.looking.look import look_at
from gi_trace.verification.looking.looker import Looker
from gi_trace.web.languages import page_language
from gi_trace.web.public import bp
from gi_trace.web.public.unknown import count_unknown
from gi_trace.web.public.verdict_page import parts_of, verdict_pages
from gi_trace.web.public.visitor import device_cookie, visitor


@bp.get("/c/<path:code>")
def check(code: str) -> ResponseReturnValue:
    return check_of(request.path)


@bp.get("/C/<path:rest>")  # of a symbol whose whole address is upper case
@bp.get("/01/<path:rest>")
def check_other_forms(rest: str) -> ResponseReturnValue:
    """A GS1 Digital Link, whatever it names beside the code; one that contradicts its code, or itself, is not ours."""
    return check_of(request.path)


def check_of(text: str) -> Response:
    """Of what was scanned or typed."""
    looker = looker_now()
    answer = look_at(text, looker)
    count_unknown(answer)
    language = page_language()
    shape, values = parts_of(answer, language)
    # The page repeats its query, a session may have messages, and what is no code of ours is told in words of its own.
    if request.method == "POST" or request.query_string or session or answer.batch is None:
        response = make_response(verdict_pages.render(shape, values))
    else:
        response = make_response(verdict_pages.page(shape, values, language))
    if looker and looker.is_new and answer.batch:
        cookie = device_cookie(looker, secure=current_app.config["SESSION_COOKIE_SECURE"])
        response.headers.add("Set-Cookie", cookie)
    return response


def looker_now() -> Looker | None:
    """Whoever looks, or None when this look is no check."""
    if current_user.is_authenticated:
        return None
    return visitor(request.environ, city_db=current_app.config["IP_CITY_DB"])
