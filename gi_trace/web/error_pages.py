"""One place where refusals and faults become a page or JSON."""

import logging
import secrets
from http import HTTPStatus

from flask import Flask, Response, flash, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from gi_trace.constraints import is_taken
from gi_trace.database import db
from gi_trace.errors import N_, Refused
from gi_trace.web.forms import later, refusal_text

log = logging.getLogger(__name__)
MOST_NAMED = 5
IN_WORDS = {
    400: N_("请求无法识别。"),
    401: N_("请先登录。"),
    403: N_("您没有权限查看此内容。"),
    404: N_("没有这个地址，或没有这样东西。"),
    405: N_("这个地址不收这种请求。"),
    413: N_("发来的内容太多，没有收下。"),
    415: N_("这里只收 JSON，请注明 Content-Type: application/json。"),
    422: N_("有填写不对的地方。"),
    429: N_("操作太频繁，请稍后再试。"),
}


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"
    status = 409
    text = N_("就在刚才，别人登记了同样的内容。请返回看一看，需要时再办一次。")


def init_error_pages(app: Flask) -> None:
    app.register_error_handler(Refused, show_refusal)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(IntegrityError, show_collision)
    app.register_error_handler(Exception, show_fault)


def show_refusal(refusal: Refused) -> ResponseReturnValue:
    db.session.rollback()  # drop the half-done act before rendering
    text = refusal_text(refusal)
    if wants_json():
        response = make_response(problem(refusal.status, refusal.code, text))
    else:
        response = make_response(render_template("errors/refused.html", text=text), refusal.status)
    return later(refusal, response)


def show_stale_form(error: CSRFError) -> ResponseReturnValue:
    if wants_json():
        return problem(400, "stale_form", gettext("这一页打开太久了，请再登录一次。"))
    if request.endpoint == "sign_in.sign_in":
        flash(_("这一页打开太久了，请再登录一次。"))
        return redirect(request.full_path.rstrip("?"))
    return render_template("errors/error.html", status=400), 400


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    db.session.rollback()
    status = error.code or 500
    if wants_json():
        return _problem_of(error, status)
    response = error.get_response()
    text = _too_large() if status == 413 else ""
    response.data = render_template("errors/error.html", status=status, text=text)
    return response


def _problem_of(error: HTTPException, status: int) -> ResponseReturnValue:
    """Of what is said of the fields of a body or an address (webargs), which of them are wrong."""
    said = getattr(error, "data", {}).get("messages", {})
    names = [name for faults in said.values() for name in _fields_of(faults)]
    words = gettext(IN_WORDS.get(status, N_("服务暂时出错。")))
    if named := [name for name in names if name]:
        words = gettext("填写不对：{fields}。").format(fields=gettext("、").join(named[:MOST_NAMED]))
    headers = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    response, _status = problem(status, error.name.lower().replace(" ", "_"), words, errors=said)
    response.headers.extend(headers)
    return response, status


def _fields_of(faults: object, path: str = "") -> list[str]:
    """As `draws.0.grams`; that of the whole is ""."""
    if not isinstance(faults, dict):
        return [path]
    return [
        one
        for name, inner in faults.items()
        for one in _fields_of(inner, path if name == "_schema" else f"{path}.{name}".lstrip("."))
    ]


def _too_large() -> str:
    most, sent = request.max_content_length or 0, request.content_length
    if request.mimetype != "multipart/form-data" or (sent is not None and sent <= most):
        return gettext("填写的内容太多，没有收下。请按浏览器的返回键，删减后再发。")
    return gettext(
        "这次发来的超过 {most} MB，没有收下。请按浏览器的返回键，减少照片或缩小照片后再发。"
    ).format(most=most // 1024**2)


def show_collision(error: IntegrityError) -> ResponseReturnValue:
    """Somebody was faster by a moment with something that has no refusal of its own (`constraints`)."""
    if not is_taken(error):
        return show_fault(error)
    log.warning("collision at %s %s", request.method, request.endpoint, exc_info=error)
    return show_refusal(ChangedMeanwhile())


def show_fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours: the person gets a number, the log gets the trace under it."""
    db.session.rollback()
    reference = secrets.token_hex(4).upper()
    log.exception("fault %s at %s %s", reference, request.method, request.endpoint)
    if wants_json():
        return problem(500, "internal_error", reference)
    return render_template("errors/error.html", status=500, reference=reference), 500


def problem(status: int, code: str, detail: str, *, errors: object = None) -> tuple[Response, int]:
    """Problem details (RFC 9457); `code` is stable, `detail` is for people."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"code": code, "detail": detail} | ({"errors": errors} if errors else {})
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    return response, status


def wants_json() -> bool:
    to_machine = request.path.startswith(("/api/", "/exchange/"))
    return to_machine or request.accept_mimetypes.best == "application/json"
