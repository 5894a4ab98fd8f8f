"""A form sent twice does one thing: each carries a random key, which the first act of its request keeps with itself.

The key begins with the number of the account for whom the form was drawn, 0 for nobody.
"""

import hmac
import re
import secrets
import time
from functools import partial
from hashlib import file_digest
from typing import Any

from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from gi_trace.accounts.sent_forms import (
    AlreadySent,
    ChangedSinceSent,
    find_sent_form,
    keep_form,
    let_send_again,
    note_landing,
)
from gi_trace.database import after_commit, db, first_in_act
from gi_trace.errors import N_, Refused
from gi_trace.web.forms import refusal_text

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FIELD = "form_key"
KEY = re.compile(r"\d{1,10}-[\w-]{22}")
NOT_ANSWERS = (FIELD, "csrf_token", "answers", "counted")  # of the sending, not of what was filled in
WAITS, SECONDS = 60, 0.05  # for the first sending to end


class FormKeyMissing(Refused):
    code = "form_key_missing"
    status = 400
    text = N_("这张表不完整。请重新打开页面再填。")


class OpenedByAnother(Refused):
    code = "form_opened_by_another"
    status = 409
    text = N_("这张表是用另一个账号打开的，没有办理；现在登录的是“{name}”。请核对，仍要办理就再提交。")


def init_form_keys(app: Flask) -> None:
    """After whatever checks a form before it is believed."""
    app.before_request(take_key)
    app.after_request(keep_landing)
    app.register_error_handler(AlreadySent, land_again)
    app.jinja_env.globals["form_key"] = form_key


def form_key(form: FlaskForm | None = None) -> str:
    """A new key; of a form that was sent and is shown again, its own, unless that has done its act."""
    if form is not None and form.is_submitted() and "form_key" in g:
        return g.form_key
    return f"{_reader()}-{secrets.token_urlsafe(16)}"


def take_key() -> None:
    """Whoever is signed in sends no form without one."""
    if request.method != "POST" or request.mimetype not in FORMS:
        return
    key = request.form.get(FIELD, "")
    if not key and not (_is_of_a_sign_in() and _reader() and current_app.config["WTF_CSRF_ENABLED"]):
        return
    if not KEY.fullmatch(key):
        raise FormKeyMissing
    digest = _digest()
    if _is_readers(key) and (sent := find_sent_form(key)) and sent.digest == digest:
        raise AlreadySent(key=key)
    g.form_key = key
    first_in_act(partial(_keep, key, digest))


def _keep(key: str, digest: str) -> None:
    try:
        if not _is_readers(key):
            raise OpenedByAnother(name=current_user.name)
        keep_form(key, digest)
    except (OpenedByAnother, ChangedSinceSent):
        g.pop("form_key", None)  # the form that is shown again is a new one
        raise
    after_commit(partial(setattr, g, "kept_key", key))


def keep_landing(response: Response) -> Response:
    """A file may be fetched again from the same page; what was refused may be mended there."""
    if key := g.pop("kept_key", None):
        is_file = "attachment" in response.headers.get("Content-Disposition", "")
        if is_file or 400 <= response.status_code < 500:
            let_send_again(key)
        else:
            note_landing(key, response.location or "")
    return response


def land_again(sent: AlreadySent) -> ResponseReturnValue:
    """Where the first sending led; where that showed something once, on the page of the form."""
    db.session.rollback()
    flash(refusal_text(sent), "warn")
    return redirect(_landing(sent.facts["key"]) or _page_of_form())


def _landing(key: str) -> str:
    for _ in range(WAITS):
        sent = find_sent_form(key)
        db.session.rollback()
        if sent is None or sent.landed is not None:
            break
        time.sleep(SECONDS)
    return (sent and sent.landed) or ""


def _page_of_form() -> str:
    takes = (request.url_rule.methods if request.url_rule else None) or ()
    if "GET" in takes:
        return request.full_path.rstrip("?")
    home = f"{request.blueprint}.home"
    return url_for(home) if home in current_app.view_functions else "/"


def _is_of_a_sign_in() -> bool:
    """Whether the face asked is one that takes a sign-in."""
    guards = current_app.before_request_funcs.get(request.blueprint or "", [])
    return any(getattr(guard, "face_guard", ()) for guard in guards)


def _reader() -> int:
    return current_user.id if _is_of_a_sign_in() and current_user.is_authenticated else 0


def _is_readers(key: str) -> bool:
    return not _is_of_a_sign_in() or key.startswith(f"{_reader()}-")


def _digest() -> str:
    """With a secret of ours: there may be a password in it."""
    typed: list[Any] = [
        (name, text.replace("\r\n", "\n"))
        for name, texts in request.form.lists()
        if name not in NOT_ANSWERS
        for text in texts
    ]
    for name, file in request.files.items(multi=True):
        typed.append((name, file.filename, file_digest(file.stream, "sha256").hexdigest()))  # type: ignore[arg-type]
        file.stream.seek(0)
    told = repr((request.path, sorted(typed))).encode()
    return hmac.digest(current_app.config["SECRET_KEY"], told, "sha256").hex()
