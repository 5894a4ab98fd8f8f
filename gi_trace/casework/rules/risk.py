"""How urgent a lead is, with its reasons in words; and the order of the desk's queue. Pure.

The points are judgement, not law: they order a queue, and nothing is decided by them.
"""

from dataclasses import dataclass
from datetime import date

from gi_trace.casework.rules.money import Yuan
from gi_trace.errors import N_
from gi_trace.words import Worded

MOST = 100
SOON_WORKDAYS = 3
HIGH_VALUE_FEN = 50_000_00


class LeadSource(Worded):
    """With the points that it is worth, and the reason that says so."""

    points: int
    reason: str

    ALERT = "alert", N_("系统预警"), 30, N_("标识疑似被复制")
    REPORT = "report", N_("公众反映"), 15, N_("公众反映")
    FINDING = "finding", N_("巡查发现"), 40, N_("执法人员现场发现")
    STOCK = "stock", N_("台账"), 35, N_("台账数量不符")
    CITY = "city", N_("外地移送"), 30, N_("外地机关移送")
    OFFICER = "officer", N_("工作中发现"), 15, N_("工作中发现")


@dataclass(frozen=True)
class LeadFacts:
    """`earlier_leads` of the same respondent in the last year; `value_fen` 货值 as far as known."""

    source: LeadSource
    value_fen: int = 0
    authorised_respondent: bool = False
    earlier_leads: int = 0
    goods_preserved: bool = False
    units_concerned: int = 0
    other_sources: int = 0


@dataclass(frozen=True)
class Risk:
    """Points 0..100, and each reason as (text, facts of the text)."""

    points: int
    reasons: tuple[tuple[str, dict[str, object]], ...]


def risk_of(facts: LeadFacts) -> Risk:
    points = facts.source.points
    reasons: list[tuple[str, dict[str, object]]] = [(facts.source.reason, {})]

    def add(more: int, text: str, **shown: object) -> None:
        nonlocal points
        points += more
        reasons.append((text, shown))

    if facts.authorised_respondent:
        add(20, N_("被指的是有用标权的企业"))
    if facts.earlier_leads:
        add(
            min(20, 5 * facts.earlier_leads),
            N_("同一对象一年内另有 {count} 条线索"),
            count=facts.earlier_leads,
        )
    if facts.goods_preserved:
        add(20, N_("物品已先行登记保存或抽样，等待处理"))
    if facts.value_fen >= HIGH_VALUE_FEN:
        add(15, N_("货值 {value}"), value=str(Yuan(facts.value_fen)))
    if facts.units_concerned > 1:
        add(5, N_("涉及 {count} 件标识"), count=facts.units_concerned)
    if facts.other_sources:
        add(10, N_("另有 {count} 处来源指向同一批次"), count=facts.other_sources)
    return Risk(min(MOST, points), tuple(reasons))


def queue_key(*, workdays_left: int | None, points: int, received_on: date) -> tuple[int, int, int, date]:
    """Overdue leads first, the longest overdue on top; then those due within three workdays; then by risk."""
    if workdays_left is not None and workdays_left < 0:
        return (0, workdays_left, -points, received_on)
    if workdays_left is not None and workdays_left <= SOON_WORKDAYS:
        return (1, workdays_left, -points, received_on)
    return (2, -points, workdays_left or 0, received_on)
