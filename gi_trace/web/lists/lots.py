"""Lots as a list, of whichever face."""

from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from gi_trace import clock
from gi_trace.names import number_behind
from gi_trace.registry.finding import party_is_called
from gi_trace.registry.models import Material, Party, all_materials
from gi_trace.stock.models import Lot, StayPeriod
from gi_trace.web.lists.filters import text_filter, town_filter
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.words import counted, lot_seasons

STATES = {
    "sound": (_("正常"), (Lot.holds == 0) & (Lot.recalls == 0)),
    "stopped": (_("冻结或召回"), (Lot.holds > 0) | (Lot.recalls > 0)),
}
YEARS = (1, 3, 5, 10, 15, 20)
YEAR = timedelta(days=365)
_AVAILABLE = Lot.balance_g - Lot.reserved_g
_SEEN_INSIDE = (StayPeriod.lot_id == Lot.id) & StayPeriod.inside & ~StayPeriod.claimed
_STORED_ON = select(func.min(StayPeriod.starts_on)).where(_SEEN_INSIDE).correlate(Lot).scalar_subquery()


def lot_listing(*whose: ColumnElement[bool], **more: Any) -> Listing:
    """Lots that the conditions let through; what is used up is asked for apart."""
    query = select(Lot).join(Lot.party).join(Lot.material)
    return Listing(
        name="lots",
        title=_("批料"),
        query=query.where(*whose),
        headings=_headings(),
        order=[Lot.id.desc()],
        filters=_filters(),
        loaded=[
            contains_eager(Lot.party),
            contains_eager(Lot.material),
            joinedload(Lot.site),
            selectinload(Lot.stays),
        ],
        empty=_("现在没有结存的批料。"),
        **more,
    )


def _headings() -> list[Heading]:
    return [
        Heading("number", _("批料"), _link, Lot.id, stays=True),
        Heading("available", _("可用"), lambda lot: lot.available_g, _AVAILABLE, "weight", stays=True),
        Heading("age", _("陈化"), _age, _STORED_ON, stays=True),
        Heading("state", _("状态"), _state, stays=True),
        Heading("material", _("原料"), lambda lot: lot.material.name, Material.name),
        Heading("season", _("产季"), lot_seasons, Lot.last_season),
        Heading("site", _("场所"), lambda lot: lot.site.name if lot.site else ""),
        Heading("holder", _("持有人"), lambda lot: lot.party.name, Party.name),
        Heading("balance", _("结存"), lambda lot: lot.balance_g, Lot.balance_g, "weight"),
        Heading("made_on", _("登记日"), lambda lot: lot.made_on, Lot.made_on),
        Heading("stored_on", _("入库日"), lambda lot: lot.age.stored_on if lot.age else None, _STORED_ON),
    ]


def _filters() -> list[Filter]:
    return [
        text_filter(_("批料号、持有人或统一社会信用代码"), lot_is_called),
        Filter(
            "material",
            _("原料"),
            lambda code: Material.code == code,
            choices=[(one.code, one.name) for one in all_materials()],
        ),
        town_filter(Party.area_id),
        Filter(
            "state",
            _("状态"),
            lambda value: STATES[value][1],
            choices=[(name, words) for name, (words, _condition) in STATES.items()],
        ),
        Filter(
            "years",
            _("入库满几年"),
            lambda value: _STORED_ON <= years_ago(int(value)),
            choices=[(str(years), counted("%(count)s 年", years)) for years in YEARS],
        ),
        Filter(
            "stock",
            _("结存"),
            lambda value: Lot.balance_g > 0 if value == "left" else Lot.balance_g == 0,
            choices=[("left", _("有结存")), ("none", _("已用完"))],
            default="left",
        ),
    ]


def lot_is_called(asked: str) -> ColumnElement[bool]:
    """By its number, or by its holder."""
    return (Lot.id == number_behind("L", asked)) | party_is_called(asked)


def years_ago(years: int) -> date:
    return clock.today() - years * YEAR


def _link(lot: Lot) -> Link:
    return Link(lot.number, url_for(".show_lot", lot_id=lot.id))


def _age(lot: Lot) -> list[Any]:
    """Years that were seen, and since when; or the year that its owner claims."""
    if lot.age is None:
        return []
    years = counted("%(count)s 年", lot.age.years)
    if lot.claimed_year:
        return [years, Tag(_("申报 {year}").format(year=lot.claimed_year), "warn")]
    return [years, *([_("入库 {year}").format(year=lot.age.stored_on.year)] if lot.age.stored_on else [])]


def _state(lot: Lot) -> Tag:
    if lot.recalls:
        return Tag(_("召回"), "bad")
    if lot.holds:
        return Tag(_("冻结"), "bad")
    return Tag(_("正常"), "good")
