"""The terms that run on leads, cases and applications, as they are until the authority enters others. Pure."""

from gi_trace.errors import N_
from gi_trace.terms.deadlines import Term, TermUnit
from gi_trace.words import Worded

PROCEDURE = "市场监督管理行政处罚程序规定 第十八条"
COMPLAINTS = "市场监督管理投诉举报处理暂行办法"
STATEMENT_SOURCE = "行政处罚法 第四十四条、第四十五条未定天数；按听证期限办理，请按本局规定核对"
PUBLICITY = "处罚信息公示规定"
NO_SOURCE = "尚无法规出处，请按本局公布的办事时限更改"  # NF: never shown as law


def _workdays(amount: int) -> Term:
    return Term(amount, TermUnit.WORKDAYS)


class TermCode(Worded):
    """A term with its name, and where it comes from."""

    first: Term
    source: str

    @property
    def least(self) -> Term | None:
        """What a citizen or party has by law: the office may give more, never less."""
        return self.first if self in LEAST else None

    CHECK_LEAD = "check_lead", N_("核查线索并决定是否立案"), _workdays(15), PROCEDURE
    EXTENSION = "extension", N_("核查期限的延长（须批准）"), _workdays(15), PROCEDURE
    ACCEPT_COMPLAINT = "accept_complaint", N_("决定是否受理投诉"), _workdays(7), COMPLAINTS
    MEDIATION = "mediation", N_("调解"), Term(45, TermUnit.DAYS), f"{COMPLAINTS}；按日历日从严计算"
    TELL_INFORMANT = "tell_informant", N_("告知实名举报人处理结果"), _workdays(5), f"{COMPLAINTS} 第三十一条"
    STATEMENT = "statement", N_("当事人陈述、申辩"), _workdays(5), STATEMENT_SOURCE
    HEARING = "hearing", N_("当事人要求听证"), _workdays(5), "行政处罚法 第六十四条"
    DECIDE_CASE = "decide_case", N_("作出处罚决定"), Term(90, TermUnit.DAYS), "行政处罚法 第六十条"
    EXTEND_CASE = (
        "extend_case",
        N_("负责人批准的办案延期"),
        Term(30, TermUnit.DAYS),
        "市场监督管理行政处罚程序规定 第六十四条",
    )
    PUBLISH = "publish", N_("公开处罚决定"), _workdays(20), PUBLICITY
    KEEP_PUBLISHED_SHORT = "keep_published_short", N_("公开期（较轻）"), Term(3, TermUnit.MONTHS), PUBLICITY
    KEEP_PUBLISHED_LONG = "keep_published_long", N_("公开期（较重）"), Term(36, TermUnit.MONTHS), PUBLICITY
    RECONSIDERATION = (
        "reconsideration",
        N_("对用标权的决定申请行政复议"),
        Term(60, TermUnit.DAYS),
        "行政复议法 第二十条",
    )
    WITHDRAW_PUBLISHED = "withdraw_published", N_("决定被撤销后撤下公开"), _workdays(3), PUBLICITY
    CHECK_APPLICATION = "check_application", N_("区县核查用标申请"), _workdays(20), NO_SOURCE
    CORRECT_APPLICATION = "correct_application", N_("申请人补正用标申请"), _workdays(15), NO_SOURCE
    DECIDE_APPLICATION = "decide_application", N_("市级决定用标申请"), _workdays(20), NO_SOURCE


LEAST = {TermCode.STATEMENT, TermCode.HEARING, TermCode.RECONSIDERATION}
