"""The papers of a case: filled from what is there, numbered without gaps, the same for ever once issued.

GI_TRACE_APPROVE=1 writes the approved texts anew; read the difference before you commit it.
"""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from gi_trace.casework.actions.bundle import export_case
from gi_trace.casework.actions.goods import settle_goods
from gi_trace.casework.actions.papers import draft_paper, issue_paper, pdf_of, texts_of_paper
from gi_trace.casework.dossier import evidence_list
from gi_trace.casework.models import CasePaper, Lead, papers_of
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact
from gi_trace.casework.papers.template import template_of, versions_of
from gi_trace.casework.rules.fines import FineGround
from gi_trace.casework.rules.goods import GoodsOutcome
from gi_trace.casework.rules.leaving import LookedOver, NotLookedOver
from gi_trace.casework.rules.papers import PaperIncomplete, PaperIssuedAlready
from gi_trace.casework.rules.steps import NotOnCase, Response, StepKind, StepOutOfOrder
from gi_trace.database import db
from gi_trace.patrol.rules import LabelField, Measure
from gi_trace.record.models import RecordRow
from tests.at_once import at_once
from tests.casework import (
    add_photo,
    add_scan,
    decide_case,
    issue_decision,
    make_case,
    make_finding,
    make_heard_case,
    make_lead,
    make_served_case,
    step,
)
from tests.cast import person

APPROVED = Path(__file__).parent / "approved_papers"
SAID = {fact: f"（{fact.label}）" for fact in PaperFact if fact.is_asked}
SEEN = LookedOver((), True)
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def autumn(at, app):
    at("2026-11-24T08:00+00:00")


def make_whole_case():
    """One of which everything is known: goods kept for proof, photos, a scan, a decision that was served."""
    finding = make_finding(
        measure=Measure.PRESERVED,
        measure_on=TODAY,
        measure_number="示登 1 号",
        quantity_unit="包",
        supplier="示范批发部",
        statement="不清楚来源",
    )
    add_scan(finding, "https://codes.example/c/2ABCD")
    add_photo(finding)
    lead = make_lead(finding_ids=(finding.id,), respondent_code="91440705MA5DEM01XX", value_fen=800_00)
    settle_goods(
        lead, finding, GoodsOutcome.CONFISCATED, on=TODAY, text="随案没收，存放物证室", by=person("chen")
    )
    case = make_served_case(lead)
    step(case, StepKind.CLOSED, who="zhao")
    return case


def issue(kind, lead, **changes):
    told = {"said": SAID, "looked": SEEN, "by": person("chen")} | changes
    visit = lead.findings[0].visit if lead.findings else None
    return issue_paper(kind, lead, visit, **told)


def text_of(draft):
    lines = [draft.title, draft.number]
    for block in draft.blocks:
        lines.append(f"[{block.kind}]")
        lines += [*block.texts, *(" | ".join(row) for row in block.rows)]
    return re.sub(r"\b[0-9a-f]{64}\b", "<SHA-256>", "\n".join(lines)) + "\n"


def test_each_paper_says_what_was_approved():
    case, differing = make_whole_case(), []
    lead = case.lead
    for kind in CasePaperKind:
        paper = issue_decision(case) if kind is CasePaperKind.DECISION else issue(kind, lead)
        words, known = text_of(paper.draft), APPROVED / f"{kind.value}-{paper.draft.version}.txt"
        if os.environ.get("GI_TRACE_APPROVE"):
            known.write_text(words)
        if words != known.read_text():
            differing.append((known.name, words))
    assert differing == []


def test_what_is_missing_is_marked_in_the_draft_and_keeps_a_paper_from_being_issued():
    lead = make_lead(respondent_address="")
    draft = draft_paper(CasePaperKind.PENALTY_NOTICE, lead)
    assert "【待填：地址】" in text_of(draft) and "地址" in draft.missing and draft.number == ""
    with pytest.raises(PaperIncomplete, match="地址"):
        issue(CasePaperKind.PENALTY_NOTICE, lead)
    db.session.rollback()
    assert papers_of(lead) == []


