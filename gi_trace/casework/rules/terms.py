"""The legal terms that run on leads and cases, as they are until the authority enters others. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from gi_trace.casework.rules.clocks import Term, TermUnit
from gi_trace.errors import N_


class TermCode(StrEnum):
    CHECK_LEAD = "check_lead"
    EXTENSION = "extension"
    ACCEPT_COMPLAINT = "accept_complaint"
    MEDIATION = "mediation"
    TELL_INFORMANT = "tell_informant"
    HEARING = "hearing"
    PUBLISH = "publish"
    KEEP_PUBLISHED_SHORT = "keep_published_short"
    KEEP_PUBLISHED_LONG = "keep_published_long"
    WITHDRAW_PUBLISHED = "withdraw_published"


@dataclass(frozen=True)
class TermText:
    """A term with its name and where it comes from."""

    term: Term
    name: str
    source: str


def _workdays(amount: int) -> Term:
    return Term(amount, TermUnit.WORKDAYS)


FIRST_TERMS = {
    TermCode.CHECK_LEAD: TermText(
        _workdays(15), N_("核查线索并决定是否立案"), "市场监督管理行政处罚程序规定 第十八条"
    ),
    TermCode.EXTENSION: TermText(
        _workdays(15), N_("核查期限的延长（须批准）"), "市场监督管理行政处罚程序规定 第十八条"
    ),
    TermCode.ACCEPT_COMPLAINT: TermText(
        _workdays(7), N_("决定是否受理投诉"), "市场监督管理投诉举报处理暂行办法"
    ),
    TermCode.MEDIATION: TermText(
        Term(45, TermUnit.DAYS), N_("调解"), "市场监督管理投诉举报处理暂行办法；按日历日从严计算"
    ),
    TermCode.TELL_INFORMANT: TermText(
        _workdays(5), N_("告知实名举报人处理结果"), "市场监督管理投诉举报处理暂行办法 第三十一条"
    ),
    TermCode.HEARING: TermText(_workdays(5), N_("当事人陈述、申辩或要求听证"), "行政处罚法 第六十四条"),
    TermCode.PUBLISH: TermText(_workdays(20), N_("公开处罚决定"), "处罚信息公示规定"),
    TermCode.KEEP_PUBLISHED_SHORT: TermText(
        Term(3, TermUnit.MONTHS), N_("公开期（较轻）"), "处罚信息公示规定"
    ),
    TermCode.KEEP_PUBLISHED_LONG: TermText(
        Term(36, TermUnit.MONTHS), N_("公开期（较重）"), "处罚信息公示规定"
    ),
    TermCode.WITHDRAW_PUBLISHED: TermText(_workdays(3), N_("决定被撤销后撤下公开"), "处罚信息公示规定"),
}
