"""Found: leads, cases, visits, reports, alerts, transfers between offices, and acts of the record."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from gi_trace.accounts.models import Account
from gi_trace.casework.models import Case, CaseStep, Decision, Lead
from gi_trace.casework.models.papers import CasePaper
from gi_trace.names import number_behind
from gi_trace.offices.models import LeadTransfer
from gi_trace.patrol.models import Evidence, Finding, FindingVersion, Scan, Shop, Visit, VisitVersion
from gi_trace.record.models import RecordRow
from gi_trace.registry.finding import name_has
from gi_trace.verification.models import Alert, Report
from gi_trace.web.finding.goods import OFFICE, PATROL
from gi_trace.web.finding.kinds import Hit, Sought, kind
from gi_trace.web.lists.casework import case_is_called, in_hands_of, lead_is_called
from gi_trace.web.words import act_label, day_text, label, moment_text


def digits_of(text: str) -> int:
    """A number without a letter before it; 0, which nothing has, where it is none."""
    return number_behind("[#№]?", text)


def _own_leads(by: Account) -> ColumnElement[bool]:
    if by.role is OFFICE:
        return true()
    return (Lead.assigned_to_id == by.id) | Lead.id.in_(select(Case.lead_id).where(in_hands_of(by.id)))


@kind(_("线索"), Lead, of=(OFFICE, PATROL))
def find_leads(sought: Sought) -> Iterator[Hit]:
    query = select(Lead).where(lead_is_called(sought.text), _own_leads(sought.by))
    for lead in sought.some(query.order_by(Lead.id.desc())):
        exact = sought.hits(lead.number, lead.respondent_code)
        page = url_for(".show_lead", lead_id=lead.id)
        yield Hit(f"{lead.number} {lead.title}", lead.respondent_name, page, exact)


@kind(_("案件"), Case, Decision, of=(OFFICE, PATROL))
def find_cases(sought: Sought) -> Iterator[Hit]:
    """By its own number, that of its decision or of a paper of one of its steps, or by whom it is against."""
    paper = CaseStep.facts["document_number"].as_string() == sought.text
    papers = select(CaseStep.case_id).where(paper)
    query = select(Case).join(Case.lead).outerjoin(Case.decision)
    query = query.where(or_(case_is_called(sought.text), Case.id.in_(papers)), _own_leads(sought.by))
    query = query.options(joinedload(Case.lead), joinedload(Case.decision))
    for case in sought.some(query.order_by(Case.id.desc())):
        decision = case.decision.number if case.decision else None
        exact = sought.hits(case.number, decision, case.lead.respondent_code)
        detail = " · ".join(filter(None, (decision, case.lead.respondent_name or case.lead.title)))
        yield Hit(case.number, detail, url_for(".show_case", case_id=case.id), exact)


@kind(_("文书"), CasePaper, of=(OFFICE, PATROL))
def find_papers(sought: Sought) -> Iterator[Hit]:
    """By the number on it."""
    query = select(CasePaper).join(CasePaper.lead)
    query = query.where(func.upper(CasePaper.number) == sought.text.upper(), _own_leads(sought.by))
    for paper in sought.some(query.options(contains_eager(CasePaper.lead)).order_by(CasePaper.id)):
        page = url_for(".show_papers", lead_id=paper.lead_id)
        yield Hit(paper.number, f"{label(paper.kind)} · {paper.lead.number}", page, sought.hits(paper.number))


@kind(_("巡查"), Visit, VisitVersion, Scan, Finding, FindingVersion, Evidence, of=(PATROL,))
def find_visits(sought: Sought) -> Iterator[Hit]:
    """By the receipts that the phone showed, a code that was scanned, the number of a measure's paper, or the shop."""
    text, receipt = sought.text, digits_of(sought.text)
    by_receipt = select(VisitVersion.visit_id).where(VisitVersion.receipt == receipt)
    of_finding = (FindingVersion.receipt == receipt) | (FindingVersion.measure_number == text)
    findings = select(Finding.visit_id).join(Finding.versions).where(of_finding)
    photos = select(Evidence.visit_id).where(Evidence.receipt == receipt)
    scans = select(Scan.visit_id).where((Scan.receipt == receipt) | (Scan.code == sought.plain))
    shop = name_has(Shop.name, text) | (func.upper(Shop.code) == sought.plain)
    numbered = or_(
        Visit.id == text.lower(), *(Visit.id.in_(some) for some in (by_receipt, findings, photos, scans))
    )
    query = select(Visit, numbered.label("is_numbered")).join(Visit.shop).where(numbered | shop)
    query = query.options(joinedload(Visit.shop)).order_by(Visit.first_received_at.desc())
    for visit, is_numbered in sought.rows(query):
        page = url_for(".show_visit", visit_id=visit.id)
        yield Hit(visit.shop.name, moment_text(visit.first_received_at), page, bool(is_numbered))


@kind(_("公众反映"), Report, of=(OFFICE,))
def find_reports(sought: Sought) -> Iterator[Hit]:
    query = select(Report).where((Report.receipt == sought.plain) | (Report.code == sought.plain))
    for report in sought.some(query.order_by(Report.id.desc())):
        page = url_for(".show_report", report_id=report.id)
        yield Hit(report.receipt, label(report.kind), page, sought.hits(report.receipt))


@kind(_("警报"), Alert, of=(OFFICE,))
def find_alerts(sought: Sought) -> Iterator[Hit]:
    query = select(Alert).where(Alert.subject.startswith(sought.text, autoescape=True))
    for alert in sought.some(query.order_by(Alert.id.desc())):
        page = url_for(".show_alert", alert_id=alert.id)
        yield Hit(alert.subject, label(alert.kind), page, sought.hits(alert.subject))


@kind(_("移送"), LeadTransfer, of=(OFFICE,))
def find_lead_transfers(sought: Sought) -> Iterator[Hit]:
    query = select(LeadTransfer).where(LeadTransfer.id == sought.text.lower())
    for transfer in sought.some(query.options(joinedload(LeadTransfer.office))):
        page = url_for(".show_lead_transfer", transfer_id=transfer.id)
        yield Hit(transfer.office.name, day_text(transfer.sent_on), page, True)


@kind(_("存证记录"), RecordRow, of=(OFFICE,))
def find_acts(sought: Sought) -> Iterator[Hit]:
    """By its number, or what it was done to."""
    subject = RecordRow.subject == sought.text
    query = select(RecordRow).where((RecordRow.number == digits_of(sought.text)) | subject)
    for row in sought.some(query.order_by(RecordRow.number.desc())):
        page = url_for(".list_acts", q=row.number)
        yield Hit(
            row.number, f"{act_label(row.act)} · {moment_text(row.at)}", page, sought.hits(str(row.number))
        )
