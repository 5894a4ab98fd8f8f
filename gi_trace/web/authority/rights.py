"""One authorisation: its state, its history and its changes."""

from itertools import count
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from wtforms import DateField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.proposals.models import open_proposals
from gi_trace.record.actions import subject_of
from gi_trace.registry import actions
from gi_trace.registry.finding import is_in_state, party_is_called, right_is_numbered
from gi_trace.registry.mending_rules import is_revocable
from gi_trace.registry.models import Authorisation, Party, Product
from gi_trace.registry.right_proposals import propose_change
from gi_trace.registry.rules import (
    ChangeKind,
    NoticeMissing,
    RightChange,
    RightState,
    check_change_possible,
    held_since,
    lost_for_cause,
    may_change,
    needs_second_officer,
    state_on,
    with_change,
)
from gi_trace.web.act_page import Follows, Rows, Stakes, act_page, answer_to
from gi_trace.web.authority import bp
from gi_trace.web.authority.foresight import stakes_of
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import needed, notice_field, reason_field
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.filters import (
    basis_filter,
    expiry_filter,
    product_filter,
    text_filter,
    town_filter,
    worded,
)
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import day_text, label, right_kind

DECISIONS = (ChangeKind.SUSPENDED, ChangeKind.RESUMED, ChangeKind.WITHDRAWN, ChangeKind.ENDED)
WITH_CAUSE = (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN)
FOR_THE_PARTY = _("写明依据和事实，例如决定书文号。存入存证记录；企业会看到，公众看不到。")


class RightChangeForm(LeavingForm):
    """Why a right changes: for the file, and for the public."""

    leaves = ("reason", "notice")

    reason = reason_field(FOR_THE_PARTY)
    notice = notice_field(Optional())

    @property
    def is_for_cause(self) -> bool:
        return False


class CausedChangeForm(LeavingForm):
    """A suspension or withdrawal says whether the enterprise was at fault: the public page differs by it."""

    leaves = ("reason", "notice")

    for_cause = RadioField(
        _("是否因企业的过错"),
        [needed(_("请选择。"))],
        choices=[
            SelectChoice("yes", _("是，因违规或违法")),
            SelectChoice("no", _("否，例如企业自己申请")),
        ],
    )
    reason = reason_field(FOR_THE_PARTY)
    notice = notice_field()

    @property
    def is_for_cause(self) -> bool:
        return self.for_cause.data == "yes"

    def validate_notice(self, field: TextAreaField) -> None:
        if self.is_for_cause and not field.data:
            raise ValidationError(gettext(NoticeMissing.text))


class ExtensionForm(FlaskForm):
    ends_on = DateField(_("新的截止日"), [Optional()], description=_("只能改得更晚；留空表示长期。"))


def at_right(right: Authorisation) -> str:
    return url_for(".show_authorisation", right_id=right.id)


def get_authorisation(right_id: int) -> Authorisation:
    return db.get_or_404(Authorisation, right_id)


@list_page(bp, "/authorisations")
def list_authorisations() -> Listing:
    """Every right. Its file has the columns of an announcement's annex first, in its order."""
    serials = count(1)
    return Listing(
        name="rights",
        title=_("用标授权"),
        query=select(Authorisation).join(Authorisation.party).join(Authorisation.product),
        headings=[
            Heading("serial", _("序号"), lambda _right: next(serials), only_in_file=True),
            Heading("product", _("地理标志产品名称"), lambda right: right.product.name, Product.name),
            Heading("name", _("企业名称"), _right_link, Party.name, "wide"),
            Heading("address", _("企业地址"), lambda right: right.party.address, only_in_file=True),
            Heading("head", _("法定代表人"), _representative, only_in_file=True),
            Heading("uscc", _("社会信用代码"), lambda right: right.party.uscc, Party.uscc, "code"),
            Heading("basis", _("保护依据"), lambda right: label(right.basis), Authorisation.basis),
            Heading("number", _("公告号/注册号"), lambda right: right.number, Authorisation.number),
            Heading("starts_on", _("授权起始日"), lambda right: right.starts_on, Authorisation.starts_on),
            Heading("ends_on", _("授权截止日"), _last_day, Authorisation.ends_on),
            Heading("town", _("所在镇"), lambda right: right.party.area.name if right.party.area else ""),
            Heading("state", _("状态"), _state_tag),
        ],
        order=[Party.name, Authorisation.id],
        filters=[
            text_filter(_("企业、信用代码或公告号"), _right_is_called),
            product_filter(lambda product: Authorisation.product_id == product.id),
            basis_filter(lambda basis: Authorisation.basis == basis),
            town_filter(Party.area_id),
            Filter(
                "state",
                _("状态"),
                lambda state: is_in_state(RightState(state), clock.today()),
                choices=worded(RightState),
            ),
            expiry_filter(Authorisation.ends_on),
        ],
        loaded=[
            contains_eager(Authorisation.product),
            contains_eager(Authorisation.party).options(joinedload(Party.area), selectinload(Party.entries)),
            selectinload(Authorisation.changes),
        ],
        empty=_("还没有用标授权。"),
    )


