"""Fictional leads, a case and a campaign, for the demo."""

from datetime import timedelta

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.campaigns.actions import CampaignFacts, add_team, open_campaign
from gi_trace.casework.actions.cases import file_case, take_step
from gi_trace.casework.actions.leads import NewLead, assign_lead, note_lead
from gi_trace.casework.models import Lead
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.rules.steps import StepFact, StepKind
from gi_trace.offices.actions import register_office
from gi_trace.patrol.models import offences_in_use

SHOP, ADDRESS = "示范干货店（演示）", "示范农贸市场"


def load_demo_casework(officer: Account, first: Account, second: Account) -> None:
    """One lead overdue, one complaint, one case on its way, a campaign, an office that answers on paper."""
    assign_lead(_note("网店用“新会陈皮”名称销售外地皮（演示）", days_ago=30, by=officer), first, by=officer)
    complaint = NewLead(
        source=LeadSource.OFFICER,
        title="消费者投诉：年份与包装不符（演示）",
        what="包装标称十年，颜色与气味不符，商家拒绝退款。",
        received_on=clock.today(),
        respondent_name=SHOP,
        respondent_address=ADDRESS,
        claim="退货退款",
    )
    assign_lead(note_lead(complaint, by=officer), second, by=officer)
    _case(officer, first, second)
    _campaign(officer, first, second)
    names = ("guangxi-demo", "示范县市场监督管理局（演示）", "示范县")
    register_office(*names, in_agreement=False, public_key="", url="", by=officer)


def _note(title: str, *, days_ago: int = 0, by: Account) -> Lead:
    received_on = clock.today() - timedelta(days=days_ago)
    new = NewLead(source=LeadSource.OFFICER, title=title, received_on=received_on, respondent_address=ADDRESS)
    return note_lead(new, by=by)


def _case(officer: Account, first: Account, second: Account) -> None:
    lead = _note("门店包装擅自使用地理标志名称（演示）", by=officer)
    offences = offences_in_use()
    offence = offences[0] if offences else None
    case = file_case(lead, first, second, offence=offence, reason="现场检查发现，证据充分", by=officer)
    take_step(case, StepKind.INVESTIGATED, on=clock.today(), text="调查终结，违法事实清楚。", by=first)
    notice = {StepFact.DOCUMENT_NUMBER.value: "示市监罚告（演示）1号"}
    take_step(case, StepKind.NOTIFIED, on=clock.today(), text="已送达处罚告知书。", facts=notice, by=first)


def _campaign(officer: Account, first: Account, second: Account) -> None:
    today = clock.today()
    facts = CampaignFacts(
        name="示范护航行动（演示）",
        area="示范农贸市场、示范批发市场",
        aim="节前检查陈皮、柑、大米的标识",
        starts_on=today,
        ends_on=today + timedelta(days=30),
        target_visits=20,
    )
    campaign = open_campaign(facts, by=officer)
    add_team(campaign, "一组", [first, second], area="示范农贸市场", target_visits=20, by=officer)
