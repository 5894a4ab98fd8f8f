"""Packing: a batch is registered from the lots that it draws, and units are unpacked again."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import NumberRange

from gi_trace import clock
from gi_trace.batches import actions
from gi_trace.batches.actions import BatchFacts
from gi_trace.batches.unit_states import check_count
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.registry.models import Authorisation
from gi_trace.registry.rules import RightState, state_on
from gi_trace.stock.models import Lot, lots_of
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.mixing import draws_form, draws_of
from gi_trace.web.enterprise.own import get_own_batch, own_party
from gi_trace.web.forms import AtMost, RangesField, Rows, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.words import day_text, kg_text, label

POSITIVE = NumberRange(min=1, message=_("请填写大于 0 的整数。"))


class BatchForm(FlaskForm):
    own_number = StringField(
        _("生产批号"), [needed(), AtMost(40)], description=_("贵企业自己的批号，印在包装上的那个。")
    )
    net_weight_g = IntegerField(_("每件净含量（克）"), [needed(), POSITIVE])
    units = IntegerField(_("件数"), [needed(), POSITIVE])
    packed_on = DateField(_("包装日期"), [needed()], default=clock.today)
    best_before = DateField(_("保质期至"), [needed()])

    def facts(self) -> BatchFacts:
        names = ("own_number", "net_weight_g", "units", "packed_on")
        best_before = self.best_before.data if self.best_before else None
        return BatchFacts(**{name: self[name].data for name in names}, best_before=best_before)


class UndatedBatchForm(BatchForm):
    """For products that have no date to be used by, as aged peel."""

    best_before = None


class UnpackForm(FlaskForm):
    ranges = RangesField(_("件号"), [needed()])
    count = IntegerField(
        _("共几件"), [needed(), POSITIVE], description=_("请数一遍再填，与件号范围一致才能提交。")
    )
    reason = StringField(_("原因"), [needed(), AtMost(200)])


@bp.get("/batches/new")
def choose_right() -> ResponseReturnValue:
    """Under which right; with one alone there is nothing to choose."""
    rights = [
        r for r in own_party().authorisations if state_on(r.right, clock.today()) == RightState.IN_FORCE
    ]
    if len(rights) == 1:
        return redirect(url_for(".register_batch", right_id=rights[0].id))
    return render_template("enterprise/choose_right.html", rights=rights)


@bp.route("/batches/new/<int:right_id>", methods=["GET", "POST"])
def register_batch(right_id: int) -> ResponseReturnValue:
    right = db.get_or_404(Authorisation, right_id)
    if right.party_id != own_party().id:
        raise Forbidden
    lots = lots_to_pack(right)
    form = draws_form(BatchForm if right.product.has_best_before else UndatedBatchForm, lots)()
    if confirmed(form):
        with refusals_on(form):
            batch = actions.register_batch(right, form.facts(), _draws(form, lots), by=me())
            flash(_("批次已登记。下一步：下单印制标识。"))
            return redirect(url_for(".show_batch", number=batch.number))
    lead = _("批料的取用量都留空时，从最早的批料起自动取足。") if lots else _("现在没有可以包装的批料。")
    return form_page(
        form, _("登记新批次"), lead=lead, rows=_rows(right, form, lots), back=url_for(".list_batches")
    )


@bp.route("/batches/<int:number>/unpack", methods=["GET", "POST"])
def unpack_batch(number: int) -> ResponseReturnValue:
    batch, form = get_own_batch(number), UnpackForm()
    checked = sum(checked_units(number, *units) for units in form.ranges.data or [])
    if confirmed(form):
        with refusals_on(form):
            check_count(form.ranges.data, form.count.data)
            lot = unpack_units(
                batch, form.ranges.data, reason=form.reason.data, by=me(), checked_units=checked
            )
            flash(_("已拆包，重量回到批料 %(lot)s；这些件号的标识作废。", lot=lot.number))
            return redirect(url_for(".show_lot", lot_id=lot.id))
    rows = [(_("批次"), batch.number_text), (_("产品"), batch.product.name), (_("件数"), batch.units)]
    if checked:
        rows.append((_("注意"), _("其中 {count} 件已被公众查验过。").format(count=checked)))
    return form_page(form, _("拆包或作废"), rows=rows, back=url_for(".show_batch", number=number))


def lots_to_pack(right: Authorisation) -> list[Lot]:
    """The party's lots of the product's material that nothing stops, the oldest first."""
    lots = lots_of(right.party)
    fitting = [lot for lot in lots if lot.material_id == right.product.material_id and not lot.is_stopped]
    return sorted(
        (lot for lot in fitting if lot.available_g), key=lambda lot: (lot.oldest_on or lot.made_on, lot.id)
    )


def _draws(form: BatchForm, lots: list[Lot]) -> list[tuple[Lot, int]]:
    """As typed; when nothing was typed, from the oldest lots as much as is needed."""
    typed = draws_of(form, lots)
    if typed or not (form.units.data and form.net_weight_g.data):
        return typed
    missing_g, draws = form.units.data * form.net_weight_g.data, []
    for lot in lots:
        taken_g = min(missing_g, lot.available_g)
        if taken_g:
            draws.append((lot, taken_g))
            missing_g -= taken_g
    return draws


def _rows(right: Authorisation, form: BatchForm, lots: list[Lot]) -> Rows:
    rows: list[tuple[Any, Any]] = [
        (_("产品"), right.product.name),
        (_("用标授权"), f"{label(right.basis)} · {right.number} · {day_text(right.starts_on)}"),
    ]
    if form.is_submitted() and form.units.data and form.net_weight_g.data:
        rows.append((_("合计"), kg_text(form.units.data * form.net_weight_g.data)))
        rows += [
            (_("取用 {lot}").format(lot=lot.number), kg_text(grams)) for lot, grams in _draws(form, lots)
        ]
    return rows
