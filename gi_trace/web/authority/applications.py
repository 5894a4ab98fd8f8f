"""Applications for the mark, from the firm's papers to the announcement."""

from datetime import date, timedelta
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.applications import actions
from gi_trace.applications.clocks import is_correction_overdue
from gi_trace.applications.late_announcements import propose_announcement
from gi_trace.applications.models import Application, firm_of
from gi_trace.applications.rules import (
    OF_OFFICE,
    ApplicationKind,
    DeciderChecked,
    Move,
    check_decider,
    check_move,
    moves_from,
)
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.proposals.models import open_proposals
from gi_trace.record.actions import subject_of
from gi_trace.registry.actions import rights_beside, takes_two_to_grant
from gi_trace.registry.mending_rules import Announcement
from gi_trace.registry.rules import last_day
from gi_trace.web.act_page import Follows, answer_to
from gi_trace.web.applications.pages import (
    application_page,
    application_rows,
    send_paper,
    what_to_look_at,
)
from gi_trace.web.authority import bp
from gi_trace.web.authority.parties import announcement_says_field
from gi_trace.web.authority.proposals import at_proposal, proposed
from gi_trace.web.forms import AtMost, needed, stripped
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.applications import application_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label


class OfficeStepForm(LeavingForm):
    """What the applicant will read, and what stays in the office."""

    leaves = ("words",)

    words = TextAreaField(_("告诉申请人"), [needed(), AtMost(2000)])
    note = TextAreaField(
        _("内部备注"), [Optional(), AtMost(2000)], filters=[stripped], description=_("申请人看不到。")
    )


class CorrectionAskedForm(OfficeStepForm):
    words = TextAreaField(
        _("要补正什么"),
        [needed(), AtMost(2000)],
        description=_("逐项写明，申请人照此补正。补正期间，核查期限停止计算。"),
    )


class CheckedForm(OfficeStepForm):
    words = TextAreaField(
        _("核查结论"), [needed(), AtMost(2000)], description=_("材料、生产现场、产地是否相符；申请人看得到。")
    )


class ApprovalForm(OfficeStepForm):
    words = TextAreaField(_("决定意见"), [needed(), AtMost(2000)], description=_("申请人看得到。"))


class TurnedAwayForm(OfficeStepForm):
    words = TextAreaField(
        _("不予受理的理由"),
        [needed(), AtMost(2000)],
        description=_("例如不是企业所递、与地理标志无关；申请人看得到，可以重新递交。"),
    )


class RefusalForm(OfficeStepForm):
    words = TextAreaField(
        _("不予同意的理由"), [needed(), AtMost(2000)], description=_("写明事实和依据；申请人看得到。")
    )


class AnnouncementForm(FlaskForm):
    number = StringField(_("公告号或注册号"), [needed(), AtMost(60)], filters=[stripped])
    announced_on = DateField(_("公告日期"), [needed()], default=clock.today)
    starts_on = DateField(
        _("起始日"),
        [needed()],
        description=_("早于今天的属于补录，须由另一名同事复核。"),
    )
    ends_on = DateField(_("截止日"), [Optional()], description=_("没有截止日的留空。"))
    says = announcement_says_field()
    why_alike = TextAreaField(
        _("为何确是另一家企业"),
        [Optional(), AtMost(500)],
        filters=[stripped],
        description=_("只在名称与名册上另一家企业相同或相近时填写。"),
    )
    note = TextAreaField(
        _("内部备注"), [Optional(), AtMost(2000)], filters=[stripped], description=_("申请人看不到。")
    )

    @property
    def announcement(self) -> Announcement:
        return Announcement(
            self.number.data or "", self.announced_on.data, self.says.data if self.says else ""
        )


class NewNameForm(AnnouncementForm):
    """The new name begins on the day that the application said."""

    starts_on = ends_on = says = None


