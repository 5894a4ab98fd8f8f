"""A case with its steps, and the bundle of its evidence. Shared by both faces."""

import tempfile
from pathlib import Path

from flask import render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import Role, names_of_actors
from gi_trace.casework.actions import cases
from gi_trace.casework.actions.bundle import export_case
from gi_trace.casework.actions.leads import is_amendable
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Case, goods_waiting
from gi_trace.casework.rules.open_acts import case_acts, goods_acts, open_steps
from gi_trace.casework.rules.steps import BEFORE_DECISION, CaseState, Response, StepFact, StepKind
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.patrol.models import Offence, offences_in_use
from gi_trace.proposals.models import open_proposals
from gi_trace.record.actions import subject_of
from gi_trace.record.models import rows_about
from gi_trace.web.act_page import act_page, answer_to
from gi_trace.web.casework.fields import get_case
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.words import choices_of, label

pages = SharedPages("cases")


class StepForm(FlaskForm):
    """What every step asks; what more one asks is added below, named as the facts of the step."""

    on = DateField(_("日期"), [needed()], default=clock.today)
    text = TextAreaField(_("内容"), [needed(), AtMost(2000)])

    @property
    def facts(self) -> dict[str, str]:
        return {name: self[name].data for name in StepFact if name in self and self[name].data}


class NoticeForm(StepForm):
    document_number = StringField(
        _("文书号"), [Optional(), AtMost(80)], description=_("已在“文书”签发的，以签发的文号为准。")
    )


class ResponseForm(StepForm):
    response = RadioField(
        _("当事人的回应"), [needed(_("请选择当事人的回应。"))], choices=choices_of(Response)
    )


class ServiceForm(StepForm):
    served_how = StringField(_("送达方式"), [needed(), AtMost(80)])
    received_by = StringField(_("签收人"), [Optional(), AtMost(80)])


class PoliceForm(StepForm):
    police_office = StringField(_("公安机关"), [needed(), AtMost(120)])
    document_number = StringField(_("文书号"), [Optional(), AtMost(80)])


FORMS: dict[StepKind, type[StepForm]] = {
    StepKind.INVESTIGATED: StepForm,
    StepKind.NOTIFIED: NoticeForm,
    StepKind.HEARING_TOLD: NoticeForm,
    StepKind.RESPONDED: ResponseForm,
    StepKind.SERVED: ServiceForm,
    StepKind.POLICE: PoliceForm,
    StepKind.CLOSED: StepForm,
}


@pages.get("/cases/<int:case_id>")
def show_case(case_id: int) -> ResponseReturnValue:
    case = get_case(case_id)
    history = rows_about(subject_of(case))
    is_office, on_case = me().role == Role.AUTHORITY, case.is_in_hands_of(me())
    steps = open_steps(case.state, is_office=is_office, on_case=on_case)
    acts = case_acts(
        steps,
        is_closed=case.state is CaseState.CLOSED,
        is_running=case.state in BEFORE_DECISION,
        is_paused=any(pause.ends_on is None for pause in case.pauses),
        decided=case.decision is not None,
        served=case.step(StepKind.SERVED) is not None,
        published=case.publication is not None and case.publication.withdrawn_on is None,
        in_public=case.publication is not None and case.publication.is_public_on(clock.today()),
        is_office=is_office,
        investigated=cases.has_investigated(case, me()),
    )
    return render_template(
        "components/case.html",
        case=case,
        clocks=timekeeper().of_case(case),
        findings=case.lead.findings,
        proposals=open_proposals(subject_of(case)),
        next_steps=[step for step in steps if step in FORMS],
        acts=acts,
        goods_acts=goods_acts(waiting=bool(goods_waiting(case.lead)), may_act=is_office or on_case),
        may_amend=is_amendable(case.lead) and (is_office or on_case),
        is_office=is_office,
        history=history,
        names=names_of_actors(row.by for row in history),
    )


@pages.route("/cases/<int:case_id>/steps/<kind>", methods=["GET", "POST"])
def take_step(case_id: int, kind: str) -> ResponseReturnValue:
    case = get_case(case_id)
    if kind not in FORMS:
        raise NotFound
    step = StepKind(kind)
    form = FORMS[step]()

    def act() -> None:
        cases.take_step(case, step, on=form.on.data, text=form.text.data, facts=form.facts, by=me())

    rows = [(_("案件"), case.number), (_("现在的状态"), label(case.state))]
    done = _("已登记：{step}").format(step=label(step))
    return answer_to(form, label(step), act, rows=rows, back=at_case(case), done=done)


class SuspicionForm(FlaskForm):
    offence = SelectField(
        _("涉嫌违法"),
        [needed()],
        coerce=int,
        choices=lambda: [SelectChoice(one.id, f"{one.text}（{one.clause}）") for one in offences_in_use()],
    )


@act_page(
    pages,
    "/cases/<int:case_id>/offence",
    lambda case: SuspicionForm(offence=case.offence_id),
    _("补充涉嫌违法"),
    on=get_case,
    rows=lambda case: [(_("案件"), case.number)],
    back=lambda case: at_case(case),
    done=_("涉嫌违法已补充。"),
)
def set_offence(case: Case, form: SuspicionForm) -> None:
    cases.set_offence(case, db.session.get_one(Offence, form.offence.data), by=me())


@pages.post("/cases/<int:case_id>/bundle")
def download_bundle(case_id: int) -> ResponseReturnValue:
    """A POST: taking evidence out is an act."""
    case = get_case(case_id)
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
        target = Path(file.name)
    try:
        export_case(case, target, by=me())
        opened = target.open("rb")
    finally:
        target.unlink()  # the open file stays readable until it is sent
    return send_file(opened, "application/zip", as_attachment=True, download_name=f"case-{case.id}.zip")


def at_case(case: Case) -> str:
    return url_for(".show_case", case_id=case.id)
