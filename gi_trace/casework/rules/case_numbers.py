"""Numbers of cases and papers in the office's own form, counted anew each year. Pure."""

import re

from gi_trace.errors import N_, Refused
from gi_trace.words import Worded

FIELD = re.compile(r"\{(\w*)[^{}]*\}")


class NumberKind(Worded):
    """With the form that it has until the office gives another."""

    first_form: str

    CASE = "case", N_("立案编号"), "示市监立〔{year}〕{serial}号"
    DECISION = "decision", N_("处罚决定书编号"), "示市监处罚〔{year}〕{serial}号"
    INSPECTION = "inspection", N_("现场检查笔录文号"), "示市监检〔{year}〕{serial}号"
    INTERVIEW = "interview", N_("询问笔录文号"), "示市监询〔{year}〕{serial}号"
    PRESERVATION = "preservation", N_("先行登记保存通知书文号"), "示市监登保〔{year}〕{serial}号"
    GOODS_DECISION = "goods_decision", N_("登记保存处理决定文号"), "示市监登处〔{year}〕{serial}号"
    CORRECTION = "correction", N_("责令改正通知书文号"), "示市监责改〔{year}〕{serial}号"
    PENALTY_NOTICE = "penalty_notice", N_("行政处罚告知书文号"), "示市监罚告〔{year}〕{serial}号"
    HEARING_NOTICE = "hearing_notice", N_("听证告知书文号"), "示市监听告〔{year}〕{serial}号"
    SERVICE = "service", N_("送达回证文号"), "示市监送〔{year}〕{serial}号"
    TRANSFER = "transfer", N_("移送函文号"), "示市监移〔{year}〕{serial}号"
    EXTENSION = "extension", N_("延长办案期限审批表文号"), "示市监延〔{year}〕{serial}号"
    CLOSING = "closing", N_("结案审批表文号"), "示市监结〔{year}〕{serial}号"


class NumberFormUnfit(Refused):
    code = "number_form_unfit"
    text = N_("编号格式须各含一次 {{year}} 和 {{serial}}，例如“示市监处罚〔{{year}}〕{{serial}}号”。")


class NumberFormTaken(Refused):
    code = "number_form_taken"
    text = N_("另一种文书已用此格式；同一文号不能出现在两种文书上。")


def check_number_form(form: str) -> None:
    plain = form.count("{") == form.count("}") == 2
    if not plain or sorted(FIELD.findall(form)) != ["serial", "year"] or ":" in form or "!" in form:
        raise NumberFormUnfit


def number_of(form: str, *, year: int, serial: int) -> str:
    """`示市监处罚〔{year}〕{serial}号` gives 示市监处罚〔2026〕177号."""
    return form.replace("{year}", str(year)).replace("{serial}", str(serial))
