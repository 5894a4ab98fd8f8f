"""Growers and their plots: kept for them, since they have no accounts of their own.

A village account keeps those of its village, the authority all.
"""

from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from gi_trace import clock
from gi_trace.accounts.models import Role
from gi_trace.database import db
from gi_trace.errors import Forbidden, NotFound
from gi_trace.registry.models import Crop, Party, PartyKind, all_crops
from gi_trace.registry.who_may import acts_for
from gi_trace.stock.actions import harvests, plots
from gi_trace.stock.actions.harvests import is_late
from gi_trace.stock.actions.plots import PlotFacts
from gi_trace.stock.models import Harvest, Plot, lots_of, plots_of
from gi_trace.stock.models.reads import allocations_of, harvests_of_grower, slip_of_harvest, slips_of
from gi_trace.stock.rules.seasons import PEEL_CROP, PeelKind
from gi_trace.web.act_page import Rows, act_page
from gi_trace.web.forms import AreaField, AtMost, WeightField, needed
from gi_trace.web.guards import me
from gi_trace.web.lists.land import grower_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.words import choices_of

pages = SharedPages("growers", Role.VILLAGE, Role.AUTHORITY)
POSITIVE = NumberRange(min=1, max=10**9, message=_("请填写大于 0 的整数。"))


class GrowerForm(FlaskForm):
    name = StringField(_("种植户姓名"), [needed(), AtMost(60)])
    area = AreaField(_("所在村"), [needed(), AtMost(60)])


class PlotForm(FlaskForm):
    number = StringField(_("地块编号"), [needed(), AtMost(40)])
    area = AreaField(_("所在村或镇"), [needed(), AtMost(60)])
    crop = SelectField(_("作物"), [needed()], coerce=int)
    measured_m2 = IntegerField(
        _("实测面积（平方米）"), [needed(), POSITIVE], description=_("1 亩约 667 平方米。")
    )
    bearing_m2 = IntegerField(_("挂果或种植面积（平方米）"), [needed(), POSITIVE])
    variety = StringField(_("品种"), [Optional(), AtMost(60)])
    trees = IntegerField(_("株数"), [Optional(), POSITIVE])

    def __init__(self, **known: object) -> None:
        super().__init__(data=known)
        self.crop.choices = [(crop.id, crop.name) for crop in all_crops()]

    def facts(self) -> PlotFacts:
        return PlotFacts(
            number=self.number.data.strip(),
            area=self.area.area,
            crop=db.session.get_one(Crop, self.crop.data),
            measured_m2=self.measured_m2.data,
            bearing_m2=self.bearing_m2.data,
            variety=(self.variety.data or "").strip(),
            trees=self.trees.data,
        )


class ChangePlotForm(PlotForm):
    reason = StringField(_("更正原因"), [needed(), AtMost(200)])


class HarvestForm(FlaskForm):
    """A day that is too long ago is not refused: the same form asks why, and goes to the authority."""

    weight = WeightField(_("采收重量（千克）"), [needed()])
    picked_on = DateField(_("采收日期"), [needed()], default=clock.today)
    late_reason = TextAreaField(
        _("补报的原因"),
        [needed(_("这一天已过申报期限：请写明原因，提交后由主管部门答复。")), AtMost(500)],
        description=_("主管部门同意后入账，回单那时给出。"),
    )

    def __init__(self) -> None:
        super().__init__()
        if not (self.picked_on.data and is_late(self.picked_on.data)):
            del self.late_reason

    @property
    def kind(self) -> PeelKind | None:
        return None


class CitrusHarvestForm(HarvestForm):
    peel_kind = SelectField(
        _("皮类"),
        [Optional()],
        description=_("要制皮的鲜果须说明，并与采收日期的节气相符；只卖鲜果可以不选。"),
        choices=lambda: [SelectChoice("", _("不制皮")), *choices_of(PeelKind)],
    )

    @property
    def kind(self) -> PeelKind | None:
        return PeelKind(self.peel_kind.data) if self.peel_kind.data else None


@list_page(pages, "/growers")
def list_growers() -> Listing:
    return grower_listing()


