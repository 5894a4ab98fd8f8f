"""Findings, leads and cases of the cast: Chen and He find and investigate, Zhao and Sun assign and decide."""

import uuid
from datetime import date

from gi_trace import clock
from gi_trace.casework.actions.cases import decide, file_case, take_step
from gi_trace.casework.actions.leads import NewLead, assign_lead, note_lead
from gi_trace.casework.actions.papers import issue_paper
from gi_trace.casework.models import Case, CasePaper, Lead, papers_of
from gi_trace.casework.papers.kinds import CasePaperKind
from gi_trace.casework.papers.template import template_of
from gi_trace.casework.rules.fines import Amounts, FineGround
from gi_trace.casework.rules.leaving import LookedOver
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.rules.steps import Response, StepFact, StepKind
from gi_trace.database import act, db, writing
from gi_trace.evidence.store import evidence_store
from gi_trace.patrol.models import (
    Evidence,
    EvidenceState,
    Finding,
    FindingVersion,
    Offence,
    Scan,
    Shop,
    Visit,
    VisitVersion,
)
from gi_trace.patrol.rules import Measure
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from tests.cast import person, photo

VIOLATED = "当事人销售的包装擅自使用地理标志名称。"
SHOP, ADDRESS = "示范干货店", "示范市场 3 号档"


@act
def offence() -> Offence:
    found = db.session.query(Offence).filter_by(code="test-name").one_or_none()
    if found is None:
        found = Offence(code="test-name", text="擅自使用地理标志名称", clause="广东省地理标志条例 第二十条")
        db.session.add(found)
        db.session.flush()
    return found


def make_finding(**changes: object) -> Finding:
    """What Chen and He found on a visit to the shop: 10 packs at 80 yuan, as the phone would have sent it."""
    arrived = {"made_at": clock.now(), "received_at": clock.now(), "clock_ahead_s": 0, "receipt": 1}
    arrived |= {"content_sha256": "0" * 64, "number": 1, "based_on": 0}
    shop = Shop(id=_id(), name=SHOP, address=ADDRESS, code="", first_seen_at=clock.now())
    visit = Visit(id=_id(), officer_id=person("chen").id, shop_id=shop.id, first_received_at=clock.now())
    finding = Finding(id=_id(), visit_id=visit.id, first_received_at=clock.now())
    visit.versions.append(
        VisitVersion(
            id=_id(),
            by_id=person("chen").id,
            second_officer_id=person("he").id,
            latitude_e6=22_520_000,
            longitude_e6=113_030_000,
            accuracy_m=12,
            **arrived,
        )
    )
    facts = {"quantity": 10, "unit_price_fen": 80_00, "measure": Measure.NONE, "note": "正面文字：新会陈皮"}
    facts |= {"label": {"product_name": "新会陈皮"}, "scans": [], "offence_id": offence().id}
    finding.versions.append(FindingVersion(id=_id(), by_id=person("chen").id, **(arrived | facts | changes)))
    with writing():
        db.session.add_all([shop, visit, finding])
    return finding


def add_photo(finding: Finding, colour: str = "brown") -> Evidence:
    """A complete photo of the finding, with its original and copy in the store."""
    content = photo(colour)
    kept = evidence_store().keep(content)
    evidence = Evidence(
        id=_id(),
        visit_id=finding.visit_id,
        finding_id=finding.id,
        by_id=person("chen").id,
        state=EvidenceState.COMPLETE,
        phone_sha256=kept.sha256,
        size=len(content),
        media_type=kept.media_type,
        has_copy=kept.has_copy,
        made_at=clock.now(),
        announced_at=clock.now(),
        completed_at=clock.now(),
        clock_ahead_s=0,
    )
    with writing():
        db.session.add(evidence)
        evidence.receipt = record(
            Acted.EVIDENCE_RECEIVED, evidence, by=person("chen"), facts={"sha256": kept.sha256}
        )
    return evidence


