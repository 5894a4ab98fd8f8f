"""The record of acts: who did what, when."""

import json
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from gi_trace.accounts.models import names_of_actors
from gi_trace.names import number_behind
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.web.authority import bp
from gi_trace.web.lists.filters import day_filters, text_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import act_label


@dataclass(frozen=True)
class Told:
    """A row with the name of who did it."""

    row: RecordRow
    name: str


@list_page(bp, "/record")
def list_acts() -> Listing:
    return Listing(
        name="record",
        title=_("存证记录"),
        query=select(RecordRow),
        headings=[
            Heading("number", _("序号"), lambda one: one.row.number, RecordRow.number, "number"),
            Heading("at", _("时间"), lambda one: one.row.at, RecordRow.at),
            Heading("by", _("谁"), lambda one: one.name or _("系统")),
            Heading("act", _("事项"), lambda one: act_label(one.row.act), RecordRow.act),
            Heading("subject", _("对象"), lambda one: one.row.subject, RecordRow.subject),
            Heading("facts", _("内容"), _facts),
            Heading("hash", _("校验值"), lambda one: one.row.hash[:12], kind="code"),
        ],
        order=[RecordRow.number.desc()],
        filters=[
            text_filter(_("序号、事项或对象"), _is_called),
            Filter("act", _("事项"), lambda value: RecordRow.act == value, choices=worded(Acted)),
            *day_filters(RecordRow.at, _("日期")),
        ],
        loaded=[selectinload(RecordRow.personal)],
        told=_told,
        empty=_("没有符合的记录。"),
        template="authority/list_acts.html",
    )


def _is_called(asked: str) -> ColumnElement[bool]:
    number = RecordRow.number == number_behind("#?", asked)
    return number | RecordRow.act.startswith(asked, autoescape=True) | (RecordRow.subject == asked)


def _told(rows: list[RecordRow]) -> list[Told]:
    names = names_of_actors(row.by for row in rows)
    return [Told(row, names.get(row.by, "")) for row in rows]


def _facts(one: Told) -> list[str]:
    personal = [f"{value.name}: {value.value}" for value in one.row.personal]
    return [json.dumps(one.row.facts, ensure_ascii=False), *personal]
