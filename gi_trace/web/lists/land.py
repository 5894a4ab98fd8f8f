"""Plots and growers as lists: of the authority, or of a village."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from gi_trace.registry.finding import name_has
from gi_trace.registry.models import Area, Crop, Party, PartyKind, all_crops
from gi_trace.stock.models import Allocation, Plot
from gi_trace.stock.places import growers_in
from gi_trace.stock.rules.seasons import Season
from gi_trace.web.guards import me
from gi_trace.web.lists.filters import text_filter, town_filter
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing
from gi_trace.web.stock.seasons import seasons_of
from gi_trace.web.words import season_words

STATES = {
    "missing": Allocation.id.is_(None),
    "set": Allocation.id.is_not(None),
    "alike": Plot.number_key.contains(" "),  # of before numbers were compared by their keys
}


def plot_listing(crop: Crop, season: Season, **more: Any) -> Listing:
    """(plot, its allocation of the season or None), of the growers whom one keeps."""
    joined = (Allocation.plot_id == Plot.id) & (Allocation.season == season.code)
    query = select(Plot, Allocation).outerjoin(Allocation, joined).join(Plot.grower).join(Plot.area)
    return Listing(
        name="plots",
        title=_("地块与核定产量"),
        query=query.where(Plot.crop_id == crop.id, *_own(Plot.party_id)),
        headings=[
            Heading("number", _("地块编号"), lambda row: row.Plot.number, Plot.number),
            Heading("grower", _("种植户"), _grower_link, Party.name),
            Heading("area", _("村镇"), lambda row: row.Plot.area.name, Area.name),
            Heading(
                "bearing",
                _("挂果或种植面积（平方米）"),
                lambda row: row.Plot.bearing_m2,
                Plot.bearing_m2,
                "number",
            ),
            Heading("variety", _("品种"), lambda row: row.Plot.variety, only_in_file=True),
            Heading("trees", _("株数"), lambda row: row.Plot.trees, only_in_file=True),
            _weight("allocated", _("核定产量"), "allocated_g"),
            _weight("harvested", _("已采收"), "harvested_g"),
        ],
        order=[Plot.area_id, Plot.number],
        filters=[
            Filter(
                "crop",
                _("作物"),
                lambda _code: Plot.crop_id == crop.id,
                choices=[(one.code, one.name) for one in all_crops()],
                default=crop.code,
            ),
            Filter(
                "season",
                _("产季"),
                lambda _code: Plot.crop_id == crop.id,
                choices=[(one.code, season_words(one)) for one in seasons_of(crop)],
                default=season.code,
            ),
            text_filter(_("地块编号或种植户"), _plot_is_called),
            town_filter(Plot.area_id),
            Filter(
                "state",
                _("状态"),
                lambda value: STATES[value],
                choices=[
                    ("missing", _("还没有核定")),
                    ("set", _("已核定")),
                    ("alike", _("编号与别的地块相同，请更正")),
                ],
            ),
        ],
        loaded=[contains_eager(Plot.grower), contains_eager(Plot.area)],
        empty=_("没有符合的地块。"),
        **more,
    )


def _own(party_id: Any) -> list[ColumnElement[bool]]:
    """A village account keeps the growers of its area alone."""
    area = me().area
    if area is None:
        return []
    return [party_id.in_(growers_in(area).with_only_columns(Party.id).order_by(None))]


def _plot_is_called(asked: str) -> ColumnElement[bool]:
    return Plot.number.startswith(asked, autoescape=True) | name_has(Party.name, asked)


def _grower_link(row: Any) -> Link:
    page = ".show_grower" if row.Plot.grower.kind is PartyKind.GROWER else ".show_party"
    return Link(row.Plot.grower.name, url_for(page, party_id=row.Plot.party_id))


def _weight(name: str, title: Any, column: str) -> Heading:
    def cell(row: Any) -> int | None:
        return getattr(row.Allocation, column) if row.Allocation else None

    return Heading(name, title, cell, getattr(Allocation, column), "weight")


def grower_listing() -> Listing:
    """(grower, number of plots), of whom one keeps."""
    plots = select(func.count(Plot.id)).where(Plot.party_id == Party.id).scalar_subquery().label("plots")
    growers = growers_in(me().area).order_by(None).join(Party.area).add_columns(plots)
    return Listing(
        name="growers",
        title=_("种植户与地块"),
        query=growers,
        headings=[
            Heading("name", _("姓名"), _name_link, Party.name),
            Heading("area", _("村"), lambda row: row.Party.area.name, Area.name),
            Heading("plots", _("地块"), lambda row: row.plots, plots, "number"),
        ],
        order=[Party.area_id, Party.name, Party.id],
        filters=[
            text_filter(_("姓名"), lambda asked: name_has(Party.name, asked)),
            town_filter(Party.area_id),
        ],
        loaded=[contains_eager(Party.area)],
        empty=_("还没有登记种植户。"),
        template="components/growers.html",
    )


def _name_link(row: Any) -> Link:
    return Link(row.Party.name, url_for(".show_grower", party_id=row.Party.id))