FORMS: dict[Move, type[FlaskForm]] = {
    Move.ASK_CORRECTION: CorrectionAskedForm,
    Move.CHECK: CheckedForm,
    Move.TURN_AWAY: TurnedAwayForm,
    Move.APPROVE: ApprovalForm,
    Move.REFUSE: RefusalForm,
}


def get_application(application_id: int) -> Application:
    return db.get_or_404(Application, application_id)


def _at(application: Application) -> str:
    return url_for(".show_application", application_id=application.id)


@list_page(bp, "/applications")
def list_applications() -> Listing:
    return application_listing(default="open")


@bp.get("/applications/<int:application_id>")
def show_application(application_id: int) -> ResponseReturnValue:
    application = get_application(application_id)
    return application_page(
        application,
        _offered(application),
        where={"application_id": application_id},
        back=url_for(".list_applications"),
        is_office=True,
        links=_links(application),
    )


@bp.get("/applications/<int:application_id>/papers/<int:paper_id>")
def show_application_paper(application_id: int, paper_id: int) -> ResponseReturnValue:
    return send_paper(get_application(application_id), paper_id)


@bp.route("/applications/<int:application_id>/<move>", methods=["GET", "POST"])
def take_application_step(application_id: int, move: str) -> ResponseReturnValue:
    application = get_application(application_id)
    if move not in OF_OFFICE:
        raise NotFound
    step = Move(move)
    check_move(application.stage, step, correction_overdue=is_correction_overdue(application))
    form = _announcement_form(application) if step is Move.ANNOUNCE else FORMS[step]()

    def act() -> Follows:
        if isinstance(form, AnnouncementForm):
            return _announce(application, form)
        actions.take_office_step(application, step, words=form.words.data, note=form.note.data, by=me())
        return _done(step)

    return answer_to(
        form,
        label(step),
        act,
        rows=application_rows(application),
        notes=what_to_look_at(application),
        back=_at(application),
    )


def _announce(application: Application, form: AnnouncementForm) -> Follows:
    """What begins before today, or beside a right lost for cause, is proposed; anything else is done."""
    told = {"why_alike": form.why_alike.data, "note": form.note.data, "by": me()}
    if form.starts_on:
        told |= {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data}
        if takes_two_to_grant(firm_of(application), application.product, form.starts_on.data):
            return proposed(propose_announcement(application, form.announcement, **told))
    actions.enter_announcement(application, form.announcement, **told)
    return _done(Move.ANNOUNCE)


def _done(step: Move) -> Follows:
    flash(_("已登记：{step}").format(step=label(step)))
    return None


def _offered(application: Application) -> list[Move]:
    overdue = is_correction_overdue(application)
    moves = [move for move in moves_from(application.stage, correction_overdue=overdue) if move in OF_OFFICE]
    return [move for move in moves if _may_decide(application, move)]


def _may_decide(application: Application, move: Move) -> bool:
    checked = application.last(Move.CHECK)
    try:
        check_decider(move, checked_by=checked.by_id if checked else None, by=me().id)
    except DeciderChecked:
        return False
    return True


def _announcement_form(application: Application) -> FlaskForm:
    if application.kind is ApplicationKind.NEW_NAME:
        return NewNameForm()
    return AnnouncementForm(starts_on=_first_day(application))


def _first_day(application: Application) -> date:
    """Of a renewal the day after the right that it follows; never a day gone by."""
    party = firm_of(application)
    rights = rights_beside(party, application.product, application.basis) if party else []
    ends = [end for right in rights if (end := last_day(right.right))]
    return max([clock.today(), *(end + timedelta(days=1) for end in ends)])


def _links(application: Application) -> list[tuple[str, Any]]:
    party, links = firm_of(application), []
    for one in open_proposals(subject_of(application)):
        links.append((at_proposal(one), _("待复核：{kind}").format(kind=label(one.kind))))
    if party:
        links.append((url_for(".show_party", party_id=party.id), _("名册：{name}").format(name=party.name)))
    if application.right:
        links.append((url_for(".show_authorisation", right_id=application.right.id), _("用标授权")))
    return links
