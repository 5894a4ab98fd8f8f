"""Print runs with their sums, first those with something open: much spoilage, lost labels, labels long unused."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from gi_trace.batches import label_life
from gi_trace.batches.models import PrintRun, run_tally
from gi_trace.database import db
from gi_trace.web.act_page import Rows, act_page
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.labels.open_runs import waits_for_consent
from gi_trace.web.lists.batches import run_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page


class ConsentForm(FlaskForm):
    reason = TextAreaField(_("同意的理由"), [needed(), AtMost(500)])


@list_page(bp, "/print-runs")
def list_print_runs() -> Listing:
    shown = {"waits_for_consent": lambda row: waits_for_consent(row[0], row[1])}
    return run_listing(default="open", template="authority/list_print_runs.html", shown=shown)


def _rows(run: PrintRun) -> Rows:
    return [
        (_("企业"), run.batch.party.name),
        (_("批次"), run.batch.number_text),
        (_("件数"), run.units),
        (_("作废、遗失、销毁"), run_tally(run).spoilt),
    ]


@act_page(
    bp,
    "/print-runs/<int:run_id>/consent",
    ConsentForm,
    _("同意损耗"),
    on=lambda run_id: db.get_or_404(PrintRun, run_id),
    rows=_rows,
    back=".list_print_runs",
    done=_("已同意，企业可以再次下载。"),
)
def consent_to_spoilage(run: PrintRun, form: ConsentForm) -> None:
    label_life.consent_to_spoilage(run, reason=form.reason.data, by=me())