def _right_is_called(asked: str) -> ColumnElement[bool]:
    return right_is_numbered(asked) | party_is_called(asked)


def _right_link(right: Authorisation) -> Link:
    return Link(right.party.name, at_right(right))


def _representative(right: Authorisation) -> str:
    entries = right.party.entries
    return entries[-1].representative if entries else ""


def _last_day(right: Authorisation) -> Any:
    return right.ends_on or _("长期")


def _state_tag(right: Authorisation) -> Tag:
    state = state_on(right.right, clock.today())
    return Tag(label(state), right_kind(state))


@bp.get("/authorisations/<int:right_id>")
def show_authorisation(right_id: int) -> ResponseReturnValue:
    right = get_authorisation(right_id)
    today = clock.today()
    state = state_on(right.right, today)
    return render_template(
        "authority/show_authorisation.html",
        right=right,
        state=state,
        allowed=[kind for kind in DECISIONS if may_change(right.right, kind, today)],
        may_extend=right.ends_on and may_change(right.right, ChangeKind.EXTENDED, today),
        may_correct=held_since(right.right, today) is None,
        revocable=[each for each in right.changes if is_revocable(right.right, each.change)],
        proposals=open_proposals(subject_of(right)),
    )


def _rows(right: Authorisation) -> Rows:
    return [(_("企业"), right.party.name), (_("授权"), f"{right.product.name} · {label(right.basis)}")]


@bp.route("/authorisations/<int:right_id>/changes/<kind>", methods=["GET", "POST"])
def change_authorisation(right_id: int, kind: str) -> ResponseReturnValue:
    if kind not in DECISIONS:
        raise NotFound
    right, decision, today = get_authorisation(right_id), ChangeKind(kind), clock.today()
    state = state_on(right.right, today)
    check_change_possible(right.right, decision, today)
    form = CausedChangeForm() if decision in WITH_CAUSE else RightChangeForm()

    def act() -> Follows:
        told = {
            "reason": form.reason.data,
            "notice": form.notice.data,
            "for_cause": form.is_for_cause,
        }
        if needs_second_officer(right.right, decision, today, for_cause=form.is_for_cause):
            return proposed(propose_change(right, decision, **told, by=me()))
        actions.change_authorisation(right, decision, **told, by=me())
        flash(_("已办理。相关标识的查验页已经随之改变。"))
        return None

    def stakes() -> Stakes:
        change = RightChange(decision, today, form.is_for_cause, form.notice.data)
        return stakes_of(right, right=with_change(right.right, change))

    return answer_to(
        form,
        label(decision.act),
        act,
        rows=[*_rows(right), (_("现在的状态"), label(state))],
        back=at_right(right),
        notes=_consequences(decision, at_fault=lost_for_cause(right.right, today) is not None),
        stakes=stakes,
    )


@act_page(
    bp,
    "/authorisations/<int:right_id>/extend",
    ExtensionForm,
    _("延长期限"),
    on=get_authorisation,
    rows=lambda right: [*_rows(right), (_("现在的截止日"), day_text(right.ends_on))],
    back=at_right,
    done=_("截止日已更改。"),
)
def extend_authorisation(right: Authorisation, form: ExtensionForm) -> None:
    actions.extend_authorisation(right, form.ends_on.data, by=me())


def _consequences(kind: ChangeKind, *, at_fault: bool) -> list[Any]:
    """What the change brings about from today on."""
    if kind is ChangeKind.RESUMED:
        return [
            _("须由另一名同事复核，复核同意后才恢复。"),
            _("同意的当天起，企业可以重新登记批次、下单、下载和启用标识。"),
            _("因这次暂停而改变的查验页恢复有效，并写明暂停的起止日。"),
        ]
    notes = [_("今天起，企业不能再登记批次、下单、下载和启用标识。")]
    if kind is ChangeKind.SUSPENDED:
        notes += [_("您确认后立即先行暂停：标识的查验页写明“已冻结，正在核查”，直到另一名同事复核。")]
    if at_fault:
        notes.append(_("这项授权已因故暂停：须由另一名同事复核；以前的标识仍写明用标权因故暂停。"))
    elif kind in WITH_CAUSE:
        notes += [
            _("因企业过错的：须由另一名同事复核；同意后，以前所有标识的查验页立即写明用标权因故暂停或撤销。"),
            _("不因过错的：以前的标识仍然有效，页面上只写一行说明。"),
        ]
    else:
        notes.append(_("以前的标识仍然有效，页面上只写一行说明。"))
    if kind in (ChangeKind.WITHDRAWN, ChangeKind.ENDED):
        notes.append(_("不能恢复；以后要用标，须重新授权。"))
    return notes
