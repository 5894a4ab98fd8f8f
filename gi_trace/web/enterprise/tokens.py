"""Tokens for the enterprise's own system."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from gi_trace import clock
from gi_trace.accounts import tokens
from gi_trace.accounts.models import ApiToken, Role, Scope, tokens_seen_by
from gi_trace.accounts.rules import TOKEN_DAYS, USUAL_TOKEN_DAYS
from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.web.act_page import done_at
from gi_trace.web.enterprise import bp
from gi_trace.web.forms import AtMost, ChoicesField, needed, refusal_text, status_of
from gi_trace.web.guards import me, only
from gi_trace.web.words import choices_of, counted

USUAL = [Scope.READ.value, Scope.BATCHES.value, Scope.LABELS.value]
SOON_DAYS = 30


class TokenForm(FlaskForm):
    name = StringField(_("用途"), [needed(), AtMost(60)], description=_("例如：仓库系统。"))
    scopes = ChoicesField(_("权限"), [needed(_("请至少选一项权限。"))], default=USUAL)
    days = SelectField(
        _("有效期"),
        coerce=int,
        default=USUAL_TOKEN_DAYS,
        description=_("到期前请建立新的令牌，换好后停用旧的。"),
    )

    def __init__(self) -> None:
        super().__init__()
        scopes = list(Scope) if me().manages_clerks else [Scope(name) for name in USUAL]
        self.scopes.choices = choices_of(scopes)
        self.days.choices = [(days, counted("%(count)s 天", days)) for days in TOKEN_DAYS]


@bp.route("/tokens", methods=["GET", "POST"])
@only(Role.ENTERPRISE)
def list_tokens() -> ResponseReturnValue:
    """The token itself is shown once, on the page that answers the form."""
    form, token = TokenForm(), None
    if form.validate_on_submit():
        token = _made(form)
    page = render_template(
        "enterprise/list_tokens.html",
        form=form,
        token=token,
        tokens=tokens_seen_by(me()),
        now=clock.now(),
        soon_days=SOON_DAYS,
        Scope=Scope,
    )
    return page, status_of(form)


@bp.post("/tokens/<int:token_id>/revoke")
@only(Role.ENTERPRISE)
def revoke_token(token_id: int) -> ResponseReturnValue:
    tokens.revoke_token(db.get_or_404(ApiToken, token_id), by=me())
    return done_at(url_for(".list_tokens"), _("令牌已停用。"))


def _made(form: TokenForm) -> str | None:
    scopes = [Scope(name) for name in form.scopes.data]
    try:
        return tokens.make_token(form.name.data, scopes, by=me(), days=form.days.data)
    except Refused as refusal:
        form.form_errors.append(refusal_text(refusal))
        return None
