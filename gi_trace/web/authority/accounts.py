"""The authority opens, resets and closes accounts of everyone."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Optional

from gi_trace.accounts import actions
from gi_trace.accounts.models import Account, Role
from gi_trace.database import db
from gi_trace.registry.models import Area, Party, find_area, find_party
from gi_trace.web.accounts.passwords import password_page
from gi_trace.web.act_page import answer_here, done_at
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.words import choices_of


class AccountForm(FlaskForm):
    role = RadioField(_("角色"), [needed(_("请选择角色。"))], choices=choices_of(Role))
    name = StringField(_("姓名"), [needed(), AtMost(60)])
    sign_in_name = StringField(_("登录名"), [needed(), AtMost(40)])
    uscc = StringField(_("企业的统一社会信用代码"), [Optional(), AtMost(30)])
    manages_clerks = BooleanField(_("可以管理本企业的其他账号"))
    area = StringField(_("村的名称或代码"), [Optional(), AtMost(60)])
    badge_number = StringField(_("执法证号"), [Optional(), AtMost(40)])

    found_party: Party | None = None
    found_area: Area | None = None

    def validate(self, extra_validators: object = None) -> bool:
        sound = super().validate(extra_validators)
        if self.role.data == Role.ENTERPRISE:
            self.found_party = find_party(self.uscc.data or "")
            sound = (
                self._found(self.found_party, self.uscc, _("名录里没有这个统一社会信用代码的企业。"))
                and sound
            )
        if self.role.data == Role.VILLAGE:
            self.found_area = find_area(self.area.data or "")
            sound = self._found(self.found_area, self.area, _("没有找到这个村，请核对名称或代码。")) and sound
        return sound

    @staticmethod
    def _found(row: object, field: StringField, message: object) -> bool:
        if row is None:
            field.errors = [*field.errors, message]
        return row is not None


@bp.get("/accounts")
def list_accounts() -> ResponseReturnValue:
    query = select(Account).order_by(Account.closed_at.is_not(None), Account.role, Account.id.desc())
    if asked := request.args.get("q", "").strip():
        likes = [column.contains(asked, autoescape=True) for column in (Account.name, Account.sign_in_name)]
        query = query.where(likes[0] | likes[1])
    page = db.paginate(query, per_page=50)
    return render_template("authority/list_accounts.html", page=page, asked=asked)


@bp.route("/accounts/new", methods=["GET", "POST"])
def open_account() -> ResponseReturnValue:
    form = AccountForm()

    def act() -> Response:
        opened = actions.open_account(
            form.sign_in_name.data,
            form.name.data,
            Role(form.role.data),
            by=me(),
            party_id=form.found_party.id if form.found_party else None,
            area_id=form.found_area.id if form.found_area else None,
            badge_number=form.badge_number.data or None,
            manages_clerks=form.found_party is not None and form.manages_clerks.data,
        )
        return password_page(*opened, back=url_for(".list_accounts"))

    return answer_here(form, act, lambda: render_template("authority/open_account.html", form=form))


@bp.post("/accounts/<int:account_id>/reset")
def reset_account(account_id: int) -> ResponseReturnValue:
    account = db.get_or_404(Account, account_id)
    return password_page(account, actions.reset_password(account, by=me()), back=url_for(".list_accounts"))


@bp.post("/accounts/<int:account_id>/close")
def close_account(account_id: int) -> ResponseReturnValue:
    actions.close_account(db.get_or_404(Account, account_id), by=me())
    return done_at(url_for(".list_accounts"), _("账号已停用。"))
