"""Fictional leads, cases, a published decision, a campaign, reports and an office, for the demo."""

from collections.abc import Iterator
from datetime import timedelta

from gi_trace import clock
from gi_trace.batches.models import Batch
from gi_trace.campaigns.actions import CampaignFacts, add_team, open_campaign
from gi_trace.casework.actions.cases import decide, file_case, take_step
from gi_trace.casework.actions.leads import NewLead, assign_lead, note_lead
from gi_trace.casework.actions.papers import issue_paper
from gi_trace.casework.actions.publication import draft_publication, publish
from gi_trace.casework.models import Case, Lead
from gi_trace.casework.papers.kinds import CasePaperKind
from gi_trace.casework.papers.template import template_of
from gi_trace.casework.rules.fines import Amounts, FineGround
from gi_trace.casework.rules.leaving import LookedOver
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.rules.steps import Response, StepFact, StepKind
from gi_trace.database import db
from gi_trace.demo.faces import COPIED, LABELS
from gi_trace.demo.packing import demo_code
from gi_trace.demo.people import DemoPeople, photo
from gi_trace.demo.playing import Story
from gi_trace.offices.actions import register_office
from gi_trace.patrol.models import offences_in_use
from gi_trace.terms.legal import TermCode
from gi_trace.verification.models import ReportKind
from gi_trace.verification.reports import ReportFacts, answer_report, file_report

SHOP, ADDRESS = "示范干货店（演示）", "示范农贸市场"
LOOKED = LookedOver((), True)


def casework_of(people: DemoPeople) -> Iterator[Story]:
    """All of these stories."""
    yield decided(people)
    yield under_way(people)
    yield overdue(people)
    yield reported(people)
    yield campaign(people)


def decided(people: DemoPeople) -> Story:
    """From a lead to a decision that everybody reads."""
    today, (first, second) = clock.today(), people.inspectors
    yield today - timedelta(days=100)
    case = _filed("门店销售擅自使用地理标志名称的陈皮（演示）", people)
    yield today - timedelta(days=85)
    _investigated(case, "示市监罚告（演示）1号", people)
    yield today - timedelta(days=80)
    waived = {StepFact.RESPONSE.value: Response.WAIVED.value}
    take_step(case, StepKind.RESPONDED, on=clock.today(), text="当事人放弃陈述申辩。", facts=waived, by=first)
    yield today - timedelta(days=60)
    _decide(case, people)
    said = {fact: f"示范{fact.label}（演示）" for fact in template_of(CasePaperKind.DECISION).asked}
    issue_paper(CasePaperKind.DECISION, case.lead, said=said, looked=LOOKED, by=first)
    yield today - timedelta(days=55)
    served = {StepFact.SERVED_HOW.value: "直接送达", StepFact.RECEIVED_BY.value: "店主"}
    take_step(case, StepKind.SERVED, on=clock.today(), text="已送达。", facts=served, by=second)
    yield today - timedelta(days=50)
    text = draft_publication(case, [])
    publish(case, text, names=[], kept=TermCode.KEEP_PUBLISHED_LONG, looked=LOOKED, by=people.officer)


def under_way(people: DemoPeople) -> Story:
    """The party has been told what is meant to be decided, and has days to answer."""
    today = clock.today()
    yield today - timedelta(days=20)
    case = _filed("门店包装擅自使用地理标志名称（演示）", people)
    yield today - timedelta(days=6)
    _investigated(case, "示市监罚告（演示）2号", people)


def overdue(people: DemoPeople) -> Story:
    """A lead past its term, and a complaint of today; an office that answers on paper."""
    today, (first, second) = clock.today(), people.inspectors
    yield today - timedelta(days=30)
    assign_lead(_note("网店用“新会陈皮”名称销售外地皮（演示）", people), first, by=people.officer)
    names = ("guangxi-demo", "示范县市场监督管理局（演示）", "示范县")
    register_office(*names, in_agreement=False, public_key="", url="", by=people.officer)
    yield today
    complaint = NewLead(
        source=LeadSource.OFFICER,
        title="消费者投诉：年份与包装不符（演示）",
        what="包装标称十年，颜色与气味不符，商家拒绝退款。",
        received_on=today,
        respondent_name=SHOP,
        respondent_address=ADDRESS,
        claim="退货退款",
    )
    assign_lead(note_lead(complaint, by=people.officer), second, by=people.officer)


def reported(people: DemoPeople) -> Story:
    """What the public wrote: one answered, one that waits."""
    today = clock.today()
    yield today - timedelta(days=40)
    words = "扫码显示的企业和包装上的不一样。（演示）"
    answered = file_report(ReportFacts(ReportKind.REPORT, "", words, "示范农贸市场", ""), [photo()])
    yield today - timedelta(days=33)
    answer_report(answered, "已到现场核查，包装为仿制，另案处理。（演示）", closes=True, by=people.officer)
    yield today - timedelta(days=3)
    batch = db.session.query(Batch).filter_by(own_number=LABELS).one()
    words = "同一个码在两家店都见过。（演示）"
    facts = ReportFacts(ReportKind.REPORT, demo_code(batch, COPIED), words, "示范批发市场", "")
    file_report(facts, [photo("sienna")])


def campaign(people: DemoPeople) -> Story:
    today = clock.today()
    yield today - timedelta(days=10)
    facts = CampaignFacts(
        name="示范护航行动（演示）",
        area="示范农贸市场、示范批发市场",
        aim="节前检查陈皮、柑、大米的标识",
        starts_on=clock.today(),
        ends_on=today + timedelta(days=30),
        target_visits=20,
    )
    opened = open_campaign(facts, by=people.officer)
    add_team(
        opened, "一组", list(people.inspectors), area="示范农贸市场", target_visits=20, by=people.officer
    )


def _note(title: str, people: DemoPeople) -> Lead:
    new = NewLead(
        source=LeadSource.OFFICER,
        title=title,
        received_on=clock.today(),
        respondent_name=SHOP,
        respondent_address=ADDRESS,
    )
    return note_lead(new, by=people.officer)


def _filed(title: str, people: DemoPeople) -> Case:
    first, second = people.inspectors
    offence = next(iter(offences_in_use()), None)
    lead, reason = _note(title, people), "现场检查发现，证据充分"
    return file_case(lead, first, second, offence=offence, reason=reason, by=people.officer)


def _investigated(case: Case, number: str, people: DemoPeople) -> None:
    """All is looked into, and the notice of that number is served."""
    today, first = clock.today(), people.inspectors[0]
    take_step(case, StepKind.INVESTIGATED, on=today, text="调查终结，违法事实清楚。", by=first)
    notice = {StepFact.DOCUMENT_NUMBER.value: number}
    take_step(case, StepKind.NOTIFIED, on=today, text="已送达处罚告知书。", facts=notice, by=first)


def _decide(case: Case, people: DemoPeople) -> None:
    decide(
        case,
        decided_on=clock.today(),
        violated="当事人销售的包装擅自使用地理标志名称。",
        evidence=["现场检查笔录", "照片 3 张"],
        ground=FineGround.GI_REGULATION_26,
        amounts=Amounts(
            goods_value_fen=800_00,
            turnover_fen=0,
            gains_fen=100_00,
            confiscated_gains_fen=100_00,
            fine_fen=500_00,
        ),
        order_to_correct=True,
        confiscated_goods="标称新会陈皮 10 包",
        text="责令改正，没收违法所得，并处罚款。",
        by=people.officer,
    )
