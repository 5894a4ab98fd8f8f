"""Print runs: ordering, activating, and what became of their labels."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import NumberRange

from gi_trace.batches import actions, label_life
from gi_trace.batches.labels import check_printable, misfits
from gi_trace.batches.models import (
    first_unused_unit,
    ordered_units,
    run_tally,
    unit_segments,
)
from gi_trace.batches.rules import UnitState
from gi_trace.labels.sheets import TEMPLATES
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_batch, get_own_print_run
from gi_trace.web.forms import AtMost, RangesField, confirmed, form_page, needed, refusal_text, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.words import label

POSITIVE = NumberRange(min=1, message=_("请填写大于 0 的整数。"))
MARKABLE = (UnitState.LOST, UnitState.RETURNED, UnitState.DESTROYED)


class PrintRunForm(FlaskForm):
    units = IntegerField(_("印制件数"), [needed(), POSITIVE])
    printer = StringField(_("印刷单位"), [needed(), AtMost(120)], description=_("自己打印的写本企业名称。"))


class RangeForm(FlaskForm):
    first = IntegerField(_("起始件号"), [needed(), POSITIVE])
    last = IntegerField(_("结束件号"), [needed(), POSITIVE])


class MarkForm(FlaskForm):
    ranges = RangesField(_("件号"), [needed()])
    state = SelectField(_("改为"), [needed()])
    count = IntegerField(
        _("共几件"), [needed(), POSITIVE], description=_("请数一遍再填，与件号范围一致才能提交。")
    )
    reason = StringField(_("原因"), [needed(), AtMost(200)])

    def __init__(self) -> None:
        super().__init__()
        self.state.choices = [(state.value, label(state)) for state in MARKABLE]


@bp.route("/batches/<int:number>/print-runs/new", methods=["GET", "POST"])
def order_print_run(number: int) -> ResponseReturnValue:
    batch, public_url = get_own_batch(number), current_app.config["PUBLIC_URL"]
    left = batch.units - ordered_units(batch)
    form = PrintRunForm(units=left)
    if form.validate_on_submit():
        with refusals_on(form):
            check_printable(batch, public_url=public_url)
            if confirmed(form):
                run = actions.order_print_run(batch, form.units.data, printer=form.printer.data, by=me())
                flash(_("印制批已下单。请下载标识文件交付印刷。"))
                return redirect(url_for(".show_print_run", run_id=run.id))
    rows: list[tuple[Any, Any]] = [
        (_("批次"), batch.number_text),
        (_("产品"), batch.product.name),
        (_("件数"), batch.units),
        (_("还可下单"), left),
    ]
    for name, why in misfits(batch, public_url=public_url).items():
        rows.append((_(TEMPLATES[name].title), refusal_text(why)))
    return form_page(form, _("下单印制标识"), rows=rows, back=url_for(".show_batch", number=number))


@bp.get("/print-runs/<int:run_id>")
def show_print_run(run_id: int) -> ResponseReturnValue:
    """The run; its form leads to the activation of a range."""
    run = get_own_print_run(run_id)
    return render_template(
        "enterprise/show_print_run.html",
        form=RangeForm(first=first_unused_unit(run), last=run.last_unit),
        run=run,
        batch=run.batch,
        tally=run_tally(run),
        segments=unit_segments(run.batch_number, run.first_unit, run.last_unit)[:200],
    )


@bp.route("/print-runs/<int:run_id>/activate", methods=["GET", "POST"])
def activate_units(run_id: int) -> ResponseReturnValue:
    run = get_own_print_run(run_id)
    form = RangeForm(first=first_unused_unit(run), last=run.last_unit)
    if confirmed(form):
        with refusals_on(form):
            actions.activate_units(run, form.first.data, form.last.data, by=me())
            flash(_("已启用，扫码的人现在能看到查验结果。"))
            return redirect(url_for(".show_print_run", run_id=run_id))
    rows: list[tuple[Any, Any]] = [
        (_("批次"), run.batch.number_text),
        (_("印制批"), f"{run.first_unit}–{run.last_unit}"),
    ]
    if form.is_submitted() and not form.errors:
        rows.append((_("件数"), form.last.data - form.first.data + 1))
    return form_page(form, _("启用标识"), rows=rows, back=url_for(".show_print_run", run_id=run_id))


@bp.route("/print-runs/<int:run_id>/mark", methods=["GET", "POST"])
def mark_units(run_id: int) -> ResponseReturnValue:
    """Labels that are lost, returned or destroyed; what the public has checked of them is said, not refused."""
    run, form = get_own_print_run(run_id), MarkForm()
    checked = sum(checked_units(run.batch_number, *units) for units in form.ranges.data or [])
    if confirmed(form):
        with refusals_on(form):
            label_life.mark_units(
                run,
                UnitState(form.state.data),
                form.ranges.data,
                count=form.count.data,
                reason=form.reason.data,
                checked_units=checked,
                by=me(),
            )
            flash(_("已登记。"))
            return redirect(url_for(".show_print_run", run_id=run_id))
    rows: list[tuple[Any, Any]] = [(_("印制批"), f"{run.first_unit}–{run.last_unit}")]
    if checked:
        rows.append((_("注意"), _("其中 {count} 件已被公众查验过。").format(count=checked)))
    return form_page(form, _("遗失、退回或销毁"), rows=rows, back=url_for(".show_print_run", run_id=run_id))