def get_grower(party_id: int) -> Party:
    grower = db.get_or_404(Party, party_id)
    if grower.kind is not PartyKind.GROWER:
        raise NotFound
    if not acts_for(me(), grower):
        raise Forbidden
    return grower


def get_plot(plot_id: int) -> Plot:
    plot = db.get_or_404(Plot, plot_id)
    get_grower(plot.party_id)
    return plot


def at_grower(grower: Party) -> str:
    return url_for(".show_grower", party_id=grower.id)


def grower_rows(grower: Party) -> Rows:
    return [(_("种植户"), grower.name), (_("村"), grower.area.name if grower.area else "—")]


def _grower_form() -> GrowerForm:
    own = me().area  # of a village account
    return GrowerForm(area=own.name if own else "")


@act_page(
    pages, "/growers/new", _grower_form, _("登记种植户"), back=".list_growers", done=_("种植户已登记。")
)
def add_grower(form: GrowerForm) -> str:
    return at_grower(plots.add_grower(form.name.data, form.area.area, by=me()))


@pages.get("/growers/<int:party_id>")
def show_grower(party_id: int) -> ResponseReturnValue:
    grower = get_grower(party_id)
    return render_template(
        "components/grower.html",
        grower=grower,
        plots=[(plot, allocations_of(plot)) for plot in plots_of(grower)],
        lots=lots_of(grower),
        harvests=harvests_of_grower(grower),
        slips=slips_of(grower),
    )


@act_page(
    pages,
    "/growers/<int:party_id>/plots/new",
    lambda grower: PlotForm(area=grower.area.name if grower.area else ""),
    _("登记地块"),
    on=get_grower,
    rows=grower_rows,
    back=at_grower,
    done=_("地块已登记。"),
)
def add_plot(grower: Party, form: PlotForm) -> None:
    plots.add_plot(grower, form.facts(), by=me())


def _change_form(plot: Plot) -> ChangePlotForm:
    names = ("number", "measured_m2", "bearing_m2", "variety", "trees")
    known = {name: getattr(plot, name) for name in names}
    return ChangePlotForm(area=plot.area.name, crop=plot.crop_id, **known)


@act_page(
    pages,
    "/plots/<int:plot_id>/change",
    _change_form,
    _("更正地块"),
    on=get_plot,
    rows=lambda plot: grower_rows(plot.grower),
    back=lambda plot: at_grower(plot.grower),
    done=_("地块已更正。"),
)
def change_plot(plot: Plot, form: ChangePlotForm) -> None:
    plots.change_plot(plot, form.facts(), reason=form.reason.data, by=me())


def _plot_rows(plot: Plot) -> Rows:
    return [*grower_rows(plot.grower), (_("地块"), plot.number), (_("作物"), plot.crop.name)]


@act_page(
    pages,
    "/plots/<int:plot_id>/harvest",
    lambda plot: CitrusHarvestForm() if plot.crop.code == PEEL_CROP else HarvestForm(),
    _("申报采收"),
    on=get_plot,
    rows=_plot_rows,
    back=lambda plot: at_grower(plot.grower),
)
def declare_harvest(plot: Plot, form: HarvestForm) -> str:
    weight_g, picked_on = form.weight.data, form.picked_on.data
    told: dict[str, Any] = {"crop": plot.crop, "by": me(), "peel_kind": form.kind}
    if form.late_reason:
        asked = harvests.ask_late_harvest(plot, weight_g, picked_on, reason=form.late_reason.data, **told)
        flash(_("申请已提交，主管部门答复后入账。"))
        return url_for(".show_stock_request", request_id=asked.id)
    harvest = harvests.declare_harvest(plot, weight_g, picked_on, **told)
    return url_for(".show_harvest", harvest_id=harvest.id)


@pages.get("/harvests/<int:harvest_id>")
def show_harvest(harvest_id: int) -> ResponseReturnValue:
    """The harvest with the grower's slip, to hand over or to send on."""
    harvest = db.get_or_404(Harvest, harvest_id)
    get_plot(harvest.allocation.plot_id)
    return render_template("components/harvest.html", harvest=harvest, slip=slip_of_harvest(harvest))
