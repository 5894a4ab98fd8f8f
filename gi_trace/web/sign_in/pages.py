"""Signing in and out, and choosing a password; afterwards each role is at home in its face."""

from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo

from gi_trace.accounts import actions
from gi_trace.accounts.models import Role, count_standing_tokens
from gi_trace.web.act_page import answer_here
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.limits import limiter
from gi_trace.web.sign_in import bp
from gi_trace.web.sign_in.tries import counted_try

HOME_OF = {
    Role.AUTHORITY: "authority.home",
    Role.ENTERPRISE: "enterprise.home",
    Role.VILLAGE: "enterprise.home",
    Role.INSPECTOR: "inspector.home",
}


class SignInForm(FlaskForm):
    sign_in_name = StringField(_("登录名"), [needed(), AtMost(60)])
    password = PasswordField(_("密码"), [needed(), AtMost(200)])


class PasswordForm(FlaskForm):
    old = PasswordField(_("现在的密码"), [needed(), AtMost(200)])
    new = PasswordField(_("新密码"), [needed(), AtMost(200)])
    again = PasswordField(_("再输一次新密码"), [needed(), EqualTo("new", _("两次输入的新密码不一致。"))])


@bp.route("", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for(HOME_OF[me().role]))
    form = SignInForm()

    def act() -> str:
        browser = request.headers.get("User-Agent", "")
        with counted_try(form.sign_in_name.data):
            account = actions.sign_in(form.sign_in_name.data, form.password.data, browser=browser)
        login_user(account)
        if account.password_is_one_time:
            return url_for(".change_password")
        return _own_path(request.args.get("next")) or url_for(HOME_OF[account.role])

    return answer_here(form, act, lambda: render_template("sign_in/sign_in.html", form=form))


@bp.post("/out")
@login_required
def sign_out() -> ResponseReturnValue:
    actions.sign_out(me())
    logout_user()
    return redirect(url_for("public.home"))


@bp.route("/password", methods=["GET", "POST"])
@login_required
@limiter.limit("10 per minute", methods=["POST"])
def change_password() -> ResponseReturnValue:
    form = PasswordForm()

    def act() -> str:
        actions.change_password(me(), form.old.data, form.new.data)
        return url_for(HOME_OF[me().role])

    def page() -> str:
        tokens = count_standing_tokens(me())
        return render_template("sign_in/change_password.html", form=form, tokens=tokens)

    return answer_here(form, act, page, done=_("密码已更改。"))


def _own_path(target: str | None) -> str | None:
    """Only a path on this site: a link must not send a person elsewhere after signing in."""
    parts = urlsplit(target or "")
    own = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in parts.path
    return target if own and not parts.path.startswith("//") else None
