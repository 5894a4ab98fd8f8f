"""Papers of a lead or case: what there is, a draft of each kind, and issuing one under its number."""

from typing import Any

from flask import Response, current_app, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.casework.actions import papers
from gi_trace.casework.actions.informants import hidden_informant
from gi_trace.casework.models import CasePaper, Lead, case_of_lead, papers_of
from gi_trace.casework.papers.facts import visits_with_finds
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact
from gi_trace.casework.papers.template import template_of
from gi_trace.errors import NotFound
from gi_trace.patrol.models import Visit
from gi_trace.web.act_page import answer_to
from gi_trace.web.casework.fields import get_lead
from gi_trace.web.forms import AtMost
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.words import label

pages = SharedPages("papers")

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LONGEST_ANSWER = 8000


class CasePaperForm(LeavingForm):
    """What the case does not tell; one of these for each kind of paper, see `_form`."""

    visit: Any = None

    def __init__(self, kind: CasePaperKind, lead: Lead):
        self.kind, self.about = kind, lead
        self.goes_out = kind.goes_out
        self.hidden, self.party = hidden_informant(lead), lead.respondent_name
        super().__init__(data=_answers_known(kind, lead))

    def leaving_texts(self) -> list[str]:
        return papers.texts_of_paper(self.kind, self.about, self.chosen_visit, self.said)

    @property
    def said(self) -> dict[PaperFact, str]:
        return {fact: self[fact.value].data or "" for fact in template_of(self.kind).asked}

    @property
    def chosen_visit(self) -> Visit | None:
        visits = visits_with_finds(self.about)
        chosen = self["visit"].data if "visit" in self else None
        return next((one for one in visits if one.id == chosen), visits[0] if visits else None)


def _form(kind: CasePaperKind, lead: Lead) -> CasePaperForm:
    fields: dict[str, Any] = {}
    visits = visits_with_finds(lead)
    if len(visits) > 1:
        choices = [(one.id, _visit_name(one)) for one in visits]
        fields["visit"] = SelectField(_("哪一次巡查"), choices=choices)
    for fact in template_of(kind).asked:
        fields[fact.value] = TextAreaField(label(fact), [Optional(), AtMost(LONGEST_ANSWER)])
    return type("PaperFormOfKind", (CasePaperForm,), fields)(kind, lead)


def _visit_name(visit: Visit) -> str:
    return f"{clock.day_of(visit.versions[0].happened_at).isoformat()} {visit.shop.name}"


def _answers_known(kind: CasePaperKind, lead: Lead) -> dict[str, str]:
    """What the officer would otherwise write off from elsewhere."""
    if kind is not CasePaperKind.SERVICE:
        return {}
    going = [one for one in papers_of(lead) if one.kind.goes_out and one.kind is not CasePaperKind.SERVICE]
    listed = "\n".join(f"{one.draft.title}　{one.number}" for one in going)
    return {PaperFact.SERVED_PAPERS: listed, PaperFact.SERVED_TO: lead.respondent_name}


def _kind(name: str) -> CasePaperKind:
    if name not in list(CasePaperKind):
        raise NotFound
    return CasePaperKind(name)


@pages.get("/leads/<int:lead_id>/papers")
def show_papers(lead_id: int) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    visits = visits_with_finds(lead)
    first = visits[0] if visits else None
    return render_template(
        "components/papers.html",
        lead=lead,
        case=case_of_lead(lead),
        issued=papers_of(lead),
        kinds=[(kind, papers.draft_paper(kind, lead, first).missing) for kind in CasePaperKind],
    )


@pages.route("/leads/<int:lead_id>/papers/<kind>", methods=["GET", "POST"])
def issue_paper(lead_id: int, kind: str) -> ResponseReturnValue:
    lead, wanted = get_lead(lead_id), _kind(kind)
    form = _form(wanted, lead)

    def act() -> str:
        visit, looked = form.chosen_visit, form.looked_over
        paper = papers.issue_paper(wanted, lead, visit, form.said, looked=looked, by=me())
        flash(_("已签发：{number}").format(number=paper.number))
        return url_for(".show_papers", lead_id=lead.id)

    missing = papers.draft_paper(wanted, lead, form.chosen_visit, form.said).missing
    return answer_to(
        form,
        label(wanted),
        act,
        rows=[(_("线索"), f"{lead.number} {lead.title}"), (_("依据"), template_of(wanted).law)],
        notes=[gettext("尚缺：%(missing)s", missing=gettext("、").join(map(gettext, missing)))]
        if missing
        else [],
        back=url_for(".show_papers", lead_id=lead.id),
        template="components/paper_form.html",
    )


@pages.post("/leads/<int:lead_id>/papers/<kind>/draft.<file>")
def download_draft(lead_id: int, kind: str, file: str) -> ResponseReturnValue:
    """With what is typed so far, and a mark where something is missing."""
    lead, wanted = get_lead(lead_id), _kind(kind)
    form = _form(wanted, lead)
    draft = papers.draft_paper(wanted, lead, form.chosen_visit, form.said)
    office = current_app.config["OFFICE_NAME"]
    return _file(papers.paper_file(draft, _form_of(file), office, clock.now()), file, f"draft-{wanted.value}")


@pages.get("/leads/<int:lead_id>/papers/issued/<int:paper_id>.<file>")
def download_paper(lead_id: int, paper_id: int, file: str) -> ResponseReturnValue:
    lead = get_lead(lead_id)
    paper = next((one for one in papers_of(lead) if one.id == paper_id), None)
    if paper is None:
        raise NotFound
    return _file(_content(paper, _form_of(file)), file, f"{paper.kind.value}-{paper_id}")


def _content(paper: CasePaper, form: str) -> bytes:
    if form == "pdf":
        return papers.pdf_of(paper)
    return papers.paper_file(paper.draft, form, current_app.config["OFFICE_NAME"], paper.issued_at)


def _form_of(file: str) -> str:
    if file not in MEDIA_TYPES:
        raise NotFound
    return file


def _file(content: bytes, form: str, name: str) -> Response:
    response = Response(content, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
