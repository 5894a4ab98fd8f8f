"""Applications for the mark as a list: of everyone, or of one firm."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from gi_trace.applications.clocks import clocks_of
from gi_trace.applications.models import WITH_STEPS, Application
from gi_trace.applications.rules import OPEN, ApplicationKind, Stage
from gi_trace.names import number_behind
from gi_trace.registry.finding import name_has
from gi_trace.registry.models import Product
from gi_trace.terms.deadlines import Clock
from gi_trace.web.lists.casework import clock_cells
from gi_trace.web.lists.filters import basis_filter, product_filter, text_filter, town_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.words import label

STAGE_KINDS = {
    Stage.CORRECTION_ASKED: "warn",
    Stage.ANNOUNCED: "good",
    Stage.REFUSED: "bad",
}


@dataclass(frozen=True)
class Listed:
    """An application with the term that runs on it."""

    application: Application
    clock: Clock | None


def application_listing(*whose: ColumnElement[bool], default: str = "", **more: Any) -> Listing:
    """Those that the conditions let through, the most urgent first; `default` is the stage first asked for."""
    return Listing(
        name="applications",
        title=_("用标申请"),
        query=select(Application).join(Application.product).where(*whose),
        headings=[
            Heading("number", _("申请"), _link, Application.id),
            Heading("firm", _("企业"), _firm, Application.name, "wide"),
            Heading("uscc", _("统一社会信用代码"), lambda one: one.application.uscc, only_in_file=True),
            Heading("product", _("产品"), _ground, Product.name),
            Heading("kind", _("申请种类"), lambda one: label(one.application.kind), Application.kind),
            Heading("stage", _("办理阶段"), lambda one: stage_tag(one.application.stage), Application.stage),
            Heading("clock", _("期限"), lambda one: clock_cells(one.clock)),
            Heading("handed_in", _("递交"), lambda one: one.application.steps[0].at),
        ],
        order=[Application.id.desc()],
        filters=[
            text_filter(_("申请号、企业或代码"), application_is_called),
            Filter("stage", _("办理阶段"), _in_stage, choices=STAGES, default=default),
            Filter("overdue", _("期限"), None, _is_overdue, [("overdue", _("已逾期"))]),
            Filter(
                "kind",
                _("申请种类"),
                lambda value: Application.kind == value,
                choices=worded(ApplicationKind),
            ),
            product_filter(lambda product: Application.product_id == product.id),
            basis_filter(lambda basis: Application.basis == basis),
            town_filter(Application.area_id),
        ],
        loaded=[contains_eager(Application.product), WITH_STEPS],
        told=_listed,
        rank=_ranked,
        empty=_("还没有申请。"),
        **more,
    )


STAGES = [("open", _("在办的全部")), *worded(Stage)]


def application_is_called(asked: str) -> ColumnElement[bool]:
    code = asked.upper().replace(" ", "")
    is_numbered = (Application.id == number_behind("SQ", asked)) | (func.upper(Application.uscc) == code)
    return is_numbered | name_has(Application.name, asked) | name_has(Application.new_name, asked)


def stage_tag(stage: Stage) -> Tag:
    return Tag(label(stage), STAGE_KINDS.get(stage, "quiet"))


def _in_stage(value: str) -> ColumnElement[bool]:
    return Application.stage.in_(OPEN) if value == "open" else Application.stage == value


def _is_overdue(one: Listed, _value: str) -> bool:
    return one.clock is not None and one.clock.workdays_left < 0


def _listed(applications: Iterable[Application]) -> list[Listed]:
    some = list(applications)
    clocks = clocks_of(some)
    return [Listed(one, clocks.get(one.id)) for one in some]


def _ranked(listed: Iterable[Listed]) -> list[Listed]:
    """What is due first, first; then what waits for no day, the newest first as it came."""
    return sorted(
        listed, key=lambda one: (one.clock is None, one.clock.deadline.day.toordinal() if one.clock else 0)
    )


def _link(one: Listed) -> Link:
    application = one.application
    return Link(application.number, url_for(".show_application", application_id=application.id))


def _firm(one: Listed) -> list[Any]:
    application = one.application
    return [application.name, *([] if application.party_id else [Tag(_("无账号递交"))])]


def _ground(one: Listed) -> list[Any]:
    return [one.application.product.name, label(one.application.basis)]
