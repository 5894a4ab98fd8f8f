"""A lead with its clocks; pausing them; complaints; and who told us. Shared by both faces."""

from functools import partial

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import Role, names_of_actors
from gi_trace.casework.actions import complaints, goods, informants, leads
from gi_trace.casework.actions.informants import works_on
from gi_trace.casework.actions.leads import LeadChange
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.dossier import photos_of
from gi_trace.casework.models import (
    Complaint,
    Informant,
    Lead,
    LeadState,
    MediationOutcome,
    PauseKind,
    case_of_lead,
    goods_waiting,
)
from gi_trace.casework.rules.goods import GoodsOutcome
from gi_trace.casework.rules.leads import InformantHidden
from gi_trace.casework.rules.open_acts import (
    LeadAct,
    complaint_acts,
    goods_acts,
    informant_acts,
    lead_acts,
)
from gi_trace.database import db
from gi_trace.offices.models import transfers_of
from gi_trace.patrol.models import FindingVersion
from gi_trace.record.actions import subject_of
from gi_trace.record.models import rows_about
from gi_trace.web.act_page import Follows, Rows, act_page, done_at
from gi_trace.web.casework.fields import MatterForm, ReasonForm, get_lead
from gi_trace.web.casework.photo_files import evidence_file
from gi_trace.web.forms import AtMost, DayForm, needed
from gi_trace.web.guards import me
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.words import choices_of

pages = SharedPages("leads")


class PauseForm(FlaskForm):
    kind = RadioField(_("原因"), [needed(_("请选择原因。"))], choices=choices_of(PauseKind))
    starts_on = DateField(_("开始日期"), [needed()], default=clock.today)
    note = StringField(_("机构或样品"), [Optional(), AtMost(200)])


class GoodsForm(FlaskForm):
    finding = SelectField(_("登记保存的物品"), [needed(_("没有待处理的先行登记保存。"))])
    outcome = RadioField(_("处理决定"), [needed(_("请选择处理决定。"))], choices=choices_of(GoodsOutcome))
    on = DateField(_("处理日期"), [needed()], default=clock.today)
    text = TextAreaField(_("理由和去向"), [needed(), AtMost(1000)])

    def __init__(self, lead: Lead) -> None:
        super().__init__()
        self.finding.choices = [SelectChoice(one.id, _goods_name(one.latest)) for one in goods_waiting(lead)]


def _goods_name(found: FindingVersion) -> str:
    name = found.label.get("product_name") or found.offence.text
    return f"{found.measure_number} {name} {found.quantity}{found.quantity_unit}".strip()


class MediationForm(FlaskForm):
    outcome = RadioField(_("结果"), [needed(_("请选择结果。"))], choices=choices_of(MediationOutcome))
    agreement = TextAreaField(_("协议内容"), [Optional(), AtMost(1000)])
    confirmed_on = DateField(_("双方确认的日期"), [Optional()])


class ToldForm(FlaskForm):
    how = TextAreaField(_("告知的方式和内容"), [needed(), AtMost(200)])


