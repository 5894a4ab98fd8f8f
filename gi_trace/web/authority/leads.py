"""The queue of leads, and what only the authority does with one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.actions import leads
from gi_trace.casework.actions.cases import file_case as file
from gi_trace.casework.actions.leads import NewLead
from gi_trace.casework.models import Lead, LeadState, open_leads
from gi_trace.casework.queue import lead_queue
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.database import db
from gi_trace.jobs.ask import ask_for
from gi_trace.patrol.models import Offence, offences_in_use
from gi_trace.web.authority import bp
from gi_trace.web.casework import case_pages, lead_pages
from gi_trace.web.casework.fields import MatterForm, PersonForm, ReasonForm, get_lead, name_of, officers
from gi_trace.web.forms import AtMost, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.row_pages import page_of

lead_pages.add_pages(bp)
case_pages.add_pages(bp)


class LeadForm(MatterForm):
    title = StringField(_("标题"), [needed(), AtMost(120)])
    received_on = DateField(_("收到日期"), [needed()], default=clock.today)

    def facts(self) -> NewLead:
        received_on = min(self.received_on.data, clock.today())
        return NewLead(LeadSource.OFFICER, self.title.data, received_on, **self.matter())


class MergeForm(FlaskForm):
    into = SelectField(_("并入"), [needed(_("没有其他在核查的线索。"))], coerce=int)

    def __init__(self, lead: Lead) -> None:
        super().__init__()
        others = [one for one in open_leads() if one.id != lead.id]
        self.into.choices = [(one.id, f"{one.number} {one.title}") for one in others]


class FileForm(FlaskForm):
    first = SelectField(_("办案人员一"), [needed()], coerce=int)
    second = SelectField(_("办案人员二"), [needed()], coerce=int)
    offence = SelectField(_("涉嫌违法"), [Optional()])
    reason = TextAreaField(_("立案理由"), [needed(), AtMost(1000)])

    def __init__(self) -> None:
        super().__init__()
        choices = [(one.id, name_of(one)) for one in officers()]
        self.first.choices = self.second.choices = choices
        self.offence.choices = [("", "—"), *((str(one.id), one.text) for one in offences_in_use())]


@bp.get("/leads")
def list_leads() -> ResponseReturnValue:
    """Those in hand, the most urgent first; with `show=settled` the settled ones, newest first."""
    if request.args.get("show") == "settled":
        query = (
            select(Lead).where(Lead.state != LeadState.OPEN).order_by(Lead.settled_on.desc(), Lead.id.desc())
        )
        return render_template("authority/list_settled_leads.html", page=db.paginate(query, per_page=50))
    return render_template("authority/list_leads.html", page=page_of(lead_queue()))


@bp.post("/leads/gather")
def gather_leads() -> ResponseReturnValue:
    return redirect(url_for(".show_job", job_id=ask_for("leads.gather", {}, by=me()).id))


@bp.route("/leads/new", methods=["GET", "POST"])
def note_lead() -> ResponseReturnValue:
    form = LeadForm()
    if confirmed(form):
        with refusals_on(form):
            lead = leads.note_lead(form.facts(), by=me())
            return redirect(url_for(".show_lead", lead_id=lead.id))
    return form_page(form, _("登记线索"), back=url_for(".list_leads"))


@bp.route("/leads/<int:lead_id>/assign", methods=["GET", "POST"])
def assign_lead(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    form = PersonForm(person=lead.assigned_to_id)
    if confirmed(form):
        with refusals_on(form):
            leads.assign_lead(lead, db.session.get_one(Account, form.person.data), by=me())
            flash(_("线索已分派。"))
            return redirect(url_for(".show_lead", lead_id=lead.id))
    return form_page(form, _("分派线索"), rows=_rows(lead), back=url_for(".show_lead", lead_id=lead.id))


@bp.route("/leads/<int:lead_id>/merge", methods=["GET", "POST"])
def merge_lead(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    form = MergeForm(lead)
    if confirmed(form):
        with refusals_on(form):
            into = db.session.get_one(Lead, form.into.data)
            leads.merge_lead(lead, into, by=me())
            flash(_("线索已并入。"))
            return redirect(url_for(".show_lead", lead_id=into.id))
    back = url_for(".show_lead", lead_id=lead.id)
    return form_page(form, _("并入另一线索"), rows=_rows(lead), back=back)


@bp.route("/leads/<int:lead_id>/extend", methods=["GET", "POST"])
def extend_lead(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), ReasonForm()
    if confirmed(form):
        with refusals_on(form):
            leads.extend_lead(lead, reason=form.reason.data, by=me())
            flash(_("核查期限已延长。"))
            return redirect(url_for(".show_lead", lead_id=lead.id))
    title = _("批准延长核查期限")
    return form_page(form, title, rows=_rows(lead), back=url_for(".show_lead", lead_id=lead.id))


@bp.route("/leads/<int:lead_id>/close", methods=["GET", "POST"])
def close_lead(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), ReasonForm()
    if confirmed(form):
        with refusals_on(form):
            leads.close_lead(lead, reason=form.reason.data, by=me())
            flash(_("已登记不予立案。"))
            return redirect(url_for(".show_lead", lead_id=lead.id))
    return form_page(form, _("不予立案"), rows=_rows(lead), back=url_for(".show_lead", lead_id=lead.id))


@bp.route("/leads/<int:lead_id>/file", methods=["GET", "POST"])
def file_case(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), FileForm()
    if confirmed(form):
        with refusals_on(form):
            case = file(
                lead,
                db.session.get_one(Account, form.first.data),
                db.session.get_one(Account, form.second.data),
                offence=db.session.get(Offence, int(form.offence.data)) if form.offence.data else None,
                reason=form.reason.data,
                by=me(),
            )
            flash(_("已立案：{number}").format(number=case.number))
            return redirect(url_for(".show_case", case_id=case.id))
    return form_page(form, _("立案"), rows=_rows(lead), back=url_for(".show_lead", lead_id=lead.id))


def _rows(lead: Lead) -> list[tuple[object, object]]:
    return [(_("线索"), f"{lead.number} {lead.title}")]
