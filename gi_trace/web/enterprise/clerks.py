"""A firm's first account opens, resets and closes the accounts of its clerks."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from gi_trace.accounts import actions
from gi_trace.accounts.models import Role, accounts_of_party
from gi_trace.web.accounts.passwords import password_page
from gi_trace.web.act_page import answer_here, done_at
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_clerk
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me, own_party


class ClerkForm(FlaskForm):
    name = StringField(_("姓名"), [needed(), AtMost(60)])
    sign_in_name = StringField(_("登录名"), [needed(), AtMost(40)])


@bp.route("/clerks", methods=["GET", "POST"])
def list_clerks() -> ResponseReturnValue:
    form, party = ClerkForm(), own_party()

    def open_account() -> Response:
        names = form.sign_in_name.data, form.name.data
        opened = actions.open_account(*names, Role.ENTERPRISE, by=me(), party_id=party.id)
        return password_page(*opened, back=url_for(".list_clerks"))

    def page() -> str:
        return render_template("enterprise/list_clerks.html", form=form, accounts=accounts_of_party(party.id))

    return answer_here(form, open_account, page)


@bp.post("/clerks/<int:account_id>/reset")
def reset_clerk(account_id: int) -> ResponseReturnValue:
    account = get_own_clerk(account_id)
    return password_page(account, actions.reset_password(account, by=me()), back=url_for(".list_clerks"))


@bp.post("/clerks/<int:account_id>/close")
def close_clerk(account_id: int) -> ResponseReturnValue:
    actions.close_account(get_own_clerk(account_id), by=me())
    return done_at(url_for(".list_clerks"), _("账号已停用。"))
