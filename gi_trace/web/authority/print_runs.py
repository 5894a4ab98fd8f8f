"""Print runs with something open: much spoilage, lost labels, labels long unused."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from gi_trace.batches import label_life
from gi_trace.batches.models import PrintRun, run_tally
from gi_trace.database import db
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.labels.open_runs import open_runs


class ConsentForm(FlaskForm):
    reason = TextAreaField(_("同意的理由"), [needed(), AtMost(500)])


@bp.get("/print-runs")
def list_print_runs() -> ResponseReturnValue:
    return render_template("authority/list_print_runs.html", rows=open_runs())


@bp.route("/print-runs/<int:run_id>/consent", methods=["GET", "POST"])
def consent_to_spoilage(run_id: int) -> ResponseReturnValue:
    run, form = db.get_or_404(PrintRun, run_id), ConsentForm()
    tally = run_tally(run)
    if confirmed(form):
        with refusals_on(form):
            label_life.consent_to_spoilage(run, reason=form.reason.data, by=me())
            flash(_("已同意，企业可以再次下载。"))
            return redirect(url_for(".list_print_runs"))
    rows = [
        (_("企业"), run.batch.party.name),
        (_("批次"), run.batch.number_text),
        (_("件数"), run.units),
        (_("作废、遗失、销毁"), tally.spoilt),
    ]
    return form_page(form, _("同意损耗"), rows=rows, back=url_for(".list_print_runs"))
