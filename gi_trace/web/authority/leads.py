"""The queue of leads, and what only the authority does with one."""

from functools import partial
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.actions import cases, leads
from gi_trace.casework.actions.leads import NewLead
from gi_trace.casework.models import Lead, open_leads
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.database import db
from gi_trace.errors import N_
from gi_trace.jobs.ask import ask_for
from gi_trace.patrol.models import Offence, offences_in_use
from gi_trace.web.act_page import act_page
from gi_trace.web.authority import bp
from gi_trace.web.casework.case_pages import at_case
from gi_trace.web.casework.fields import MatterForm, PersonForm, ReasonForm, get_lead, name_of, officers
from gi_trace.web.casework.lead_pages import at_lead, lead_rows
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.lists.casework import lead_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import choices_of
from gi_trace.words import Worded


class NoteKind(Worded):
    """What an officer writes down: his own suspicion, or what somebody told him, on the phone or at the counter."""

    source: LeadSource

    OWN = "own", N_("工作中发现"), LeadSource.OFFICER
    REPORT = "report", N_("举报（反映违法行为）"), LeadSource.REPORT
    COMPLAINT = "complaint", N_("投诉（有自己的诉求）"), LeadSource.REPORT


class LeadForm(MatterForm):
    title = StringField(_("标题"), [needed(), AtMost(120)])
    received_on = DateField(_("收到日期"), [needed()], default=clock.today)

    kind = RadioField(_("性质"), [needed()], choices=choices_of(NoteKind), default=NoteKind.OWN.value)
    identity = TextAreaField(
        _("来信人或来电人"),
        [AtMost(500)],
        description=_("姓名、电话和住址。保密：登记后只有办理人员可以查看，每次查看都会记录。"),
    )
    claim = TextAreaField(_("诉求"), [AtMost(1000)], description=_("投诉必须写明。"))

    def validate_claim(self, field: Any) -> None:
        if self.kind.data == NoteKind.COMPLAINT and not (field.data or "").strip():
            raise ValidationError(gettext("投诉须写明诉求；没有诉求的，请登记为举报。"))

    def validate_identity(self, field: Any) -> None:
        if self.kind.data == NoteKind.COMPLAINT and not (field.data or "").strip():
            raise ValidationError(gettext("投诉须有投诉人，以便告知是否受理和调解。"))
        if self.kind.data == NoteKind.OWN and (field.data or "").strip():
            raise ValidationError(gettext("有来信人的，请选择投诉或举报。"))

    def facts(self) -> NewLead:
        """Who told us goes into the table of informants alone."""
        kind = NoteKind(self.kind.data)
        claim = self.claim.data if kind is NoteKind.COMPLAINT else None
        identity = self.identity.data or ""
        more = self.matter() | {"identity": identity, "claim": claim}
        return NewLead(kind.source, self.title.data, self.received_on.data, **more)


class MergeForm(FlaskForm):
    into = SelectField(_("并入"), [needed(_("没有其他在核查的线索。"))], coerce=int)

    def __init__(self, lead: Lead) -> None:
        super().__init__()
        others = [one for one in open_leads() if one.id != lead.id]
        self.into.choices = [(one.id, f"{one.number} {one.title}") for one in others]


class FilingForm(FlaskForm):
    first = SelectField(_("办案人员一"), [needed()], coerce=int)
    second = SelectField(_("办案人员二"), [needed()], coerce=int)
    offence = SelectField(_("涉嫌违法"), [Optional()])
    reason = TextAreaField(_("立案理由"), [needed(), AtMost(1000)])

    def __init__(self) -> None:
        super().__init__()
        choices = [(one.id, name_of(one)) for one in officers()]
        self.first.choices = self.second.choices = choices
        self.offence.choices = [("", "—"), *((str(one.id), one.text) for one in offences_in_use())]


@list_page(bp, "/leads")
def list_leads() -> Listing:
    return lead_listing(template="authority/list_leads.html")


@bp.post("/leads/gather")
def gather_leads() -> ResponseReturnValue:
    return redirect(url_for(".show_job", job_id=ask_for("leads.gather", {}, by=me()).id))


@act_page(bp, "/leads/new", LeadForm, _("登记线索"), back=".list_leads")
def note_lead(form: LeadForm) -> str:
    return at_lead(leads.note_lead(form.facts(), by=me()))


act_on_lead = partial(act_page, bp, on=get_lead, rows=lead_rows, back=at_lead)


@act_on_lead(
    "/leads/<int:lead_id>/assign",
    lambda lead: PersonForm(person=lead.assigned_to_id),
    _("分派线索"),
    done=_("线索已分派。"),
)
def assign_lead(lead: Lead, form: PersonForm) -> None:
    leads.assign_lead(lead, db.session.get_one(Account, form.person.data), by=me())


@act_on_lead(
    "/leads/<int:lead_id>/merge", lambda lead: MergeForm(lead), _("并入另一线索"), done=_("线索已并入。")
)
def merge_lead(lead: Lead, form: MergeForm) -> str:
    into = db.session.get_one(Lead, form.into.data)
    leads.merge_lead(lead, into, by=me())
    return at_lead(into)


@act_on_lead("/leads/<int:lead_id>/extend", ReasonForm, _("批准延长核查期限"), done=_("核查期限已延长。"))
def extend_lead(lead: Lead, form: ReasonForm) -> None:
    leads.extend_lead(lead, reason=form.reason.data, by=me())


@act_on_lead("/leads/<int:lead_id>/close", ReasonForm, _("不予立案"), done=_("已登记不予立案。"))
def close_lead(lead: Lead, form: ReasonForm) -> None:
    leads.close_lead(lead, reason=form.reason.data, by=me())


@act_on_lead("/leads/<int:lead_id>/file", FilingForm, _("立案"))
def file_case(lead: Lead, form: FilingForm) -> str:
    first, second = (db.session.get_one(Account, one.data) for one in (form.first, form.second))
    offence = db.session.get(Offence, int(form.offence.data)) if form.offence.data else None
    case = cases.file_case(lead, first, second, offence=offence, reason=form.reason.data, by=me())
    flash(_("已立案：{number}").format(number=case.number))
    return at_case(case)
