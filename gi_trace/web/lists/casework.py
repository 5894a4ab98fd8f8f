"""Leads and cases as lists: of the whole office, or of one person's work."""

from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased, joinedload

from gi_trace.accounts.models import Account
from gi_trace.casework.models import (
    CASES_FOR_QUEUE,
    LEADS_FOR_QUEUE,
    Case,
    Decision,
    Lead,
    LeadState,
    is_in_hand,
)
from gi_trace.casework.queue import QueuedCase, QueuedLead, queued_cases, queued_leads, ranked
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.rules.steps import CaseState
from gi_trace.names import number_behind
from gi_trace.registry.finding import name_has
from gi_trace.terms.deadlines import Clock
from gi_trace.web.casework.fields import people
from gi_trace.web.casework.texts import clock_kind, clock_text, reason_text, risk_kind
from gi_trace.web.lists.filters import person_filter, product_filter, text_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.words import day_text, label, yuan_text

IN_HAND = "in_hand"


def lead_listing(*whose: ColumnElement[bool], **more: Any) -> Listing:
    """Leads that the conditions let through; those in hand, the most urgent first, unless others are asked for."""
    return Listing(
        name="leads",
        title=_("线索"),
        query=select(Lead).outerjoin(Lead.assigned_to).where(*whose),
        headings=[
            Heading("number", _("线索"), _lead_link, Lead.id, "wide"),
            Heading("clock", _("期限"), lambda one: clock_cells(one.clock)),
            Heading("risk", _("风险"), _risk, Lead.risk_points),
            Heading("handler", _("办理人"), _handler, Account.name),
            Heading(
                "respondent", _("被指的单位或个人"), lambda one: one.lead.respondent_name, only_in_file=True
            ),
            Heading("source", _("来源"), lambda one: label(one.lead.source), Lead.source),
            Heading("received_on", _("收到日期"), lambda one: one.lead.received_on, Lead.received_on),
            Heading("state", _("状态"), _lead_state),
        ],
        order=[Lead.settled_on.desc().nulls_first(), Lead.id.desc()],
        filters=[
            text_filter(_("线索号、标题、单位或代码"), lead_is_called),
            Filter("show", _("状态"), _lead_shown, choices=LEAD_STATES, default=IN_HAND),
            Filter("source", _("来源"), lambda value: Lead.source == value, choices=worded(LeadSource)),
            product_filter(lambda product: Lead.product_id == product.id),
            person_filter("handler", _("办理人"), lambda number: Lead.assigned_to_id == number, people()),
        ],
        loaded=[*LEADS_FOR_QUEUE, joinedload(Lead.product)],
        told=queued_leads,
        rank=ranked,
        empty=_("没有待处理的线索。"),
        **more,
    )


LEAD_STATES = [
    (IN_HAND, _("待处理")),
    ("settled", _("已处理的线索")),
    *worded(LeadState),
]


def _lead_shown(value: str) -> ColumnElement[bool]:
    if value == IN_HAND:
        return is_in_hand()
    return Lead.state != LeadState.OPEN if value == "settled" else Lead.state == value


def lead_is_called(asked: str) -> ColumnElement[bool]:
    code = asked.upper().replace(" ", "")
    return (
        (Lead.id == number_behind("XS", asked))
        | (func.upper(Lead.respondent_code) == code)
        | name_has(Lead.title, asked)
        | name_has(Lead.respondent_name, asked)
    )


def _lead_link(one: QueuedLead) -> Link:
    return Link(f"{one.lead.number} {one.lead.title}", url_for(".show_lead", lead_id=one.lead.id))


def clock_cells(clock: Clock | None) -> list[Any]:
    if clock is None:
        return []
    name = gettext(clock.label)
    return [f"{name} {day_text(clock.deadline.day)}", Tag(clock_text(clock), clock_kind(clock))]


def _risk(one: QueuedLead) -> list[Any]:
    points = one.lead.risk_points
    tag = Tag(_("风险 {points}").format(points=points), risk_kind(points))
    return [tag, *(reason_text(reason) for reason in one.lead.risk_reasons)]


def _handler(one: QueuedLead) -> Any:
    lead = one.lead
    if lead.holder_left:
        return Tag(_("办理人已离岗，须改派"), "bad")
    return lead.assigned_to.name if lead.assigned_to else Tag(_("未分派"), "warn")


def _lead_state(one: QueuedLead) -> list[Any]:
    return [Tag(label(one.lead.state)), *([one.lead.settle_reason] if one.lead.settle_reason else [])]


def case_listing(*whose: ColumnElement[bool], **more: Any) -> Listing:
    """Cases that the conditions let through; open ones, the most urgent first, unless others are asked for."""
    first = aliased(Account)
    query = select(Case).join(Case.lead).join(first, Case.first_officer).outerjoin(Case.decision)
    return Listing(
        name="cases",
        title=_("案件"),
        query=query.where(*whose),
        headings=[
            Heading("number", _("案件"), _case_link, Case.number),
            Heading("respondent", _("当事人"), _respondent, Lead.respondent_name, "wide"),
            Heading("state", _("状态"), lambda one: Tag(label(one.case.state), "warn"), Case.state),
            Heading("clock", _("期限"), lambda one: clock_cells(one.clock)),
            Heading(
                "officers", _("办案人员"), lambda one: [who.name for who in one.case.officers], first.name
            ),
            Heading("filed_on", _("立案日期"), lambda one: one.case.filed_on, Case.filed_on),
            Heading("decision", _("处罚决定"), _decision, Decision.number),
            Heading("fine", _("罚款"), _fine, Decision.fine_fen, "number"),
        ],
        order=[Case.id.desc()],
        filters=[
            text_filter(_("案号、决定书号、当事人或代码"), case_is_called),
            Filter("show", _("状态"), _case_shown, choices=CASE_STATES, default="open"),
            product_filter(lambda product: Lead.product_id == product.id),
            person_filter("handler", _("办案人员"), in_hands_of, people()),
        ],
        loaded=CASES_FOR_QUEUE,
        told=queued_cases,
        rank=ranked,
        empty=_("没有在办的案件。"),
        **more,
    )


CASE_STATES = [("open", _("在办")), *worded(CaseState)]


def _case_shown(value: str) -> ColumnElement[bool]:
    return Case.state != CaseState.CLOSED if value == "open" else Case.state == value


def case_is_called(asked: str) -> ColumnElement[bool]:
    number = asked.replace(" ", "")
    numbers = Case.number.contains(number, autoescape=True) | Decision.number.contains(
        number, autoescape=True
    )
    code = func.upper(Lead.respondent_code) == number.upper()
    return numbers | code | name_has(Lead.respondent_name, asked)


def in_hands_of(account_id: int) -> ColumnElement[bool]:
    return (Case.first_officer_id == account_id) | (Case.second_officer_id == account_id)


def _case_link(one: QueuedCase) -> Link:
    return Link(one.case.number, url_for(".show_case", case_id=one.case.id))


def _respondent(one: QueuedCase) -> str:
    return one.case.lead.respondent_name or one.case.lead.title


def _decision(one: QueuedCase) -> str:
    return one.case.decision.number if one.case.decision else ""


def _fine(one: QueuedCase) -> str:
    return yuan_text(one.case.decision.fine_fen) if one.case.decision else ""