def test_of_a_bare_lead_every_paper_has_a_draft():
    lead = make_lead()
    for kind in CasePaperKind:
        draft = draft_paper(kind, lead)
        assert draft.missing and "【待填：" in text_of(draft)


def test_papers_are_numbered_by_kind_and_year_and_a_refused_one_leaves_no_gap(at):
    lead = make_whole_case().lead
    numbers = [issue(CasePaperKind.CORRECTION, lead).number]
    with pytest.raises(PaperIncomplete):
        issue(CasePaperKind.CORRECTION, lead, said={})
    db.session.rollback()
    with pytest.raises(PaperIssuedAlready, match=numbers[0]):
        issue(CasePaperKind.CORRECTION, lead)
    db.session.rollback()
    other = SAID | {PaperFact.CORRECT_BY: "三日内"}
    numbers += [
        issue(CasePaperKind.CORRECTION, lead, said=other).number,
        issue(CasePaperKind.INTERVIEW, lead).number,
    ]
    at("2027-01-04T08:00+00:00")
    numbers.append(issue(CasePaperKind.CORRECTION, lead).number)
    assert numbers == [
        "示市监责改〔2026〕1号",
        "示市监责改〔2026〕2号",
        "示市监询〔2026〕1号",
        "示市监责改〔2027〕1号",
    ]


def test_two_who_issue_at_once_get_two_numbers_in_a_row(app):
    lead_id = make_whole_case().lead_id

    def issue_within(days):
        said = SAID | {PaperFact.CORRECT_BY: days}
        return lambda: issue(CasePaperKind.CORRECTION, db.session.get(Lead, lead_id), said=said)

    assert at_once(app, issue_within("三日内"), issue_within("五日内")) == ["done", "done"]
    numbers = {one.number for one in db.session.query(CasePaper).filter_by(kind=CasePaperKind.CORRECTION)}
    assert numbers == {"示市监责改〔2026〕1号", "示市监责改〔2026〕2号"}


def test_an_issued_paper_stays_the_same_to_the_byte(app, at):
    paper = issue(CasePaperKind.CORRECTION, make_whole_case().lead)
    paper_id = paper.id
    db.session.commit()
    with ThreadPoolExecutor(2) as pool:
        drawn = list(pool.map(lambda _: _drawn(app, paper_id), range(2)))
    at("2027-03-01T08:00+00:00")
    db.session.expire_all()
    assert len({*drawn, pdf_of(paper)}) == 1
    assert db.session.query(RecordRow).filter_by(act="paper.drawn").count() == 1


def _drawn(app, paper_id):
    with app.app_context():
        return pdf_of(db.session.get(CasePaper, paper_id))


def test_the_papers_of_a_case_and_of_its_decision_go_by_their_numbers_and_exist_once():
    case = make_whole_case()
    filing, decision = issue(CasePaperKind.FILING, case.lead), issue_decision(case)
    assert (filing.number, decision.number) == (case.number, case.decision.number)
    with pytest.raises(PaperIssuedAlready, match="处罚"):
        issue(CasePaperKind.DECISION, case.lead)


def test_a_bundle_holds_the_papers_that_were_issued(tmp_path):
    case = make_whole_case()
    paper = issue(CasePaperKind.INSPECTION, case.lead)
    export_case(case, tmp_path / "case.zip", by=person("chen"))
    with ZipFile(tmp_path / "case.zip") as bundle:
        told = json.loads(bundle.read("case.json"))["papers"]
        assert bundle.read(f"papers/inspection-{paper.id}.pdf") == pdf_of(paper)
    assert (paper.number, paper.pdf_sha256) in [(one["number"], one["sha256"]) for one in told]
    assert f"现场检查笔录　{paper.number}" in evidence_list(case.lead)


def test_a_decision_is_no_paper_before_it_is_one():
    case = make_heard_case(make_whole_lead())
    with pytest.raises(PaperIncomplete, match="处罚依据"):
        issue(CasePaperKind.DECISION, case.lead)


def make_whole_lead():
    finding = make_finding()
    return make_lead(finding_ids=(finding.id,))


