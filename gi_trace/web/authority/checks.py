"""What the public looked at: the checks of a batch or of a code, until they are thinned to counts."""

from flask import request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, false, select, true

from gi_trace.batches.models import find_batch
from gi_trace.codes.unit_code import MAX_UNIT, UNIT_BITS, batch_text
from gi_trace.verification.history import Channel
from gi_trace.verification.looking.look import unit_of
from gi_trace.verification.models import Check, serial_of
from gi_trace.web.authority import bp
from gi_trace.web.lists.filters import day_filters, text_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label


@list_page(bp, "/checks")
def list_checks() -> Listing:
    """Of what is asked for alone: all of them would be millions in no order that says anything."""
    is_asked = bool(request.args.get("q", "").strip())
    return Listing(
        name="checks",
        title=_("公众查验"),
        query=select(Check).where(true() if is_asked else false()),
        headings=[
            Heading("batch", _("批次"), _batch, Check.serial),
            Heading("unit", _("件号"), lambda check: check.serial & MAX_UNIT, kind="number"),
            Heading("number", _("第几次"), lambda check: check.number, Check.number, "number"),
            Heading("at", _("时间"), lambda check: check.at, Check.at),
            Heading("city", _("地点"), lambda check: check.city, Check.city),
            Heading("channel", _("渠道"), lambda check: label(check.channel), Check.channel),
        ],
        order=[Check.serial, Check.number],
        filters=[
            text_filter(_("批次号或标识码"), _of),
            Filter("channel", _("渠道"), lambda value: Check.channel == value, choices=worded(Channel)),
            Filter("city", _("地点"), lambda city: Check.city == city),
            *day_filters(Check.at, _("查验日")),
        ],
        empty=_("请输入批次号或标识码。"),
    )


def _of(asked: str) -> ColumnElement[bool]:
    if (unit := unit_of(asked)) is not None:
        return Check.serial == serial_of(*unit)
    batch = find_batch(asked)
    if batch is None:
        return false()
    return Check.serial.between(serial_of(batch.number, 1), serial_of(batch.number, MAX_UNIT))


def _batch(check: Check) -> Link:
    number = check.serial >> UNIT_BITS
    return Link(batch_text(number), url_for(".show_batch", number=number), "code")