@pages.get("/leads/<int:lead_id>")
def show_lead(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    history = rows_about(subject_of(lead))
    on_it, is_office = works_on(lead, me()), me().role == Role.AUTHORITY
    return render_template(
        "components/lead.html",
        lead=lead,
        case=case_of_lead(lead),
        clocks=timekeeper().of_lead(lead),
        findings=lead.findings,
        transfers=transfers_of(lead),
        history=history,
        names=names_of_actors(row.by for row in history),
        is_office=is_office,
        acts=lead_acts(
            is_open=lead.state is LeadState.OPEN,
            is_paused=any(pause.ends_on is None for pause in lead.pauses),
            is_extended=lead.extended_on is not None,
            is_complaint=lead.complaint is not None,
            can_be_assigned=lead.can_be_assigned,
            is_office=is_office,
            on_it=on_it,
        ),
        complaint_acts=_complaint_acts(lead.complaint, may_act=is_office or on_it),
        goods_acts=goods_acts(waiting=bool(goods_waiting(lead)), may_act=is_office or on_it),
        informant_acts=_informant_acts(lead.informant, on_it=on_it),
    )


def _complaint_acts(complaint: Complaint | None, *, may_act: bool) -> list[LeadAct]:
    if complaint is None:
        return []
    days = {"accepted": complaint.accepted_on, "refused": complaint.refused_on, "ended": complaint.ended_on}
    return complaint_acts(**{name: day is not None for name, day in days.items()}, may_act=may_act)


def _informant_acts(informant: Informant | None, *, on_it: bool) -> list[LeadAct]:
    return informant_acts(told=informant.told_on is not None, on_it=on_it) if informant else []


@pages.get("/leads/<int:lead_id>/photos/<photo_id>")
def show_lead_photo(lead_id: int, photo_id: str) -> ResponseReturnValue:
    """A photo of the lead's findings and visits; each look is recorded."""
    photo = next((one for one in photos_of(get_lead(lead_id)) if one.id == photo_id), None)
    return evidence_file(photo)


def lead_rows(lead: Lead) -> Rows:
    return [(_("线索"), f"{lead.number} {lead.title}")]


def at_lead(lead: Lead) -> str:
    return url_for(".show_lead", lead_id=lead.id)


act_on_lead = partial(act_page, pages, on=get_lead, rows=lead_rows, back=at_lead)


def _matter_form(lead: Lead) -> MatterForm:
    names = ("what", "respondent_name", "respondent_code", "respondent_address")
    known = {name: getattr(lead, name) for name in names}
    return MatterForm(**known, product=str(lead.product_id or ""), value=lead.value_fen)


@act_on_lead("/leads/<int:lead_id>/amend", _matter_form, _("补充线索"), done=_("线索已补充。"))
def amend_lead(lead: Lead, form: MatterForm) -> None:
    leads.amend_lead(lead, LeadChange(**form.matter()), by=me())


@act_on_lead("/leads/<int:lead_id>/pause", PauseForm, _("暂停计时"), done=_("检验或鉴定的时间不计入期限。"))
def pause_lead(lead: Lead, form: PauseForm) -> None:
    kind, note = PauseKind(form.kind.data), form.note.data or ""
    leads.pause_clock(lead, kind, form.starts_on.data, note=note, by=me())


@act_on_lead("/leads/<int:lead_id>/resume", DayForm, _("检验或鉴定结束"), done=_("期限继续计算。"))
def resume_lead(lead: Lead, form: DayForm) -> None:
    leads.resume_clock(lead, form.on.data, by=me())


@act_on_lead(
    "/leads/<int:lead_id>/goods",
    lambda lead: GoodsForm(lead),
    _("登记保存物品的处理"),
    done=_("处理决定已登记，七日期限结束计算。"),
)
def settle_goods(lead: Lead, form: GoodsForm) -> None:
    finding = next(one for one in goods_waiting(lead) if one.id == form.finding.data)
    outcome = GoodsOutcome(form.outcome.data)
    goods.settle_goods(lead, finding, outcome, on=form.on.data, text=form.text.data, by=me())


@pages.post("/leads/<int:lead_id>/accept")
def accept_complaint(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    complaints.accept_complaint(lead, by=me())
    return done_at(at_lead(lead), _("投诉已受理，开始调解。"))


@act_on_lead("/leads/<int:lead_id>/refuse", ReasonForm, _("不受理投诉"), done=_("已登记不受理。"))
def refuse_complaint(lead: Lead, form: ReasonForm) -> None:
    complaints.refuse_complaint(lead, reason=form.reason.data, by=me())


@act_on_lead("/leads/<int:lead_id>/mediation", MediationForm, _("登记调解结果"), done=_("调解结果已登记。"))
def end_mediation(lead: Lead, form: MediationForm) -> None:
    outcome, agreement = MediationOutcome(form.outcome.data), form.agreement.data or ""
    confirmed_on = form.confirmed_on.data
    complaints.end_mediation(lead, outcome, agreement=agreement, confirmed_on=confirmed_on, by=me())


def _get_lead_of_informant(lead_id: int) -> Lead:
    """Whoever is turned away at the door wanted to see it, too; of a form that is filled in, before any rehearsal of it."""
    lead = db.get_or_404(Lead, lead_id)
    asks = request.method == "POST" and request.form.get("answers") != "change"
    if not works_on(lead, me()) and (asks or me().role is not Role.AUTHORITY):
        informants.note_refused_reveal(lead, request.form.get("reason", "")[:1000], by=me())
        raise InformantHidden
    return lead


@act_page(
    pages,
    "/leads/<int:lead_id>/informant",
    ReasonForm,
    _("查看来信人身份"),
    on=_get_lead_of_informant,
    rows=lead_rows,
    back=at_lead,
    lead=_("来信人身份保密。您的这次查看会连同理由记入存证记录。"),
)
def reveal_informant(lead: Lead, form: ReasonForm) -> Follows:
    informant = informants.reveal_informant(lead, reason=form.reason.data, by=me())
    return lambda: make_response(render_template("components/informant.html", lead=lead, informant=informant))


@act_on_lead("/leads/<int:lead_id>/told", ToldForm, _("登记已告知来信人"), done=_("已登记告知。"))
def tell_informant(lead: Lead, form: ToldForm) -> None:
    informants.tell_informant(lead, how=form.how.data, by=me())
