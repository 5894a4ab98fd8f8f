"""Print runs: ordering, activating, and what became of their labels."""

from collections.abc import Iterator

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from gi_trace.batches import actions, label_life
from gi_trace.batches.label_faces import check_printable, misfits
from gi_trace.batches.label_layouts import layouts_of, usual_layout
from gi_trace.batches.models import (
    Batch,
    PrintRun,
    ordered_units,
    run_segments,
    run_tally,
)
from gi_trace.batches.rules import UnitState, check_range_in_run
from gi_trace.batches.unit_entries import typed
from gi_trace.batches.unit_states import MOST_RANGES
from gi_trace.errors import Refused
from gi_trace.labels.layouts import Layout
from gi_trace.web.act_page import Rows, answer_to
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.label_previews import pixels_of
from gi_trace.web.enterprise.own import at_batch, at_run, get_live_batch, get_live_run, get_own_print_run
from gi_trace.web.enterprise.units import POSITIVE, WEIGHT_OF, UnitsForm, seen_rows, unpack_or_ask
from gi_trace.web.forms import AtMost, UnitsField, needed, refusal_text
from gi_trace.web.guards import me, own_party
from gi_trace.web.labels.open_runs import waits_for_consent
from gi_trace.web.lists.batches import run_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label, layout_title


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


class ActivationForm(FlaskForm):
    ranges = UnitsField(_("件号"), [needed()])

    def __init__(self, run: PrintRun) -> None:
        unused = [(one.first, one.last) for one in run_segments(run) if one.state is None]
        proposed = typed(unused[:MOST_RANGES])
        super().__init__(ranges=proposed)
        self.ranges.render_kw = {"data-proposed": proposed}
        self.batch_of_units = run.batch


def _states() -> Iterator[SelectChoice]:
    for state, told in WEIGHT_OF.items():
        weight = gettext(told)
        yield SelectChoice(state.value, f"{label(state)} — {weight}")


class MarkForm(UnitsForm):
    state = RadioField(_("改为"), [needed(_("请选择改为哪种状态。"))], choices=lambda: list(_states()))

    @property
    def is_void(self) -> bool:
        return self.state.data == UnitState.VOID


@bp.route("/batches/<int:number>/print-runs/new", methods=["GET", "POST"])
def order_print_run(number: int) -> ResponseReturnValue:
    batch = get_live_batch(number)
    form = PrintRunForm(batch)

    def act() -> str:
        run = actions.order_print_run(batch, form.units.data, printer=form.printer.data, by=me())
        return url_for(".download_print_run", run_id=run.id)

    layouts = layouts_of(batch.party)
    why_not = misfits(batch, layouts, public_url=current_app.config["PUBLIC_URL"])
    fitting = [one for one in layouts if one.name not in why_not]
    rows: Rows = [
        (_("批次"), batch.number_text),
        (_("产品"), batch.product.name),
        (_("件数"), batch.units),
        (_("还可下单"), batch.units - ordered_units(batch)),
        (_("标签的样子"), _label_seen(batch, fitting)),
        *((layout_title(one), refusal_text(why_not[one.name])) for one in layouts if one.name in why_not),
    ]
    done = _("印制批已下单。请下载标识文件交付印刷。")
    return answer_to(form, _("下单印制标识"), act, rows=rows, back=at_batch(batch), done=done)


def _label_seen(batch: Batch, layouts: list[Layout]) -> Markup:
    """A label of the batch at its real size, in the firm's usual layout if that holds it; other layouts a tap away."""
    at_preview, usual = url_for(".preview_labels", number=batch.number), usual_layout(batch.party)
    link = Markup('<a href="{}">{}</a>').format(at_preview, _("换一种排版看看"))
    layout = next((one for one in layouts if one.name == usual), next(iter(layouts), None))
    if layout is None:
        return link
    at_label = url_for(".show_batch_label", number=batch.number, layout=layout.name, version=layout.version)
    width, height = pixels_of(layout)
    return Markup('<img class="label" src="{}" width="{}" height="{}" alt="{}"><br>{} · {}').format(
        at_label, width, height, _("标签的样子"), layout_title(layout), link
    )


@list_page(bp, "/print-runs")
def list_print_runs() -> Listing:
    return run_listing(Batch.party_id == own_party().id)


@bp.get("/print-runs/<int:run_id>")
def show_print_run(run_id: int) -> ResponseReturnValue:
    """The run; its form leads to the activation of a range."""
    run = get_own_print_run(run_id)
    return render_template(
        "enterprise/show_print_run.html",
        form=ActivationForm(run),
        run=run,
        batch=run.batch,
        tally=run_tally(run),
        segments=run_segments(run)[:200],
        waits_for_consent=waits_for_consent(run),
    )


@bp.route("/print-runs/<int:run_id>/activate", methods=["GET", "POST"])
def activate_units(run_id: int) -> ResponseReturnValue:
    run = get_live_run(run_id)
    form = ActivationForm(run)

    def act() -> None:
        actions.activate_ranges(run, form.ranges.units, by=me())

    rows = [(_("批次"), run.batch.number_text), *_rows(run)]
    done = _("已启用，扫码的人现在能看到查验结果。")
    return answer_to(form, _("启用标识"), act, rows=rows, back=at_run(run), done=done)


@bp.route("/print-runs/<int:run_id>/mark", methods=["GET", "POST"])
def mark_units(run_id: int) -> ResponseReturnValue:
    """Labels that are void, lost, returned or destroyed; what the public has checked of them is said, not refused."""
    run = get_live_run(run_id)
    form = MarkForm(run.batch)

    def act() -> str | None:
        ranges = form.ranges.units
        if form.is_void:
            for first, last in ranges:
                check_range_in_run(first, last, run_first=run.first_unit, run_last=run.last_unit)
            return unpack_or_ask(run.batch, form)
        told = {"count": form.count.data, "reason": form.reason.data, "checked_units": form.checked}
        label_life.mark_units(run, UnitState(form.state.data), ranges, by=me(), **told)
        return None

    def rows() -> Rows:
        return [
            *_rows(run),
            *form.checked_rows(),
            *(seen_rows(run.batch, form) if form.is_void else []),
        ]

    title = _("作废、遗失、退回或销毁")
    return answer_to(form, title, act, rows=rows, back=at_run(run), done=_("已登记。"))


def _rows(run: PrintRun) -> Rows:
    return [(_("印制批"), f"{run.first_unit}–{run.last_unit}")]
