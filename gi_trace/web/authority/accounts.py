"""The authority opens, resets and closes accounts of everyone, opens them again, and gives officers their duties.

An account of the authority, new or closed before, takes a second officer: the page proposes it.
"""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace.accounts import actions
from gi_trace.accounts.models import Account, Duty, Role, names_of_actors
from gi_trace.accounts.officers import has_duty
from gi_trace.database import db
from gi_trace.proposals.models import open_proposals
from gi_trace.proposals.officers import propose_officer, propose_officer_again
from gi_trace.record.actions import subject_of
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow, rows_about
from gi_trace.registry.models import Area, Party, find_area, find_party
from gi_trace.web.accounts.passwords import password_page
from gi_trace.web.act_page import Follows, act_page, answer_here, done_at
from gi_trace.web.authority import bp
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import AtMost, ChoicesField, needed
from gi_trace.web.guards import done_by, me
from gi_trace.web.lists.accounts import account_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import choices_of

DAILY = (Acted.ACCOUNT_SIGNED_IN, Acted.ACCOUNT_SIGNED_OUT)
FROM_CONSOLE = (Acted.ACCOUNT_OPENED, Acted.ACCOUNT_REOPENED, Acted.ACCOUNT_RESET)


def duties_field() -> ChoicesField:
    return ChoicesField(_("职责"), choices=choices_of(Duty))


class DutiesForm(FlaskForm):
    duties = duties_field()


class AgainForm(FlaskForm):
    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(500)])


class AccountForm(FlaskForm):
    role = RadioField(_("角色"), [needed(_("请选择角色。"))], choices=choices_of(Role))
    name = StringField(_("姓名"), [needed(), AtMost(60)])
    sign_in_name = StringField(_("登录名"), [needed(), AtMost(40)])
    uscc = StringField(_("企业的统一社会信用代码"), [Optional(), AtMost(30)])
    manages_clerks = BooleanField(_("可以管理本企业的其他账号"))
    area = StringField(_("村的名称或代码"), [Optional(), AtMost(60)])
    badge_number = StringField(_("执法证号"), [Optional(), AtMost(40)])
    duties = duties_field()
    reason = TextAreaField(_("理由"), [Optional(), AtMost(500)])

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


@list_page(bp, "/accounts")
def list_accounts() -> Listing:
    return account_listing(
        page=lambda account: url_for(".show_account", account_id=account.id),
        template="authority/list_accounts.html",
        shown={"from_console": _from_console()},
    )


def _from_console() -> list[tuple[RecordRow, Account]]:
    """The last accounts that nobody in a browser opened or gave a password, with what the record says of it."""
    query = select(RecordRow).filter_by(by="service").where(RecordRow.act.in_(FROM_CONSOLE))
    rows = db.session.scalars(query.order_by(RecordRow.number.desc()).limit(5))
    return [(row, db.session.get_one(Account, int(row.subject.partition(":")[2]))) for row in rows]


@bp.route("/accounts/new", methods=["GET", "POST"])
@done_by(Duty.HANDLER, Duty.ADMINISTRATOR)
def open_account() -> ResponseReturnValue:
    form = AccountForm()

    def act() -> Follows:
        names = form.sign_in_name.data, form.name.data
        role, badge_number = Role(form.role.data), form.badge_number.data or None
        if role is Role.AUTHORITY:
            duties, reason = [Duty(duty) for duty in form.duties.data], form.reason.data or ""
            return proposed(
                propose_officer(*names, duties, badge_number=badge_number, reason=reason, by=me())
            )
        opened = actions.open_account(
            *names,
            role,
            by=me(),
            party_id=form.found_party.id if form.found_party else None,
            area_id=form.found_area.id if form.found_area else None,
            badge_number=badge_number,
            manages_clerks=form.found_party is not None and form.manages_clerks.data,
        )
        return password_page(*opened, back=url_for(".list_accounts"))

    return answer_here(form, act, lambda: render_template("authority/open_account.html", form=form))


def get_account(account_id: int) -> Account:
    return db.get_or_404(Account, account_id)


def at_account(account: Account) -> str:
    return url_for(".show_account", account_id=account.id)


@dataclass(frozen=True)
class Happened:
    """What the record says of an account: once more by whom it was proposed, and which duties it had from then on."""

    row: RecordRow

    @property
    def proposed_by(self) -> str:
        return f"account:{self.row.facts['proposed_by']}" if "proposed_by" in self.row.facts else ""

    @property
    def duties(self) -> list[Duty]:
        return [Duty(duty) for duty in self.row.facts.get("after", self.row.facts.get("duties", []))]


@bp.get("/accounts/<int:account_id>")
def show_account(account_id: int) -> ResponseReturnValue:
    account = get_account(account_id)
    history = [Happened(row) for row in rows_about(subject_of(account)) if row.act not in DAILY]
    return render_template(
        "authority/show_account.html",
        account=account,
        duties=[Duty(duty) for duty in account.duties],
        history=history,
        names=names_of_actors(actor for one in history for actor in (one.row.by, one.proposed_by)),
        is_administrator=has_duty(me(), Duty.ADMINISTRATOR),
        proposals=open_proposals(subject_of(account)),
    )


@bp.post("/accounts/<int:account_id>/reset")
@done_by(Duty.HANDLER, Duty.ADMINISTRATOR)
def reset_account(account_id: int) -> ResponseReturnValue:
    account = get_account(account_id)
    return password_page(account, actions.reset_password(account, by=me()), back=at_account(account))


@bp.post("/accounts/<int:account_id>/close")
@done_by(Duty.HANDLER, Duty.ADMINISTRATOR)
def close_account(account_id: int) -> ResponseReturnValue:
    account = get_account(account_id)
    actions.close_account(account, by=me())
    return done_at(at_account(account), _("账号已停用。"))


@act_page(
    bp,
    "/accounts/<int:account_id>/open",
    AgainForm,
    _("重新开通账号"),
    on=get_account,
    rows=lambda account: [(_("姓名"), account.name), (_("登录名"), account.sign_in_name)],
    back=at_account,
)
@done_by(Duty.HANDLER, Duty.ADMINISTRATOR)
def open_account_again(account: Account, form: AgainForm) -> Follows:
    if account.role is Role.AUTHORITY:
        return proposed(propose_officer_again(account, reason=form.reason.data, by=me()))
    return password_page(account, actions.open_again(account, by=me()), back=at_account(account))


@act_page(
    bp,
    "/accounts/<int:account_id>/duties",
    lambda account: DutiesForm(data={"duties": account.duties}),
    _("更改职责"),
    on=get_account,
    rows=lambda account: [(_("姓名"), account.name), (_("登录名"), account.sign_in_name)],
    back=at_account,
    done=_("职责已更改。"),
)
@done_by(Duty.ADMINISTRATOR)
def change_duties(account: Account, form: DutiesForm) -> None:
    actions.set_duties(account, [Duty(duty) for duty in form.duties.data], by=me())
