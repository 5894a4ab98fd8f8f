"""Batches and print runs as lists, of whichever face."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager

from gi_trace.batches.models import Batch, PrintRun, has_units_to_look_at
from gi_trace.batches.unit_states import OpenPoint, Tally
from gi_trace.codes.unit_code import Malformed, parse_batch_text
from gi_trace.names import number_behind
from gi_trace.registry.finding import party_is_called
from gi_trace.registry.models import Authorisation, Party, Product
from gi_trace.web.labels.open_runs import tallied
from gi_trace.web.lists.filters import (
    basis_filter,
    day_filters,
    expiry_filter,
    product_filter,
    text_filter,
    town_filter,
)
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.words import label, season_text

Run = tuple[PrintRun, Tally, list[OpenPoint]]


def batch_is_called(asked: str) -> ColumnElement[bool]:
    """By its number or the firm's own."""
    own = func.lower(Batch.own_number).contains(asked.lower(), autoescape=True)
    return or_(batch_has_number(asked), own)


def batch_has_number(asked: str) -> ColumnElement[bool]:
    try:
        return Batch.number == parse_batch_text(asked)
    except Malformed:
        return Batch.number == -1


def goods_of(batch: Batch | None) -> str:
    return f"{batch.product.name} · {batch.party.name}" if batch else ""


def batch_listing(*whose: ColumnElement[bool], **more: Any) -> Listing:
    """Batches that the conditions let through."""
    query = select(Batch).join(Batch.party).join(Batch.product).join(Batch.authorisation)
    return Listing(
        name="batches",
        title=_("产品批次"),
        query=query.where(*whose),
        headings=[
            Heading("number", _("批次号"), _batch_link, kind="code"),
            Heading("product", _("产品"), lambda batch: batch.product.name, Product.name),
            Heading("firm", _("企业"), lambda batch: batch.party.name, Party.name),
            Heading("own_number", _("生产批号"), lambda batch: batch.own_number, Batch.own_number),
            Heading("season", _("产季"), lambda batch: season_text(batch.season), only_in_file=True),
            Heading(
                "net_weight", _("净含量"), lambda batch: batch.net_weight_g, Batch.net_weight_g, "weight"
            ),
            Heading("units", _("件数"), lambda batch: batch.units, Batch.units, "number"),
            Heading("packed_on", _("包装日期"), lambda batch: batch.packed_on, Batch.packed_on),
            Heading("best_before", _("保质期至"), lambda batch: batch.best_before, Batch.best_before),
            Heading("registered_at", _("登记时间"), lambda batch: batch.registered_at, only_in_file=True),
            Heading("state", _("状态"), _batch_state),
        ],
        order=[Batch.registered_at.desc(), Batch.number.desc()],
        filters=[
            text_filter(
                _("批次号、生产批号或企业"), lambda asked: batch_is_called(asked) | party_is_called(asked)
            ),
            product_filter(lambda product: Batch.product_id == product.id),
            basis_filter(lambda basis: Authorisation.basis == basis),
            town_filter(Party.area_id),
            Filter(
                "state",
                _("状态"),
                lambda state: BATCH_STATES[state][1],
                choices=[(name, words) for name, (words, _condition) in BATCH_STATES.items()],
            ),
            expiry_filter(Batch.best_before),
        ],
        loaded=[contains_eager(Batch.party), contains_eager(Batch.product)],
        empty=_("还没有登记批次。"),
        **more,
    )


BATCH_STATES = {
    "registered": (_("已登记"), Batch.cancelled_at.is_(None)),
    "cancelled": (_("已取消"), Batch.cancelled_at.is_not(None)),
    "stopped": (_("因批料冻结或召回"), (Batch.lot_holds > 0) | (Batch.lot_recalls > 0)),
}


def _batch_link(batch: Batch) -> Link:
    return Link(batch.number_text, url_for(".show_batch", number=batch.number), "code")


def _batch_state(batch: Batch) -> Tag:
    if batch.cancelled_at:
        return Tag(_("已取消"), "bad")
    stopped = batch.lot_recalls or batch.lot_holds
    return Tag(_("因批料冻结或召回"), "bad") if stopped else Tag(_("已登记"), "good")


def run_listing(*whose: ColumnElement[bool], default: str = "", **more: Any) -> Listing:
    """Print runs that the conditions let through, each with its sum; `default` is the state first asked for."""
    query = select(PrintRun).join(PrintRun.batch).join(Batch.party).join(Batch.product)
    batch = contains_eager(PrintRun.batch)
    return Listing(
        name="print-runs",
        title=_("印制批"),
        query=query.where(*whose),
        headings=[
            Heading("number", _("印制批"), _run_link, PrintRun.id),
            Heading("firm", _("企业"), lambda run: run[0].batch.party.name, Party.name),
            Heading("batch", _("批次"), lambda run: _batch_link(run[0].batch)),
            Heading("units", _("件号"), lambda run: f"{run[0].first_unit:,}–{run[0].last_unit:,}"),
            Heading("ordered_at", _("下单时间"), lambda run: run[0].ordered_at, PrintRun.ordered_at),
            *(_count(name, title) for name, title in COUNTS.items()),
            Heading("open", _("未了事项"), _open_points),
        ],
        order=[PrintRun.id.desc()],
        filters=[
            text_filter(_("印制批号、批次号、生产批号或企业"), _run_is_called),
            product_filter(lambda product: Batch.product_id == product.id),
            Filter(
                "state",
                _("未了事项"),
                lambda state: has_units_to_look_at() if state == "open" else Batch.number >= 0,
                lambda run, state: bool(run[2]) == (state == "open"),
                [("open", _("有未了事项")), ("settled", _("都对得上"))],
                default,
            ),
            *day_filters(PrintRun.ordered_at, _("下单日")),
        ],
        loaded=[batch.contains_eager(Batch.party), batch.contains_eager(Batch.product)],
        told=tallied,
        empty=_("还没有下单印制。"),
        **more,
    )


COUNTS = {
    "ordered": _("下单"),
    "unused": _("未启用"),
    "in_market": _("市场上"),
    "void": _("作废"),
    "lost": _("遗失"),
    "returned": _("退回"),
    "destroyed": _("销毁"),
}


def _open_points(run: Run) -> list[Tag]:
    cancelled = [Tag(_("批次已取消"), "bad")] if run[0].batch.cancelled_at else []
    return cancelled or [Tag(label(point), "warn") for point in run[2]]


def _count(name: str, title: Any) -> Heading:
    return Heading(name, title, lambda run: getattr(run[1], name), kind="number")


def _run_link(run: Run) -> Link:
    return Link(run[0].number, url_for(".show_print_run", run_id=run[0].id))


def _run_is_called(asked: str) -> ColumnElement[bool]:
    return (PrintRun.id == number_behind("YZ", asked)) | batch_is_called(asked) | party_is_called(asked)
