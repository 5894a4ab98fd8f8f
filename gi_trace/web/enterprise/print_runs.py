"""Print runs: ordering, activating, and what became of their labels."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField

from gi_trace.batches import actions, label_life
from gi_trace.batches.labels import check_printable, misfits
from gi_trace.batches.models import (
    Batch,
    PrintRun,
    first_unused_unit,
    ordered_units,
    run_tally,
    unit_segments,
)
from gi_trace.batches.rules import UnitState
from gi_trace.errors import Refused
from gi_trace.labels.sheets import TEMPLATES
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.act_page import Rows, answer_to
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import at_batch, at_run, get_own_batch, get_own_print_run
from gi_trace.web.enterprise.units import POSITIVE, UnitsForm, checked_rows
from gi_trace.web.forms import AtMost, needed, refusal_text
from gi_trace.web.guards import me, own_party
from gi_trace.web.lists.batches import run_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import choices_of

MARKABLE = (UnitState.LOST, UnitState.RETURNED, UnitState.DESTROYED)


class PrintRunForm(FlaskForm):
    units = IntegerField(_("印制件数"), [needed(), POSITIVE])
    printer = StringField(_("印刷单位"), [needed(), AtMost(120)], description=_("自己打印的写本企业名称。"))

    def __init__(self, batch: Batch) -> None:
        super().__init__(units=batch.units - ordered_units(batch))
        self.batch = batch

    def validate(self, extra_validators: object = None) -> bool:
        """What cannot be printed is said before the summary."""
        sound = super().validate(extra_validators)
        try:
            check_printable(self.batch, public_url=current_app.config["PUBLIC_URL"])
        except Refused as refusal:
            self.form_errors.append(refusal_text(refusal))
        return sound and not self.form_errors


class RangeForm(FlaskForm):
    first = IntegerField(_("起始件号"), [needed(), POSITIVE])
    last = IntegerField(_("结束件号"), [needed(), POSITIVE])


class MarkForm(UnitsForm):
    state = SelectField(_("改为"), [needed()], choices=choices_of(MARKABLE))


@bp.route("/batches/<int:number>/print-runs/new", methods=["GET", "POST"])
def order_print_run(number: int) -> ResponseReturnValue:
    batch = get_own_batch(number)
    form = PrintRunForm(batch)

    def act() -> str:
        return at_run(actions.order_print_run(batch, form.units.data, printer=form.printer.data, by=me()))

    why_not = misfits(batch, public_url=current_app.config["PUBLIC_URL"])
    rows: Rows = [
        (_("批次"), batch.number_text),
        (_("产品"), batch.product.name),
        (_("件数"), batch.units),
        (_("还可下单"), batch.units - ordered_units(batch)),
        *((_(TEMPLATES[name].title), refusal_text(why)) for name, why in why_not.items()),
    ]
    done = _("印制批已下单。请下载标识文件交付印刷。")
    return answer_to(form, _("下单印制标识"), act, rows=rows, back=at_batch(batch), done=done)


@list_page(bp, "/print-runs")
def list_print_runs() -> Listing:
    return run_listing(Batch.party_id == own_party().id)


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

    def act() -> None:
        actions.activate_units(run, form.first.data, form.last.data, by=me())

    def rows() -> Rows:
        sound = form.is_submitted() and not form.errors
        units = [(_("件数"), form.last.data - form.first.data + 1)] if sound else []
        return [(_("批次"), run.batch.number_text), *_rows(run), *units]

    done = _("已启用，扫码的人现在能看到查验结果。")
    return answer_to(form, _("启用标识"), act, rows=rows, back=at_run(run), done=done)


@bp.route("/print-runs/<int:run_id>/mark", methods=["GET", "POST"])
def mark_units(run_id: int) -> ResponseReturnValue:
    """Labels that are lost, returned or destroyed; what the public has checked of them is said, not refused."""
    run, form = get_own_print_run(run_id), MarkForm()
    checked = checked_units(run.batch_number, form.ranges.data or [])

    def act() -> None:
        state, ranges, reason = UnitState(form.state.data), form.ranges.data, form.reason.data
        count = form.count.data
        label_life.mark_units(run, state, ranges, count=count, reason=reason, checked_units=checked, by=me())

    rows = [*_rows(run), *checked_rows(checked)]
    return answer_to(form, _("遗失、退回或销毁"), act, rows=rows, back=at_run(run), done=_("已登记。"))


def _rows(run: PrintRun) -> Rows:
    return [(_("印制批"), f"{run.first_unit}–{run.last_unit}")]
