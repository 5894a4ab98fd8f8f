"""What lists are narrowed by, once for all of them."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.registry.finding import area_ids_at
from gi_trace.registry.models import Product, all_products, find_product, towns
from gi_trace.registry.rules import Basis
from gi_trace.web.lists.listing import Filter
from gi_trace.web.words import label
from gi_trace.words import Worded

EXPIRY = {"30": _("30 天内到期"), "90": _("90 天内到期"), "past": _("已过期限")}


def text_filter(title: Any, where: Callable[[str], ColumnElement[bool]]) -> Filter:
    return Filter("q", title, where)


def state_filter(states: Iterable[Worded], column: Any) -> Filter:
    return Filter("state", _("状态"), lambda value: column == value, choices=worded(states))


def worded(members: Iterable[Worded]) -> list[tuple[str, Any]]:
    return [(member.value, label(member)) for member in members]


def product_filter(where: Callable[[Product], ColumnElement[bool]]) -> Filter:
    """By the product's code; `where` is given the product."""

    def of(code: str) -> ColumnElement[bool]:
        product = find_product(code)
        assert product  # it was among the choices
        return where(product)

    return Filter("product", _("产品"), of, choices=[(one.code, one.name) for one in all_products()])


def basis_filter(where: Callable[[str], ColumnElement[bool]]) -> Filter:
    return Filter("basis", _("保护依据"), where, choices=worded(Basis))


def town_filter(column: Any) -> Filter:
    """By a town with all villages in it."""
    choices = [(town.code, town.name) for town in towns()]
    return Filter("town", _("镇街"), lambda code: column.in_(area_ids_at(code)), choices=choices)


def person_filter(name: str, title: Any, where: Callable[[int], Any], people: Iterable[Account]) -> Filter:
    return Filter(
        name, title, lambda value: where(int(value)), choices=[(str(one.id), one.name) for one in people]
    )


def expiry_filter(column: Any) -> Filter:
    """By the last day of something, which may have none."""

    def of(value: str) -> ColumnElement[bool]:
        today = clock.today()
        if value == "past":
            return column < today
        return column.between(today, today + timedelta(days=int(value)))

    return Filter("expiry", _("期限"), of, choices=list(EXPIRY.items()))


def day_filters(column: Any, title: Any) -> list[Filter]:
    """From one day to another, both included; `column` is of moments."""

    def until(day: date) -> ColumnElement[bool]:
        return column < clock.start_of(day + timedelta(days=1))

    return [
        Filter(
            "since",
            _("{what}不早于").format(what=title),
            lambda day: column >= clock.start_of(day),
            is_day=True,
        ),
        Filter("until", _("{what}不晚于").format(what=title), until, is_day=True),
    ]
