"""Lots: what we hold, and what is done with one of them."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import Conversion, Material
from gi_trace.stock.actions import ageing, processing, reshaping
from gi_trace.stock.actions.processing import OtherUse, Output
from gi_trace.stock.models import Lot, Site, lots_of, sites_of
from gi_trace.stock.rules.weights import parse_weight
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_lot, is_ours, own_parties
from gi_trace.web.forms import AtMost, WeightField, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.stock.lots import chain_table, lot_chain, lot_page, lot_rows, table_file
from gi_trace.web.words import label


class DayForm(FlaskForm):
    on = DateField(_("日期"), [needed()], default=clock.today)


class LossForm(DayForm):
    weight = WeightField(_("损耗重量（千克）"), [needed()])
    reason = StringField(_("原因"), [needed(), AtMost(200)])


class WeighingForm(DayForm):
    weight = WeightField(_("复称重量（千克）"), [needed()])


class OtherUseForm(DayForm):
    use = SelectField(_("去向"), [needed()])
    weight = WeightField(_("重量（千克）"), [needed()])
    reason = StringField(_("说明"), [Optional(), AtMost(200)])


class ReturnForm(DayForm):
    weight = WeightField(_("退回重量（千克）"), [needed()])
    reason = StringField(_("原因"), [needed(), AtMost(200)])


class ProcessForm(DayForm):
    material = SelectField(_("制成"), [needed()], coerce=int)
    input_weight = WeightField(_("投料重量（千克）"), [needed()])
    weight = WeightField(_("成品重量（千克）"), [needed()])
    other_use = WeightField(
        _("作他用重量（千克）"), [Optional()], description=_("例如果肉做成其他产品；其余算作废料。")
    )
    site = SelectField(_("成品存放场所"), [needed()], coerce=int)
    reason = TextAreaField(
        _("得率偏高的原因"), [Optional(), AtMost(200)], description=_("得率高于常见值时必须填写。")
    )


class MoveForm(DayForm):
    site = SelectField(_("移到"), [needed()], coerce=int)


class SplitForm(FlaskForm):
    parts = StringField(
        _("各份重量（千克）"), [needed(), AtMost(200)], description=_("用空格或顿号分开，例如：100 50.5 20。")
    )


@bp.get("/lots")
def list_lots() -> ResponseReturnValue:
    lots = [lot for party in own_parties() for lot in lots_of(party)]
    return render_template("enterprise/list_lots.html", lots=lots)


@bp.get("/lots/<int:lot_id>")
def show_lot(lot_id: int) -> ResponseReturnValue:
    return lot_page(get_own_lot(lot_id), "enterprise/show_lot.html", sees=is_ours)


@bp.get("/lots/<int:lot_id>/chain.<any(csv, xlsx):form>")
def export_chain(lot_id: int, form: str) -> ResponseReturnValue:
    lot = get_own_lot(lot_id)
    return table_file(f"{lot.number}-chain", form, *chain_table(lot_chain(lot, sees=is_ours)))


@bp.route("/lots/<int:lot_id>/process", methods=["GET", "POST"])
def process_lot(lot_id: int) -> ResponseReturnValue:
    lot, form = get_own_lot(lot_id), ProcessForm()
    form.material.choices = [(material.id, material.name) for material in _results_of(lot)]
    form.site.choices = _site_choices(lot, inside=True)
    if confirmed(form):
        with refusals_on(form):
            output = Output(
                db.session.get_one(Material, form.material.data),
                form.weight.data,
                db.session.get_one(Site, form.site.data),
                form.other_use.data or 0,
            )
            made = processing.process(
                lot, form.input_weight.data, output, by=me(), on=form.on.data, reason=form.reason.data or ""
            )
            flash(_("加工已登记。"))
            return redirect(url_for(".show_lot", lot_id=made.id))
    return form_page(form, _("加工"), rows=lot_rows(lot), back=url_for(".show_lot", lot_id=lot.id))


@bp.route("/lots/<int:lot_id>/other-use", methods=["GET", "POST"])
def use_lot_otherwise(lot_id: int) -> ResponseReturnValue:
    lot, form = get_own_lot(lot_id), OtherUseForm()
    form.use.choices = [(use.value, label(use)) for use in OtherUse]

    def act() -> None:
        use, reason = OtherUse(form.use.data), form.reason.data or ""
        processing.use_otherwise(lot, form.weight.data, use, by=me(), on=form.on.data, reason=reason)

    return _act_page(lot, form, _("散装销售或作他用"), act)


@bp.route("/lots/<int:lot_id>/return", methods=["GET", "POST"])
def return_to_lot(lot_id: int) -> ResponseReturnValue:
    return _reasoned_page(get_own_lot(lot_id), ReturnForm(), _("散装退货入库"), processing.return_goods)


@bp.route("/lots/<int:lot_id>/loss", methods=["GET", "POST"])
def book_loss(lot_id: int) -> ResponseReturnValue:
    return _reasoned_page(get_own_lot(lot_id), LossForm(), _("登记损耗"), processing.book_loss)


@bp.route("/lots/<int:lot_id>/weighing", methods=["GET", "POST"])
def book_weighing(lot_id: int) -> ResponseReturnValue:
    lot, form = get_own_lot(lot_id), WeighingForm()

    def act() -> None:
        processing.book_weighing(lot, form.weight.data, by=me(), on=form.on.data)

    return _act_page(lot, form, _("复称"), act, lead=_("比账面少的部分登记为损耗。"))


@bp.route("/lots/<int:lot_id>/move", methods=["GET", "POST"])
def move_lot(lot_id: int) -> ResponseReturnValue:
    lot, form = get_own_lot(lot_id), MoveForm()
    form.site.choices = _site_choices(lot)

    def act() -> None:
        ageing.move_lot(lot, db.session.get_one(Site, form.site.data), by=me(), on=form.on.data)

    return _act_page(lot, form, _("移库"), act, lead=_("在产区外存放的日子不算陈化。"))


@bp.route("/lots/<int:lot_id>/split", methods=["GET", "POST"])
def split_lot(lot_id: int) -> ResponseReturnValue:
    lot, form = get_own_lot(lot_id), SplitForm()
    if confirmed(form):
        with refusals_on(form):
            parts = [parse_weight(part) for part in form.parts.data.replace("、", " ").split()]
            reshaping.split_lot(lot, parts, by=me())
            flash(_("已分批。"))
            return redirect(url_for(".list_lots"))
    return form_page(form, _("分批"), rows=lot_rows(lot), back=url_for(".show_lot", lot_id=lot.id))


def _results_of(lot: Lot) -> list[Material]:
    """What can be made of the lot's material."""
    made = select(Conversion.to_material_id).filter_by(from_material_id=lot.material_id)
    return list(db.session.scalars(select(Material).where(Material.id.in_(made)).order_by(Material.id)))


def _site_choices(lot: Lot, *, inside: bool = False) -> list[tuple[int, str]]:
    sites = [site for site in sites_of(lot.party) if site.area or not inside]
    outside = _("产区外")
    return [(site.id, f"{site.name}（{site.area.name if site.area else outside}）") for site in sites]


def _reasoned_page(lot: Lot, form: Any, title: Any, book: Callable[..., int]) -> ResponseReturnValue:
    def act() -> None:
        book(lot, form.weight.data, reason=form.reason.data, by=me(), on=form.on.data)

    return _act_page(lot, form, title, act)


def _act_page(
    lot: Lot, form: FlaskForm, title: Any, act: Callable[[], None], *, lead: Any = ""
) -> ResponseReturnValue:
    """The form for one act on a lot, and the way back to the lot when it is done."""
    back = url_for(".show_lot", lot_id=lot.id)
    if confirmed(form):
        with refusals_on(form):
            act()
            flash(_("已登记。"))
            return redirect(back)
    return form_page(form, title, lead=lead, rows=lot_rows(lot), back=back)
