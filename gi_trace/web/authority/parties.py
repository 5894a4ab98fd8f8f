"""Enterprises on the roll, one by one: entered, called otherwise from a day on, and granted rights by hand."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import accounts_of_party
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.registry import actions, party_actions
from gi_trace.registry.mending_rules import Announcement, Terms
from gi_trace.registry.models import Party
from gi_trace.registry.parties import has_ended, record_numbers, successions_of
from gi_trace.registry.party_actions import PartyFacts, facts_now
from gi_trace.registry.party_rules import NameAlike
from gi_trace.registry.right_proposals import propose_grant
from gi_trace.registry.rolls.columns import name_of
from gi_trace.registry.rules import state_on
from gi_trace.web.act_page import Follows, Rows, act_page, answer_here
from gi_trace.web.authority import bp
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import AtMost, GroundField, TownField, needed, sound_uscc, stripped
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm


class PartyForm(FlaskForm):
    """Why a name nearly that of another is right is asked only of whoever gave one."""

    asks_why = False
    name = StringField(_("企业名称"), [needed(), AtMost(120)], filters=[lambda text: text and name_of(text)])
    uscc = StringField(_("统一社会信用代码"), [needed(), AtMost(40), sound_uscc])
    area = TownField(_("所在镇"), [Optional()])
    address = StringField(_("地址"), [Optional(), AtMost(200)], filters=[stripped])
    representative = StringField(_("法定代表人或经营者"), [Optional(), AtMost(60)], filters=[stripped])
    why_alike = TextAreaField(_("为何确是另一家企业"), [AtMost(500)], filters=[stripped])

    @property
    def facts(self) -> PartyFacts:
        area, told = self.area.area, (self.address.data, self.representative.data)
        return PartyFacts(self.name.data, self.uscc.data, area, *told)

    @contextmanager
    def asking_why(self) -> Iterator[None]:
        """A name that needs a reason brings up the field for it."""
        try:
            yield
        except NameAlike:
            self.asks_why = True
            raise


class ChangePartyForm(LeavingForm, PartyForm):
    leaves = ("reason",)

    from_day = DateField(
        _("从哪一天起"), [needed()], default=clock.today, description=_("登记机关核准的日期，不能晚于今天。")
    )
    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(500)])
    document = StringField(
        _("依据文件"),
        [Optional(), AtMost(120)],
        filters=[stripped],
        description=_("例如变更登记通知书的文号。"),
    )


def announcement_says_field() -> TextAreaField:
    return TextAreaField(
        _("公告中写明起始日的原文"),
        [Optional(), AtMost(500)],
        filters=[stripped],
        description=_("只在起始日早于公告日期时填写；复核的同事和企业都看得到。"),
    )


class GrantForm(LeavingForm):
    leaves = ("reason",)

    ground = GroundField(
        _("产品和保护依据"), [needed()], description=_("一种产品按两种依据授权的，分别办理。")
    )
    number = StringField(
        _("公告号或注册号"),
        [needed(), AtMost(60)],
        filters=[stripped],
        description=_("地理标志产品填批准公告号；证明商标填商标注册号。"),
    )
    starts_on = DateField(
        _("起始日"),
        [needed()],
        description=_(
            "早于今天的属于补录，须由另一名同事复核；这家企业对该产品的用标权曾因故失去的也须复核。"
        ),
    )
    ends_on = DateField(_("截止日"), [Optional()], description=_("没有截止日的留空。"))
    announcement = StringField(
        _("依据的公告（须复核时）"),
        [Optional(), AtMost(200)],
        filters=[stripped],
        description=_("名称和文号。"),
    )
    announced_on = DateField(_("公告日期（须复核时）"), [Optional()])
    says = announcement_says_field()
    reason = TextAreaField(_("理由（须复核时）"), [Optional(), AtMost(500)], filters=[stripped])

    @property
    def terms(self) -> Terms:
        _product, basis = self.ground.chosen
        return Terms(basis, self.number.data, self.starts_on.data, self.ends_on.data)

    @property
    def rests_on(self) -> Announcement | None:
        title, on = self.announcement.data, self.announced_on.data
        return Announcement(title, on, self.says.data) if title and on else None


@bp.route("/parties/new", methods=["GET", "POST"])
def enter_party() -> ResponseReturnValue:
    form = PartyForm()

    def act() -> str:
        with form.asking_why():
            return at_party(
                party_actions.enter_party(**vars(form.facts), why_alike=form.why_alike.data, by=me())
            )

    done = _("企业已登记。下一步：授予用标权。")
    return answer_here(form, act, lambda: render_template("authority/enter_party.html", form=form), done=done)


def get_party(party_id: int) -> Party:
    party = db.get_or_404(Party, party_id)
    if party.uscc is None:  # growers are no mark users
        raise NotFound
    return party


def at_party(party: Party) -> str:
    return url_for(".show_party", party_id=party.id)


@bp.get("/parties/<int:party_id>")
def show_party(party_id: int) -> ResponseReturnValue:
    party = get_party(party_id)
    rights = [(right, state_on(right.right, clock.today())) for right in party.authorisations]
    return render_template(
        "authority/show_party.html",
        party=party,
        rights=rights,
        accounts=accounts_of_party(party.id),
        record_numbers=record_numbers(party),
        successions=successions_of(party),
        ended=has_ended(party),
    )


@bp.route("/parties/<int:party_id>/change", methods=["GET", "POST"])
def change_party(party_id: int) -> ResponseReturnValue:
    party = get_party(party_id)
    now = facts_now(party)
    form = ChangePartyForm(data=vars(now) | {"area": now.area.code if now.area else ""})

    def act() -> str:
        told = {"reason": form.reason.data, "document": form.document.data, "why_alike": form.why_alike.data}
        with form.asking_why():
            party_actions.change_party(party, form.facts, from_day=form.from_day.data, **told, by=me())
        return at_party(party)

    def page() -> str:
        return render_template("authority/change_party.html", form=form, party=party)

    return answer_here(form, act, page, done=_("企业资料已更改。"))


def _rows(party: Party) -> Rows:
    return [(_("企业"), party.name), (_("统一社会信用代码"), party.uscc)]


@act_page(
    bp,
    "/parties/<int:party_id>/authorisations/new",
    GrantForm,
    _("授予用标权"),
    on=get_party,
    rows=_rows,
    back=at_party,
)
def grant_authorisation(party: Party, form: GrantForm) -> Follows:
    terms, (product, basis) = form.terms, form.ground.chosen
    if actions.takes_two_to_grant(party, product, terms.starts_on):
        words = {"reason": form.reason.data, "by": me()}
        return proposed(propose_grant(party, product, terms, form.rests_on, **words))
    right = actions.grant_authorisation(
        party,
        product,
        basis,
        number=terms.number,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        announcement=form.rests_on,
        by=me(),
    )
    flash(_("用标权已授予。"))
    return url_for(".show_authorisation", right_id=right.id)
