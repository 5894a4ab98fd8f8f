"""A firm's first account opens, resets and closes the accounts of its clerks."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from gi_trace.accounts import actions
from gi_trace.accounts.models import Role, accounts_of_party
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_clerk, own_party
from gi_trace.web.forms import AtMost, needed, refusals_on, status_of
from gi_trace.web.guards import me


class ClerkForm(FlaskForm):
    name = StringField(_("姓名"), [needed(), AtMost(60)])
    sign_in_name = StringField(_("登录名"), [needed(), AtMost(40)])


@bp.route("/clerks", methods=["GET", "POST"])
def list_clerks() -> ResponseReturnValue:
    form = ClerkForm()
    if form.validate_on_submit():
        with refusals_on(form):
            account, password = actions.open_account(
                form.sign_in_name.data, form.name.data, Role.ENTERPRISE, by=me(), party=own_party()
            )
            return render_template("enterprise/clerk_password.html", account=account, password=password)
    accounts = accounts_of_party(own_party().id)
    return render_template("enterprise/list_clerks.html", form=form, accounts=accounts), status_of(form)


@bp.post("/clerks/<int:account_id>/reset")
def reset_clerk(account_id: int) -> ResponseReturnValue:
    account = get_own_clerk(account_id)
    password = actions.reset_password(account, by=me())
    return render_template("enterprise/clerk_password.html", account=account, password=password)


@bp.post("/clerks/<int:account_id>/close")
def close_clerk(account_id: int) -> ResponseReturnValue:
    account = get_own_clerk(account_id)
    actions.close_account(account, by=me())
    flash(_("账号已停用。"))
    return redirect(url_for(".list_clerks"))
