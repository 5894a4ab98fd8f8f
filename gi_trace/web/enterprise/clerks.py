"""A firm's first account opens, resets and closes the accounts of its clerks."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from gi_trace.accounts import actions
from gi_trace.accounts.models import Account, Role
from gi_trace.web.accounts.passwords import password_page
from gi_trace.web.act_page import answer_here, done_at
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_clerk
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me, own_party
from gi_trace.web.lists.accounts import account_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page


class ClerkForm(FlaskForm):
    name = StringField(_("姓名"), [needed(), AtMost(60)])
    sign_in_name = StringField(
        _("登录名"), [needed(), AtMost(40)], description=_("小写字母、数字、点、横线。")
    )


@list_page(bp, "/clerks")
def list_clerks() -> Listing:
    return account_listing(Account.party_id == own_party().id, template="enterprise/list_clerks.html")


@bp.route("/clerks/new", methods=["GET", "POST"])
def open_clerk() -> ResponseReturnValue:
    form, party = ClerkForm(), own_party()

    def act() -> Response:
        names = form.sign_in_name.data, form.name.data
        opened = actions.open_account(*names, Role.ENTERPRISE, by=me(), party_id=party.id)
        return password_page(*opened, back=url_for(".list_clerks"))

    shown = {"title": _("开通账号"), "submit": _("开通"), "back": url_for(".list_clerks")}
    return answer_here(form, act, lambda: render_template("components/form_page.html", form=form, **shown))


@bp.post("/clerks/<int:account_id>/reset")
def reset_clerk(account_id: int) -> ResponseReturnValue:
    account = get_own_clerk(account_id)
    return password_page(account, actions.reset_password(account, by=me()), back=url_for(".list_clerks"))


@bp.post("/clerks/<int:account_id>/close")
def close_clerk(account_id: int) -> ResponseReturnValue:
    actions.close_account(get_own_clerk(account_id), by=me())
    return done_at(url_for(".list_clerks"), _("账号已停用。"))
