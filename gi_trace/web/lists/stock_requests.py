"""Requests of firms and villages as a list: of the authority, or one's own."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload

from gi_trace.batches.unit_entries import in_words
from gi_trace.batches.unpacking import asked_units
from gi_trace.database import db
from gi_trace.names import number_behind
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.finding import party_is_called
from gi_trace.registry.models import Party
from gi_trace.stock.models import Plot, RequestKind, RequestState, StockRequest
from gi_trace.web.lists.filters import day_filters, state_filter, text_filter, town_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.words import kg_text, label

STATE_KINDS = {RequestState.OPEN: "warn", RequestState.GRANTED: "good", RequestState.REFUSED: "bad"}


def request_listing(*whose: ColumnElement[bool], **more: Any) -> Listing:
    """Those that wait first."""
    return Listing(
        name="stock-requests",
        title=_("更正与补报申请"),
        query=select(StockRequest).join(StockRequest.party).where(*whose),
        headings=[
            Heading("number", _("申请号"), _link, StockRequest.id),
            Heading("kind", _("事项"), lambda request: label(request.kind), StockRequest.kind),
            Heading("party", _("企业或种植户"), lambda request: request.party.name, Party.name),
            Heading("about", _("内容"), _about, kind="wide"),
            Heading("reason", _("原因"), lambda request: request.reason, kind="wide"),
            Heading("asked", _("提出"), _asked, StockRequest.asked_at),
            Heading("state", _("状态"), request_tag, StockRequest.state),
            Heading("answered", _("答复"), _answered, StockRequest.answered_at),
        ],
        order=[StockRequest.state != RequestState.OPEN, StockRequest.id.desc()],
        filters=[
            text_filter(_("申请号、企业或种植户"), request_is_called),
            state_filter(RequestState, StockRequest.state),
            Filter("kind", _("事项"), lambda value: StockRequest.kind == value, choices=worded(RequestKind)),
            town_filter(Party.area_id),
            *day_filters(StockRequest.asked_at, _("提出日")),
        ],
        loaded=[
            contains_eager(StockRequest.party),
            joinedload(StockRequest.asked_by),
            joinedload(StockRequest.answered_by),
        ],
        empty=_("没有申请。"),
        **more,
    )


def request_is_called(asked: str) -> ColumnElement[bool]:
    return (StockRequest.id == number_behind("GZ", asked)) | party_is_called(asked)


def request_tag(request: StockRequest) -> Tag:
    return Tag(label(request.state), STATE_KINDS.get(request.state, "quiet"))


def _about(request: StockRequest) -> str:
    told = request.arguments
    if request.kind is RequestKind.UNDO:
        row = db.session.get_one(RecordRow, told["act"])
        return f"{label(Acted(row.act))} · {row.number}"
    if request.kind is RequestKind.UNPACK:
        batch, ranges = asked_units(request)
        return f"{batch.number_text} · {in_words(ranges)}"
    plot = db.session.get_one(Plot, told["plot"])
    return f"{plot.number} · {told['picked_on']} · {kg_text(told['weight_g'])}"


def _link(request: StockRequest) -> Link:
    return Link(request.number, url_for(".show_stock_request", request_id=request.id))


def _asked(request: StockRequest) -> list[Any]:
    return [request.asked_by.name, request.asked_at]


def _answered(request: StockRequest) -> list[Any]:
    return [request.answered_by.name, request.answered_at] if request.answered_by else []
