"""Entering the hidden code. Only by POST: it never stands in an address, a log or a history."""

import unicodedata

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from gi_trace.errors import N_, Refused
from gi_trace.verification import hidden_codes
from gi_trace.verification.looking.look import look_at
from gi_trace.web.public import bp
from gi_trace.web.public.unknown import count_unknown
from gi_trace.web.public.visitor import looker_of

DIGITS = 8


class NoSuchCode(Refused):
    code = "no_such_code"
    text = N_("查无此标识，不能核对涂层密码。")


class DigitsMissing(Refused):
    code = "digits_missing"
    text = N_("涂层密码是 8 位数字，请刮开涂层后逐位输入。")


@bp.post("/hidden-code")
def enter_hidden_code() -> ResponseReturnValue:
    answer = look_at(request.form.get("code", ""))
    count_unknown(answer)
    if answer.batch is None:
        raise NoSuchCode
    digits = "".join(unicodedata.normalize("NFKC", request.form.get("digits", "")).split())
    if len(digits) != DIGITS or not digits.isdecimal():
        raise DigitsMissing
    looker = looker_of(request.environ, city_db=current_app.config["IP_CITY_DB"])
    entered = hidden_codes.enter_hidden_code(answer.batch, answer.unit, digits, looker)
    return render_template("public/hidden_code.html", answer=entered, code=answer.code)
