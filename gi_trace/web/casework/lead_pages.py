"""A lead with its clocks; pausing them; complaints; and who told us. Shared by both faces."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import Role, names_of_actors
from gi_trace.casework.actions import complaints, informants, leads
from gi_trace.casework.actions.informants import works_on
from gi_trace.casework.actions.leads import LeadChange
from gi_trace.casework.clocks_of import clocks_of_lead
from gi_trace.casework.models import Lead, MediationOutcome, PauseKind, case_of_lead
from gi_trace.offices.models import transfers_of
from gi_trace.record.actions import subject_of
from gi_trace.record.models import rows_about
from gi_trace.web.casework.fields import DayForm, MatterForm, ReasonForm, get_lead
from gi_trace.web.casework.photo_files import evidence_file
from gi_trace.web.forms import AtMost, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.words import label


class PauseForm(FlaskForm):
    kind = RadioField(_("原因"), [needed(_("请选择原因。"))])
    starts_on = DateField(_("开始日期"), [needed()], default=clock.today)
    note = StringField(_("机构或样品"), [Optional(), AtMost(200)])

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [(kind.value, label(kind)) for kind in PauseKind]


class MediationForm(FlaskForm):
    outcome = RadioField(_("结果"), [needed(_("请选择结果。"))])
    agreement = TextAreaField(_("协议内容"), [Optional(), AtMost(1000)])
    confirmed_on = DateField(_("双方确认的日期"), [Optional()])

    def __init__(self) -> None:
        super().__init__()
        self.outcome.choices = [(outcome.value, label(outcome)) for outcome in MediationOutcome]


class ToldForm(FlaskForm):
    how = TextAreaField(_("告知的方式和内容"), [needed(), AtMost(200)])


def add_pages(bp: Blueprint) -> None:
    both = ["GET", "POST"]
    bp.add_url_rule("/leads/<int:lead_id>", view_func=show_lead)
    bp.add_url_rule("/leads/<int:lead_id>/photos/<photo_id>", view_func=show_lead_photo)
    bp.add_url_rule("/leads/<int:lead_id>/amend", view_func=amend_lead, methods=both)
    bp.add_url_rule("/leads/<int:lead_id>/pause", view_func=pause_lead, methods=both)
    bp.add_url_rule("/leads/<int:lead_id>/resume", view_func=resume_lead, methods=both)
    bp.add_url_rule("/leads/<int:lead_id>/accept", view_func=accept_complaint, methods=["POST"])
    bp.add_url_rule("/leads/<int:lead_id>/refuse", view_func=refuse_complaint, methods=both)
    bp.add_url_rule("/leads/<int:lead_id>/mediation", view_func=end_mediation, methods=both)
    bp.add_url_rule("/leads/<int:lead_id>/informant", view_func=reveal_informant, methods=both)
    bp.add_url_rule("/leads/<int:lead_id>/told", view_func=tell_informant, methods=both)


def show_lead(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    history = rows_about(subject_of(lead))
    return render_template(
        "components/lead.html",
        lead=lead,
        case=case_of_lead(lead),
        clocks=clocks_of_lead(lead),
        findings=lead.findings,
        transfers=transfers_of(lead),
        history=history,
        names=names_of_actors(row.by for row in history),
        on_it=works_on(lead, me()),
        is_office=me().role == Role.AUTHORITY,
    )


def show_lead_photo(lead_id: int, photo_id: str) -> ResponseReturnValue:
    """A photo of the lead's findings; each look is recorded."""
    lead = get_lead(lead_id)
    photos = [photo for finding in lead.findings for photo in finding.photos]
    photo = next((one for one in photos if one.id == photo_id), None)
    return evidence_file(photo)


def amend_lead(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    names = ("what", "respondent_name", "respondent_code", "respondent_address")
    known = {name: getattr(lead, name) for name in names}
    form = MatterForm(**known, product=str(lead.product_id or ""), value=lead.value_fen)
    if confirmed(form):
        with refusals_on(form):
            leads.amend_lead(lead, LeadChange(**form.matter()), by=me())
            return _done(lead, _("线索已补充。"))
    return form_page(form, _("补充线索"), rows=_rows(lead), back=_page(lead))


def pause_lead(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), PauseForm()
    if confirmed(form):
        with refusals_on(form):
            kind = PauseKind(form.kind.data)
            leads.pause_clock(lead, kind, form.starts_on.data, note=form.note.data or "", by=me())
            return _done(lead, _("检验或鉴定的时间不计入期限。"))
    return form_page(form, _("暂停计时"), rows=_rows(lead), back=_page(lead))


def resume_lead(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), DayForm()
    if confirmed(form):
        with refusals_on(form):
            leads.resume_clock(lead, form.on.data, by=me())
            return _done(lead, _("期限继续计算。"))
    return form_page(form, _("检验或鉴定结束"), rows=_rows(lead), back=_page(lead))


def accept_complaint(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    complaints.accept_complaint(lead, by=me())
    return _done(lead, _("投诉已受理，开始调解。"))


def refuse_complaint(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), ReasonForm()
    if confirmed(form):
        with refusals_on(form):
            complaints.refuse_complaint(lead, reason=form.reason.data, by=me())
            return _done(lead, _("已登记不受理。"))
    return form_page(form, _("不受理投诉"), rows=_rows(lead), back=_page(lead))


def end_mediation(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), MediationForm()
    if confirmed(form):
        with refusals_on(form):
            complaints.end_mediation(
                lead,
                MediationOutcome(form.outcome.data),
                agreement=form.agreement.data or "",
                confirmed_on=form.confirmed_on.data,
                by=me(),
            )
            return _done(lead, _("调解结果已登记。"))
    return form_page(form, _("登记调解结果"), rows=_rows(lead), back=_page(lead))


def reveal_informant(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), ReasonForm()
    if confirmed(form):
        with refusals_on(form):
            informant = informants.reveal_informant(lead, reason=form.reason.data, by=me())
            return render_template("components/informant.html", lead=lead, informant=informant)
    lead_text = _("来信人身份保密。您的这次查看会连同理由记入存证记录。")
    return form_page(form, _("查看来信人身份"), lead=lead_text, rows=_rows(lead), back=_page(lead))


def tell_informant(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), ToldForm()
    if confirmed(form):
        with refusals_on(form):
            informants.tell_informant(lead, how=form.how.data, by=me())
            return _done(lead, _("已登记告知。"))
    return form_page(form, _("登记已告知来信人"), rows=_rows(lead), back=_page(lead))


def _rows(lead: Lead) -> list[tuple[object, object]]:
    return [(_("线索"), f"{lead.number} {lead.title}")]


def _page(lead: Lead) -> str:
    return url_for(".show_lead", lead_id=lead.id)


def _done(lead: Lead, message: object) -> ResponseReturnValue:
    flash(message)  # type: ignore[arg-type]  # Flask takes lazy texts
    return redirect(_page(lead))
