"""Plots of all growers, and what each may yield in a season."""

from collections.abc import Callable

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.registry.models import Crop, Party, find_area
from gi_trace.stock.actions import plots
from gi_trace.stock.actions.ceiling_proposals import propose_allocation
from gi_trace.stock.actions.import_allocations import fix_one_yield, send_yields, yield_template
from gi_trace.stock.models import Plot
from gi_trace.stock.rules.seasons import Season, parse_season
from gi_trace.web.act_page import Follows, act_page, answer_here, answer_to
from gi_trace.web.authority import bp
from gi_trace.web.authority.parties import at_party, get_party
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import AreaField, AtMost, WeightField, needed
from gi_trace.web.guards import me
from gi_trace.web.imports.import_pages import excel, page_of
from gi_trace.web.lists.land import plot_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.stock.growers import PlotForm
from gi_trace.web.stock.seasons import asked_crop, asked_season
from gi_trace.web.words import season_words

WHO = [
    SelectChoice("missing", _("只核定还没有核定的地块")),
    SelectChoice("all", _("全部地块（已核定的也更改）")),
]


class AllocationForm(FlaskForm):
    yield_per_mu = WeightField(_("核实的亩产（千克）"), [needed()])
    reason = StringField(_("理由"), [Optional(), AtMost(200)], description=_("更改已核定的产量时必须填写。"))


class YieldsForm(FlaskForm):
    file = FileField(_("Excel 文件"), [FileRequired(_("请选择文件。"))])
    reason = StringField(_("理由"), [Optional(), AtMost(200)], description=_("更改已核定的产量时必须填写。"))


class AllocationsForm(AllocationForm):
    area = AreaField(_("镇或村"), [Optional(), AtMost(60)], description=_("留空为全部。"))
    which = RadioField(_("范围"), choices=WHO, default="missing")


@list_page(bp, "/plots")
def list_plots() -> Listing:
    crop = asked_crop()
    season = asked_season(crop)
    shown = {"crop": crop, "season": season}
    return plot_listing(crop, season, template="authority/list_plots.html", shown=shown)


@act_page(
    bp,
    "/parties/<int:party_id>/plots/new",
    lambda party: PlotForm(area=party.area.name if party.area else ""),
    _("登记自有地块"),
    on=get_party,
    rows=lambda party: [(_("企业"), party.name)],
    back=at_party,
    done=_("地块已登记。核定产量以后，企业可以自己申报采收。"),
)
def add_own_plot(party: Party, form: PlotForm) -> None:
    """A firm's own land: it declares what it picks there itself."""
    plots.add_plot(party, form.facts(), by=me())


@bp.route("/plots/<int:plot_id>/allocations/<season>", methods=["GET", "POST"])
def set_allocation(plot_id: int, season: str) -> ResponseReturnValue:
    plot, form = db.get_or_404(Plot, plot_id), AllocationForm()
    of = parse_season(season)

    def act() -> Follows:
        yield_g, reason = form.yield_per_mu.data, form.reason.data or ""
        if plots.takes_two(plot, of, yield_g):
            return proposed(propose_allocation(plot, of, yield_g_per_mu=yield_g, reason=reason, by=me()))
        plots.set_allocation(plot, of, yield_g_per_mu=yield_g, reason=reason, by=me())
        return None

    rows = [
        (_("地块"), plot.number),
        (_("种植户"), plot.grower.name),
        (_("挂果或种植面积（平方米）"), plot.bearing_m2),
        (_("产季"), of.label),
    ]
    return answer_to(form, _("核定产量"), act, rows=rows, back=_plots(plot.crop, of), done=_("产量已核定。"))


@bp.route("/crops/<int:crop_id>/allocations/<season>", methods=["GET", "POST"])
def set_allocations(crop_id: int, season: str) -> ResponseReturnValue:
    """The plots of a town or village, or all, at one verified yield."""
    crop, form, of = db.get_or_404(Crop, crop_id), AllocationsForm(), parse_season(season)

    def act() -> str:
        yield_g, reason = form.yield_per_mu.data, form.reason.data or ""
        area, which = form.area.area, form.which.data
        return page_of(
            fix_one_yield(crop, of, area=area, which=which, yield_g_per_mu=yield_g, reason=reason, by=me())
        )

    lead = _("各块地亩产不同的，请用 Excel 核定。")
    return _asked(form, _("成批核定产量"), act, crop, of, lead)


@bp.route("/crops/<int:crop_id>/allocations/<season>/file", methods=["GET", "POST"])
def send_allocations(crop_id: int, season: str) -> ResponseReturnValue:
    crop, form, of = db.get_or_404(Crop, crop_id), YieldsForm(), parse_season(season)

    def act() -> str:
        file, reason = form.file.data, form.reason.data or ""
        return page_of(send_yields(file.filename or "", file.read(), crop, of, reason=reason, by=me()))

    lead = _("先下载本产季的核定产量表，填上核定亩产，再上传。全部行都没有问题才会核定。")
    return _asked(form, _("用 Excel 核定产量"), act, crop, of, lead)


@bp.get("/crops/<int:crop_id>/allocations/<season>/template.xlsx")
def allocations_template(crop_id: int, season: str) -> ResponseReturnValue:
    """The plots of a crop with last season's yields; `?area=` for those of a town or village."""
    crop, of = db.get_or_404(Crop, crop_id), parse_season(season)
    asked = request.args.get("area", "").strip()
    area = find_area(asked)
    if asked and area is None:
        raise NotFound
    return excel(yield_template(crop, of, area), gettext("核定产量表"))


def _asked(
    form: FlaskForm, title: object, act: Callable[[], str], crop: Crop, season: Season, lead: object
) -> ResponseReturnValue:
    """The form and the act, without a summary between: what it would change is looked at before it is confirmed."""
    shown = {"title": title, "lead": lead, "back": _plots(crop, season)}
    rows = [(_("作物"), crop.name), (_("产季"), season_words(season))]
    return answer_here(
        form, act, lambda: render_template("components/form_page.html", form=form, rows=rows, **shown)
    )


def _plots(crop: Crop, season: Season) -> str:
    return url_for(".list_plots", crop=crop.code, season=season.code)