def add_scan(finding: Finding, text: str, verdict: str = "not_ours") -> None:
    """Something that Chen scanned on the visit of the finding."""
    arrived = {"made_at": clock.now(), "received_at": clock.now(), "clock_ahead_s": 0, "receipt": 1}
    said = {"text": text, "code": text, "verdict": verdict, "server_verdict": "not_ours"}
    scan = Scan(
        id=_id(),
        visit_id=finding.visit_id,
        by_id=person("chen").id,
        content_sha256="0" * 64,
        **said,
        **arrived,
    )
    with writing():
        db.session.add(scan)


def new_lead(**changes: object) -> NewLead:
    facts = {"source": LeadSource.OFFICER, "title": "示范干货店涉嫌假冒", "received_on": clock.today()}
    facts |= {"respondent_name": SHOP, "respondent_address": ADDRESS}
    return NewLead(**(facts | changes))  # type: ignore[arg-type]


def make_lead(**changes: object) -> Lead:
    """Noted by Zhao, in Chen's hands."""
    lead = note_lead(new_lead(**changes), by=person("zhao"))
    assign_lead(lead, person("chen"), by=person("zhao"))
    return lead


def make_case(lead: Lead | None = None, **changes: object) -> Case:
    """Filed by Zhao, with Chen and He on it."""
    lead = lead or make_lead(**changes)
    return file_case(
        lead, person("chen"), person("he"), offence=offence(), reason="证据充分", by=person("zhao")
    )


def make_heard_case(lead: Lead | None = None) -> Case:
    case = make_case(lead)
    for kind in (StepKind.INVESTIGATED, StepKind.NOTIFIED):
        step(case, kind)
    step(case, StepKind.RESPONDED, facts={"response": Response.WAIVED})
    return case


def make_decided_case(lead: Lead | None = None) -> Case:
    case = make_heard_case(lead)
    decide_case(case)
    return case


def step(case: Case, kind: StepKind, *, who: str = "chen", on: date | None = None, **more: object) -> None:
    """What is told on paper was written elsewhere; the decision's own is issued before it is served."""
    told = {"text": "已办理", "on": on or clock.today(), "by": person(who)} | more
    if kind in (StepKind.NOTIFIED, StepKind.HEARING_TOLD):
        told.setdefault("facts", {StepFact.DOCUMENT_NUMBER: "示外告〔2026〕1号"})
    if kind is StepKind.SERVED and case.decision:
        issue_decision(case)
    take_step(case, kind, **told)  # type: ignore[arg-type]


def issue_decision(case: Case) -> CasePaper:
    """Its paper, issued once."""
    known = [one for one in papers_of(case.lead) if one.kind is CasePaperKind.DECISION]
    said = {fact: f"（{fact.label}）" for fact in template_of(CasePaperKind.DECISION).asked}
    told = {"said": said, "looked": LookedOver((), True), "by": person("chen")}
    return known[0] if known else issue_paper(CasePaperKind.DECISION, case.lead, **told)


def make_served_case(lead: Lead | None = None) -> Case:
    case = make_decided_case(lead)
    step(case, StepKind.SERVED, facts={"served_how": "直接送达", "received_by": "店主"})
    return case


def decide_case(case: Case, *, who: str = "zhao", fine_fen: int = 500_00, **changes: object) -> None:
    said = {
        "ground": FineGround.GI_REGULATION_26,
        "violated": VIOLATED,
        "evidence": ["现场检查笔录", "照片 3 张"],
        "confiscated_goods": "标称新会陈皮 10 包",
        "text": "责令改正，没收违法所得，并处罚款。",
    }
    decide(
        case,
        decided_on=clock.today(),
        **(said | changes),  # type: ignore[arg-type]
        amounts=Amounts(
            goods_value_fen=800_00,
            turnover_fen=0,
            gains_fen=100_00,
            confiscated_gains_fen=100_00,
            fine_fen=fine_fen,
        ),
        order_to_correct=True,
        by=person(who),
    )


def _id() -> str:
    return str(uuid.uuid4())
