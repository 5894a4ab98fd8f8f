"""Ordering, downloading and activating print runs."""

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange

from gi_trace.batches import actions
from gi_trace.batches.labels import MEDIA_TYPES, label_file
from gi_trace.batches.models import activated_units, first_unit_to_activate, ordered_units
from gi_trace.errors import NotFound
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_batch, get_own_print_run
from gi_trace.web.forms import needed, refusals_on, status_of
from gi_trace.web.guards import me

POSITIVE = NumberRange(min=1, message=_("请填写大于 0 的整数。"))


class PrintRunForm(FlaskForm):
    units = IntegerField(_("印制件数"), [needed(), POSITIVE])


class RangeForm(FlaskForm):
    first = IntegerField(_("起始件号"), [needed(), POSITIVE])
    last = IntegerField(_("结束件号"), [needed(), POSITIVE])


@bp.route("/batches/<int:number>/print-runs/new", methods=["GET", "POST"])
def order_print_run(number: int) -> ResponseReturnValue:
    batch = get_own_batch(number)
    left = batch.units - ordered_units(batch)
    form = PrintRunForm(units=left)
    if form.validate_on_submit():
        with refusals_on(form):
            run = actions.order_print_run(batch, form.units.data, by=me())
            flash(_("印制批已下单。请下载标识文件交付印刷。"))
            return redirect(url_for(".show_print_run", run_id=run.id))
    return render_template("enterprise/order_print_run.html", form=form, batch=batch, left=left), status_of(
        form
    )


@bp.route("/print-runs/<int:run_id>", methods=["GET", "POST"])
def show_print_run(run_id: int) -> ResponseReturnValue:
    """The run; its form activates a range."""
    run = get_own_print_run(run_id)
    form = RangeForm(first=first_unit_to_activate(run), last=run.last_unit)
    if form.validate_on_submit():
        with refusals_on(form):
            actions.activate_units(run, form.first.data, form.last.data, by=me())
            flash(_("已启用，扫码的人现在能看到查验结果。"))
            return redirect(url_for(".show_print_run", run_id=run_id))
    page = render_template(
        "enterprise/show_print_run.html", form=form, run=run, batch=run.batch, activated=activated_units(run)
    )
    return page, status_of(form)


@bp.post("/print-runs/<int:run_id>/files/<form>")
def download_print_run(run_id: int, form: str) -> ResponseReturnValue:
    """The file is made while it is sent; nothing is stored."""
    run = get_own_print_run(run_id)
    if form not in MEDIA_TYPES:
        raise NotFound
    file = label_file(run, form, public_url=current_app.config["PUBLIC_URL"])
    actions.download_print_run(run, form, by=me())
    response = Response(file.parts, mimetype=file.media_type)
    if file.length is not None:
        response.content_length = file.length
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