def test_only_who_works_on_a_matter_issues_its_papers():
    with pytest.raises(NotOnCase):
        issue(CasePaperKind.INTERVIEW, make_whole_lead(), by=person("he"))
    db.session.rollback()
    with pytest.raises(NotOnCase):
        issue(CasePaperKind.INTERVIEW, make_whole_lead(), by=person("zhao"))


def test_a_case_is_not_closed_on_paper_before_its_way_allows_it():
    with pytest.raises(StepOutOfOrder):
        issue(CasePaperKind.CLOSING, make_heard_case(make_whole_lead()).lead)


def test_a_paper_that_goes_out_is_looked_over_and_what_stays_is_not():
    lead = make_case(make_whole_lead()).lead
    said = SAID | {
        PaperFact.CORRECT_WHAT: "店主陈大文撤下货架上的包装",
        PaperFact.INTERVIEW_TEXT: "我叫陈大文。",
    }
    with pytest.raises(NotLookedOver):
        issue(CasePaperKind.CORRECTION, lead, said=said, looked=LookedOver())
    db.session.rollback()
    masked = issue(CasePaperKind.CORRECTION, lead, said=said, looked=LookedOver(("陈大文",), True))
    assert "陈某某撤下" in text_of(masked.draft)
    assert "陈大文" in text_of(issue(CasePaperKind.INTERVIEW, lead, said=said, looked=LookedOver()).draft)


TOLD = "赵告密（137 0000 0007）购得的1盒"


def make_case_full_of_the_informant(**changes):
    """Whatever somebody may write in words of his own names him; so does what an officer adds to a paper."""
    words = {
        "supplier": TOLD,
        "statement": TOLD,
        "note": TOLD,
        "quantity_unit": "赵告密的盒",
        "measure_number": TOLD,
    }
    label = {field.value: TOLD for field in LabelField}
    finding = make_finding(measure=Measure.PRESERVED, measure_on=TODAY, label=label, **words)
    lead = {
        "title": TOLD,
        "what": TOLD,
        "respondent_address": TOLD,
        "identity": "赵告密 13700000007",
    } | changes
    case = make_case(make_lead(finding_ids=(finding.id,), respondent_code="91440705MA5DEM01XX", **lead))
    settle_goods(
        case.lead, finding, GoodsOutcome.CONFISCATED, on=TODAY, text=f"已交物证室，{TOLD}", by=person("chen")
    )
    step(case, StepKind.INVESTIGATED, text=TOLD)
    step(case, StepKind.NOTIFIED, text=TOLD)
    step(case, StepKind.RESPONDED, text=TOLD, facts={"response": Response.STATEMENT})
    told = {
        "violated": TOLD,
        "evidence": [TOLD],
        "ground_text": TOLD,
        "confiscated_goods": TOLD,
        "text": TOLD,
    }
    decide_case(case, ground=FineGround.OTHER, **told)
    return case


def test_who_told_us_stands_in_no_paper_that_goes_out_whatever_was_ticked():
    lead = make_case_full_of_the_informant().lead
    said = {fact: TOLD for fact in PaperFact if fact.is_asked}
    for kind in [one for one in CasePaperKind if one.goes_out]:
        assert "赵告密" not in text_of(draft_paper(kind, lead, lead.findings[0].visit, said)), kind
        words = text_of(issue(kind, lead, said=said).draft)
        assert "赵某某（***）购得的1盒" in words, kind
        assert "赵告密" not in words and "0007" not in words, kind


def test_the_look_at_a_paper_is_at_all_that_anybody_wrote_in_it():
    lead = make_case_full_of_the_informant(identity="").lead
    for kind in [one for one in CasePaperKind if one.goes_out]:
        visit, said = lead.findings[0].visit, {PaperFact.SERVED_HOW: TOLD}
        words = text_of(draft_paper(kind, lead, visit, said))
        assert TOLD in words, kind
        for text in sorted(texts_of_paper(kind, lead, visit, said), key=len, reverse=True):
            words = words.replace(text, "")
        assert TOLD not in words, kind


def test_every_version_of_a_template_can_still_be_read():
    for kind in CasePaperKind:
        for version in versions_of(kind):
            template = template_of(kind, version)
            assert template.title and template.law and template.facts
            assert set(template.optional) <= {*PaperFact, "photos", "scans", "goods", "evidence"}
