"""Lots: what we hold, and what is done with one of them."""

from functools import partial

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import Material, materials_made_of
from gi_trace.stock.actions import ageing, processing, reshaping
from gi_trace.stock.actions.processing import OtherUse, Output
from gi_trace.stock.models import Lot, Site, StockAct, sites_of
from gi_trace.stock.rules.weights import parse_weight
from gi_trace.web.act_page import Rows, act_page, answer_to
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_lot, is_ours, own_party_ids
from gi_trace.web.enterprise.undoing import offer_undo
from gi_trace.web.forms import AtMost, DayForm, WeightField, needed
from gi_trace.web.guards import me
from gi_trace.web.lists.files import table_file
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.lots import lot_listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.stock.lots import at_lot, chain_table, lot_chain, lot_page, lot_rows
from gi_trace.web.words import choices_of, kg_text


class LossForm(DayForm):
    weight = WeightField(_("损耗重量（千克）"), [needed()])
    reason = StringField(_("原因"), [needed(), AtMost(200)])


class WeighingForm(DayForm):
    weight = WeightField(
        _("复称重量（千克）"), [needed()], description=_("那一天收工时称得的；同账面当天的结存比较。")
    )


class OtherUseForm(DayForm):
    use = SelectField(_("去向"), [needed()], choices=choices_of(OtherUse))
    weight = WeightField(_("重量（千克）"), [needed()])
    reason = StringField(_("说明"), [Optional(), AtMost(200)])


class ReturnForm(DayForm):
    sale = SelectField(_("哪一次卖出的"), [needed(_("没有可以退回的销售。"))], coerce=int)
    weight = WeightField(_("退回重量（千克）"), [needed()])
    reason = StringField(_("原因"), [needed(), AtMost(200)])

    def __init__(self, lot: Lot) -> None:
        super().__init__()
        self.sale.choices = [(sale.act_number, _sale_words(sale)) for sale in processing.sales_of(lot)]


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

    def __init__(self, lot: Lot) -> None:
        super().__init__()
        self.material.choices = [(material.id, material.name) for material in materials_made_of(lot.material)]
        self.site.choices = _site_choices(lot, inside=True)


class MoveForm(DayForm):
    site = SelectField(_("移到"), [needed()], coerce=int)

    def __init__(self, lot: Lot) -> None:
        super().__init__()
        self.site.choices = _site_choices(lot)


class SplitForm(FlaskForm):
    parts = StringField(
        _("各份重量（千克）"), [needed(), AtMost(200)], description=_("用空格或顿号分开，例如：100 50.5 20。")
    )


@list_page(bp, "/lots")
def list_lots() -> Listing:
    return lot_listing(Lot.party_id.in_(own_party_ids()), template="enterprise/list_lots.html")


@bp.get("/lots/<int:lot_id>")
def show_lot(lot_id: int) -> ResponseReturnValue:
    lot = get_own_lot(lot_id)
    returnable = not lot.is_stopped and bool(processing.sales_of(lot))
    return lot_page(lot, "enterprise/show_lot.html", offer=offer_undo, sees=is_ours, returnable=returnable)


@bp.get("/lots/<int:lot_id>/chain.<any(csv, xlsx):form>")
def export_chain(lot_id: int, form: str) -> ResponseReturnValue:
    lot = get_own_lot(lot_id)
    return table_file(f"{lot.number}-chain", form, *chain_table(lot_chain(lot, sees=is_ours)))


act_on_lot = partial(act_page, bp, on=get_own_lot, rows=lot_rows, back=at_lot)


@act_on_lot("/lots/<int:lot_id>/process", lambda lot: ProcessForm(lot), _("加工"), done=_("加工已登记。"))
def process_lot(lot: Lot, form: ProcessForm) -> str:
    output = Output(
        db.session.get_one(Material, form.material.data),
        form.weight.data,
        db.session.get_one(Site, form.site.data),
        form.other_use.data or 0,
    )
    reason = form.reason.data or ""
    made = processing.process(lot, form.input_weight.data, output, by=me(), on=form.on.data, reason=reason)
    return at_lot(made)


@act_on_lot("/lots/<int:lot_id>/other-use", OtherUseForm, _("散装销售或作他用"), done=_("已登记。"))
def use_lot_otherwise(lot: Lot, form: OtherUseForm) -> None:
    use, reason = OtherUse(form.use.data), form.reason.data or ""
    processing.use_otherwise(lot, form.weight.data, use, by=me(), on=form.on.data, reason=reason)


@act_on_lot(
    "/lots/<int:lot_id>/return",
    lambda lot: ReturnForm(lot),
    _("散装退货入库"),
    done=_("已登记。"),
    lead=_(
        "需要陈化的货退回后成为新的批料，陈化算到卖出那一天，从登记退货那一天起再算；卖出以后的日子不算。"
    ),
)
def return_to_lot(lot: Lot, form: ReturnForm) -> str:
    sale = db.session.get_one(StockAct, form.sale.data)
    back = processing.return_goods(sale, form.weight.data, reason=form.reason.data, by=me(), on=form.on.data)
    return at_lot(back)


def _sale_words(sale: StockAct) -> str:
    left = kg_text(processing.left_to_return(sale))
    return gettext("{day} {reason} 还可退回 {left}").format(day=sale.on, reason=sale.reason, left=left)


@act_on_lot("/lots/<int:lot_id>/loss", LossForm, _("登记损耗"), done=_("已登记。"))
def book_loss(lot: Lot, form: LossForm) -> None:
    processing.book_loss(lot, form.weight.data, reason=form.reason.data, by=me(), on=form.on.data)


@bp.route("/lots/<int:lot_id>/weighing", methods=["GET", "POST"])
def book_weighing(lot_id: int) -> ResponseReturnValue:
    lot, form = get_own_lot(lot_id), WeighingForm()
    return answer_to(
        form,
        _("复称"),
        lambda: processing.book_weighing(lot, form.weight.data, by=me(), on=form.on.data) and None,
        back=at_lot(lot),
        rows=lambda: [*lot_rows(lot), *_what_is_lost(lot, form)],
        done=_("已登记。"),
        lead=_("比账面少的部分登记为损耗。"),
    )


def _what_is_lost(lot: Lot, form: WeighingForm) -> Rows:
    if not form.is_submitted() or form.errors:
        return []
    balance_g = processing.balance_on(lot, form.on.data or clock.today())
    lost_g = balance_g - form.weight.data
    return [(_("当天账面"), kg_text(balance_g)), (_("登记损耗"), kg_text(lost_g))]


@act_on_lot(
    "/lots/<int:lot_id>/move",
    lambda lot: MoveForm(lot),
    _("移库"),
    done=_("已登记。"),
    lead=_("在产区外存放的日子不算陈化。"),
)
def move_lot(lot: Lot, form: MoveForm) -> None:
    ageing.move_lot(lot, db.session.get_one(Site, form.site.data), by=me(), on=form.on.data)


@act_on_lot("/lots/<int:lot_id>/split", SplitForm, _("分批"), done=_("已分批。"))
def split_lot(lot: Lot, form: SplitForm) -> str:
    parts = [parse_weight(part) for part in form.parts.data.replace("、", " ").split()]
    reshaping.split_lot(lot, parts, by=me())
    return url_for(".list_lots")


def _site_choices(lot: Lot, *, inside: bool = False) -> list[tuple[int, str]]:
    sites = [site for site in sites_of(lot.party) if site.area or not inside]
    outside = _("产区外")
    return [(site.id, f"{site.name}（{site.area.name if site.area else outside}）") for site in sites]
