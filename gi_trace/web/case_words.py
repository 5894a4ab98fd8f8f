"""The words of leads, cases, transfers between offices and campaigns; and how their clocks read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from gi_trace.casework.clocks_of import Clock, clock_name
from gi_trace.casework.models import LeadState, MediationOutcome, NumberKind, PauseKind
from gi_trace.casework.rules.clocks import TermUnit
from gi_trace.casework.rules.fines import FineGround
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.rules.steps import STATE_WORDS, CaseState, Response, StepKind
from gi_trace.casework.words import FACT_WORDS, RESPONSE_WORDS, STEP_WORDS
from gi_trace.offices.models import Answer, Direction
from gi_trace.offices.rules import MessageKind

SOON_WORKDAYS = 3

CASE_WORDS: dict[type, dict[Any, Any]] = {
    LeadSource: {
        LeadSource.ALERT: _("系统预警"),
        LeadSource.REPORT: _("公众反映"),
        LeadSource.FINDING: _("巡查发现"),
        LeadSource.STOCK: _("台账"),
        LeadSource.CITY: _("外地移送"),
        LeadSource.OFFICER: _("工作中发现"),
    },
    LeadState: {
        LeadState.OPEN: _("核查中"),
        LeadState.FILED: _("已立案"),
        LeadState.CLOSED: _("不予立案"),
        LeadState.TRANSFERRED: _("已移送外地"),
    },
    PauseKind: {
        PauseKind.TEST: _("检验检测"),
        PauseKind.IDENTIFICATION: _("权利人鉴定"),
    },
    MediationOutcome: {
        MediationOutcome.AGREED: _("达成协议"),
        MediationOutcome.FAILED: _("调解不成"),
        MediationOutcome.WITHDRAWN: _("投诉人撤回"),
    },
    CaseState: {state: _(text) for state, text in STATE_WORDS.items()},
    StepKind: {kind: _(text) for kind, text in STEP_WORDS.items()},
    Response: {response: _(text) for response, text in RESPONSE_WORDS.items()},
    FineGround: {
        FineGround.GI_REGULATION_26: _("《广东省地理标志条例》第二十六条"),
        FineGround.PRODUCT_QUALITY_53: _("《产品质量法》第五十三条"),
        FineGround.TRADEMARK_60: _("《商标法》第六十条"),
        FineGround.OTHER: _("其他法律依据（在决定内容中写明）"),
    },
    TermUnit: {
        TermUnit.WORKDAYS: _("个工作日"),
        TermUnit.DAYS: _("个日历日"),
        TermUnit.MONTHS: _("个月"),
    },
    NumberKind: {
        NumberKind.CASE: _("立案编号"),
        NumberKind.DECISION: _("处罚决定书编号"),
    },
    Direction: {Direction.OUT: _("发出"), Direction.IN: _("收到")},
    Answer: {Answer.ACCEPTED: _("接收"), Answer.REFUSED: _("退回")},
    MessageKind: {
        MessageKind.LEAD: _("移送线索"),
        MessageKind.ANSWER: _("答复"),
        MessageKind.RESULT: _("处理结果"),
        MessageKind.RECEIPT: _("签收"),
    },
}

CASE_ACTS = {
    "lead.noted": _("登记线索"),
    "lead.assigned": _("分派线索"),
    "lead.extended": _("延长核查期限"),
    "lead.paused": _("暂停计时"),
    "lead.resumed": _("恢复计时"),
    "lead.closed": _("不予立案"),
    "lead.amended": _("补充线索"),
    "lead.merged": _("并入另一线索"),
    "complaint.accepted": _("受理投诉"),
    "complaint.refused": _("不受理投诉"),
    "complaint.ended": _("调解结束"),
    "informant.revealed": _("查看来信人身份"),
    "informant.told": _("告知来信人"),
    "case.filed": _("立案"),
    "case.investigated": _("调查终结"),
    "case.notified": _("处罚告知"),
    "case.responded": _("陈述、申辩或听证"),
    "case.decided": _("处罚决定"),
    "case.served": _("送达"),
    "case.police": _("移送公安"),
    "case.closed": _("结案"),
    "case.officers_changed": _("更换办案人员"),
    "case.stopped_units": _("据案冻结、召回或认定仿冒"),
    "case.exported": _("导出证据包"),
    "decision.published": _("公开处罚决定"),
    "decision.withdrawn": _("撤下公开"),
    "calendar.entered": _("录入放假安排"),
    "term.set": _("更改期限"),
    "number_form.set": _("更改编号格式"),
    "office.registered": _("登记外地机关"),
    "office.retired": _("停用外地机关"),
    "lead_transfer.sent": _("移送外地"),
    "lead_transfer.answered": _("答复移送"),
    "lead_transfer.result_reported": _("反馈处理结果"),
    "lead_transfer.receipted": _("收到签收"),
    "lead_transfer.received_on_paper": _("登记书面签收"),
    "lead_transfer.answered_on_paper": _("登记书面答复"),
    "lead_transfer.result_on_paper": _("登记书面结果"),
    "lead_transfer.lead_received": _("收到外地移送"),
    "lead_transfer.original_received": _("收到移送的照片原件"),
    "lead_transfer.original_receipted": _("对方签收照片原件"),
    "lead_transfer.original_viewed": _("查看移送的照片原件"),
    "lead_transfer.answer_received": _("收到答复"),
    "lead_transfer.result_received": _("收到处理结果"),
    "campaign.opened": _("开展专项行动"),
    "campaign.team_added": _("增加行动小组"),
    "campaign.closed": _("结束专项行动"),
    "campaign.printed": _("打印行动报告"),
}


def clock_text(clock: Clock) -> str:
    """What is left of a term, in words."""
    if clock.workdays_left < 0:
        return gettext("已逾期 {count} 个工作日").format(count=-clock.workdays_left)
    if clock.workdays_left == 0:
        return gettext("今天到期")
    return gettext("还有 {count} 个工作日").format(count=clock.workdays_left)


def clock_kind(clock: Clock) -> str:
    """Kind of its tag: bad, warn or quiet."""
    if clock.workdays_left < 0:
        return "bad"
    return "warn" if clock.workdays_left <= SOON_WORKDAYS else "quiet"


def clock_name_text(code: str) -> str:
    return gettext(clock_name(code))


def reason_text(reason: list[Any]) -> str:
    """A reason of a lead's risk, as stored: [msgid, facts]."""
    text, facts = reason
    return gettext(text).format(**facts)


def step_lines(facts: Mapping[str, Any]) -> list[str]:
    """The facts of a step that have words, one a line."""
    known = [(FACT_WORDS[name], value) for name, value in facts.items() if name in FACT_WORDS and value]
    return [gettext(text) + gettext("：") + _fact(value) for text, value in known]


def weeks(days: Sequence[tuple[date, bool]]) -> list[list[tuple[date, bool] | None]]:
    """The days of a month in weeks from Monday, None where the month has no day."""
    cells: list[tuple[date, bool] | None] = [None] * days[0][0].weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _fact(value: Any) -> str:
    return gettext(RESPONSE_WORDS[Response(value)]) if value in list(Response) else str(value)


CASE_FILTERS: dict[str, Callable[..., Any]] = {
    "step_lines": step_lines,
    "weeks": weeks,
    "clock_text": clock_text,
    "clock_kind": clock_kind,
    "clock_name": clock_name_text,
    "reason_text": reason_text,
}
