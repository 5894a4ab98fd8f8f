"""Tokens for the enterprise's own system."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from gi_trace.accounts import tokens
from gi_trace.accounts.models import ApiToken, tokens_of
from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.web.act_page import done_at
from gi_trace.web.enterprise import bp
from gi_trace.web.forms import AtMost, needed, status_of
from gi_trace.web.guards import me


class TokenForm(FlaskForm):
    name = StringField(_("用途"), [needed(), AtMost(60)], description=_("例如：仓库系统。"))


@bp.route("/tokens", methods=["GET", "POST"])
def list_tokens() -> ResponseReturnValue:
    """The token itself is shown once, on the page that answers the form."""
    form, token = TokenForm(), None
    if form.validate_on_submit():
        token = tokens.make_token(form.name.data, by=me())
    page = render_template("enterprise/list_tokens.html", form=form, token=token, tokens=tokens_of(me()))
    return page, status_of(form)


@bp.post("/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    token = db.get_or_404(ApiToken, token_id)
    if token.account_id != me().id:
        raise Forbidden
    tokens.revoke_token(token, by=me())
    return done_at(url_for(".list_tokens"), _("令牌已停用。"))
