"""Plots of all growers, and what each may yield in a season."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.database import db
from gi_trace.registry.models import Area, Crop, all_crops
from gi_trace.stock.actions import plots
from gi_trace.stock.models import Plot
from gi_trace.stock.models.reads import plots_with_allocation
from gi_trace.stock.places import lineage
from gi_trace.stock.rules.seasons import Season, parse_season
from gi_trace.web.act_page import answer_to
from gi_trace.web.authority import bp
from gi_trace.web.forms import AreaField, AtMost, WeightField, needed
from gi_trace.web.guards import me
from gi_trace.web.stock.seasons import asked_crop, asked_season, seasons_of

WHO = [
    SelectChoice("missing", _("只核定还没有核定的地块")),
    SelectChoice("all", _("全部地块（已核定的也更改）")),
]


class AllocationForm(FlaskForm):
    yield_per_mu = WeightField(_("核实的亩产（千克）"), [needed()])
    reason = StringField(_("理由"), [Optional(), AtMost(200)], description=_("更改已核定的产量时必须填写。"))


class AllocationsForm(AllocationForm):
    area = AreaField(_("镇或村"), [Optional(), AtMost(60)], description=_("留空为全部。"))
    which = RadioField(_("范围"), choices=WHO, default="missing")


@bp.get("/plots")
def list_plots() -> ResponseReturnValue:
    crop = asked_crop()
    season = asked_season(crop)
    query = plots_with_allocation(crop, season)
    asked = request.args.get("q", "").strip()
    if asked:
        query = query.where(Plot.number.startswith(asked, autoescape=True))
    number = request.args.get("page", 1, type=int)
    found = db.session.execute(query.limit(51).offset(50 * (max(number, 1) - 1))).all()
    return render_template(
        "authority/list_plots.html",
        plots=found[:50],
        more=len(found) > 50,
        number=number,
        crop=crop,
        crops=all_crops(),
        season=season,
        seasons=seasons_of(crop),
        asked=asked,
    )


@bp.route("/plots/<int:plot_id>/allocations/<season>", methods=["GET", "POST"])
def set_allocation(plot_id: int, season: str) -> ResponseReturnValue:
    plot, form = db.get_or_404(Plot, plot_id), AllocationForm()
    of = parse_season(season)

    def act() -> None:
        yield_g, reason = form.yield_per_mu.data, form.reason.data or ""
        plots.set_allocation(plot, of, yield_g_per_mu=yield_g, reason=reason, by=me())

    rows = [
        (_("地块"), plot.number),
        (_("种植户"), plot.grower.name),
        (_("挂果或种植面积（平方米）"), plot.bearing_m2),
        (_("产季"), of.label),
    ]
    return answer_to(form, _("核定产量"), act, rows=rows, back=_plots(plot.crop, of), done=_("产量已核定。"))


@bp.route("/crops/<int:crop_id>/allocations/<season>", methods=["GET", "POST"])
def set_allocations(crop_id: int, season: str) -> ResponseReturnValue:
    """The plots of a town or of the whole area at one verified yield."""
    crop, form = db.get_or_404(Crop, crop_id), AllocationsForm()
    of = parse_season(season)
    chosen = _chosen(crop, of, form.area.area, missing_only=form.which.data != "all")

    def act() -> None:
        yield_g, reason = form.yield_per_mu.data, form.reason.data or ""
        plots.set_allocations(chosen, of, yield_g_per_mu=yield_g, reason=reason, by=me())

    rows = [(_("作物"), crop.name), (_("产季"), of.label), (_("涉及地块"), len(chosen))]
    done = _("已核定 %(count)s 块地的产量。", count=len(chosen))
    return answer_to(form, _("成批核定产量"), act, rows=rows, back=_plots(crop, of), done=done)


def _plots(crop: Crop, season: Season) -> str:
    return url_for(".list_plots", crop=crop.code, season=season.code)


def _chosen(crop: Crop, season: Season, area: Area | None, *, missing_only: bool) -> list[Plot]:
    return [
        plot
        for plot, allocation in db.session.execute(plots_with_allocation(crop, season))
        if not (missing_only and allocation) and (area is None or area in lineage(plot.area))
    ]
