"""Entering the hidden code. Only by POST: it never stands in an address, a log or a history."""

import unicodedata

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from gi_trace.errors import N_, Refused
from gi_trace.verification import hidden_codes
from gi_trace.verification.looking.look import look_at
from gi_trace.web.act_page import Follows, answer_here
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.public import bp
from gi_trace.web.public.unknown import count_unknown
from gi_trace.web.public.visitor import looker_of

DIGITS = 8


class NoSuchCode(Refused):
    code = "no_such_code"
    text = N_("查无此标识，不能核对涂层密码。")


class DigitsMissing(Refused):
    code = "digits_missing"
    text = N_("涂层密码是 8 位数字，您输入了 {count} 位。请刮开涂层后逐位输入。")


class HiddenCodeForm(FlaskForm):
    class Meta:
        csrf = False  # nobody's sign-in is used here, and no cookie is needed

    code = StringField(_("标识码"), [needed(), AtMost(200)])
    digits = StringField(_("涂层下的 8 位数字"), [needed(), AtMost(60)])

    @property
    def typed(self) -> str:
        """Raises DigitsMissing."""
        digits = "".join(unicodedata.normalize("NFKC", self.digits.data).replace("-", "").split())
        if len(digits) != DIGITS or not digits.isdecimal():
            raise DigitsMissing(count=len(digits))
        return digits


@bp.route("/hidden-code", methods=["GET", "POST"])
def enter_hidden_code() -> ResponseReturnValue:
    """What was typed stays, for who mistyped it; but not in an address."""
    if "digits" in request.args:
        return redirect(url_for(".enter_hidden_code", code=request.args.get("code", "")[:200]))
    form = HiddenCodeForm(data={"code": request.args.get("code", "")[:200]})

    def act() -> Follows:
        answer = look_at(form.code.data)
        count_unknown(answer)
        if answer.batch is None:
            raise NoSuchCode
        looker = looker_of(request.environ, city_db=current_app.config["IP_CITY_DB"])
        entered = hidden_codes.enter_hidden_code(answer.batch, answer.unit, form.typed, looker)
        page = {"answer": entered, "code": answer.code, "form": form}
        return make_response(render_template("public/hidden_code.html", **page))

    return answer_here(form, act, lambda: render_template("public/enter_hidden_code.html", form=form))
