"""Print runs: ordering, downloading, activating, and what became of their labels."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from gi_trace.batches import actions, label_life
from gi_trace.batches.labels import FileOptions, check_printable, label_file
from gi_trace.batches.models import (
    PrintRun,
    first_unused_unit,
    ordered_units,
    run_tally,
    unit_segments,
)
from gi_trace.batches.rules import UnitState
from gi_trace.codes.sheets import TEMPLATES
from gi_trace.codes.trial_page import trial_page
from gi_trace.errors import NotFound
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_batch, get_own_print_run
from gi_trace.web.forms import AtMost, RangesField, confirmed, form_page, needed, refusals_on, status_of
from gi_trace.web.guards import me
from gi_trace.web.label_downloads import stream_file, stream_labels
from gi_trace.web.words import word

POSITIVE = NumberRange(min=1, message=_("请填写大于 0 的整数。"))
MILLIMETRE = NumberRange(min=-100, max=400, message=_("请填写 -10 至 40 毫米之间的数，以 0.1 毫米为单位。"))
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
        self.state.choices = [(state.value, word(state)) for state in MARKABLE]


class DownloadForm(FlaskForm):
    form = SelectField(_("文件"), [needed()])
    template = SelectField(_("标签排版"), [needed()], description=_("只用于 PDF。"))
    level = SelectField(_("纠错级别"), [Optional()])
    start = IntegerField(
        _("从第几格开始"), [needed(), POSITIVE], default=1, description=_("用过一部分的标签纸，从空格开始。")
    )
    margin_x = IntegerField(
        _("左边距（0.1 毫米）"), [Optional(), MILLIMETRE], description=_("留空用排版自带的边距。")
    )
    margin_y = IntegerField(_("上边距（0.1 毫米）"), [Optional(), MILLIMETRE])
    offset_x = IntegerField(_("整体右移（0.1 毫米）"), [Optional(), MILLIMETRE], default=0)
    offset_y = IntegerField(_("整体下移（0.1 毫米）"), [Optional(), MILLIMETRE], default=0)
    cut_marks = BooleanField(_("印裁切线"))
    hidden = BooleanField(_("带涂层密码"), description=_("涂层密码须保密，下载单独记录。"))
    reason = StringField(_("再次下载的原因"), [Optional(), AtMost(200)])

    def __init__(self) -> None:
        super().__init__()
        self.form.choices = [
            ("pdf", _("标签（PDF）")),
            ("csv", _("清单（CSV）")),
            ("xlsx", _("清单（Excel，20 万行以内）")),
            ("png", _("图片（PNG 压缩包）")),
            ("svg", _("图片（SVG 压缩包）")),
        ]
        self.template.choices = [(template.name, _(template.title)) for template in TEMPLATES.values()]
        self.level.choices = [("", _("自动（能印清楚的最强一级）")), *((level, level) for level in "LMQH")]

    def options(self) -> FileOptions:
        margin = (self.margin_x.data or 0, self.margin_y.data or 0)
        given = self.margin_x.data is not None or self.margin_y.data is not None
        return FileOptions(
            form=self.form.data,
            template=self.template.data,
            level=self.level.data or None,
            start=self.start.data,
            margin=margin if given else None,
            offset=(self.offset_x.data or 0, self.offset_y.data or 0),
            cut_marks=self.cut_marks.data,
            hidden=self.hidden.data,
        )


@bp.route("/batches/<int:number>/print-runs/new", methods=["GET", "POST"])
def order_print_run(number: int) -> ResponseReturnValue:
    batch = get_own_batch(number)
    left = batch.units - ordered_units(batch)
    form = PrintRunForm(units=left)
    if form.validate_on_submit():
        with refusals_on(form):
            check_printable(batch, public_url=current_app.config["PUBLIC_URL"])
            run = actions.order_print_run(batch, form.units.data, printer=form.printer.data, by=me())
            flash(_("印制批已下单。请下载标识文件交付印刷。"))
            return redirect(url_for(".show_print_run", run_id=run.id))
    return render_template("enterprise/order_print_run.html", form=form, batch=batch, left=left), status_of(
        form
    )


@bp.route("/print-runs/<int:run_id>", methods=["GET", "POST"])
def show_print_run(run_id: int) -> ResponseReturnValue:
    """The run; its form activates a range."""
    run = get_own_print_run(run_id)
    form = RangeForm(first=first_unused_unit(run), last=run.last_unit)
    if form.validate_on_submit():
        with refusals_on(form):
            actions.activate_units(run, form.first.data, form.last.data, by=me())
            flash(_("已启用，扫码的人现在能看到查验结果。"))
            return redirect(url_for(".show_print_run", run_id=run_id))
    return _run_page(run, form), status_of(form)


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


@bp.route("/print-runs/<int:run_id>/download", methods=["GET", "POST"])
def download_print_run(run_id: int) -> ResponseReturnValue:
    """The file is made while it is sent; nothing is stored. Its hash is kept once all of it has left."""
    run, form = get_own_print_run(run_id), DownloadForm()
    if form.validate_on_submit():
        with refusals_on(form):
            options = form.options()
            file = label_file(run, options, public_url=current_app.config["PUBLIC_URL"])
            download = label_life.begin_download(
                run, options.form, vars(options), reason=form.reason.data or "", by=me()
            )
            return stream_labels(file, download, by=me())
    return render_template("enterprise/download_print_run.html", form=form, run=run), status_of(form)


@bp.get("/print-runs/trial/<template>.pdf")
def download_trial_page(template: str) -> ResponseReturnValue:
    """A page with rulers and a symbol to scan, before a whole run is printed."""
    if template not in TEMPLATES:
        raise NotFound
    page = trial_page(TEMPLATES[template], current_app.config["PUBLIC_URL"])
    return stream_file(f"trial-{template}.pdf", "application/pdf", page.length, page.parts)


def _run_page(run: PrintRun, form: FlaskForm) -> str:
    return render_template(
        "enterprise/show_print_run.html",
        form=form,
        run=run,
        batch=run.batch,
        tally=run_tally(run),
        segments=unit_segments(run.batch_number, run.first_unit, run.last_unit)[:200],
    )
