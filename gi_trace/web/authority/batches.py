"""All batches and print runs, each to look at."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace.batches.models import (
    Batch,
    PrintRun,
    open_stops,
    registration_number,
    run_segments,
    run_tally,
    unit_ranges,
)
from gi_trace.database import db
from gi_trace.web.authority import bp
from gi_trace.web.finding.code_pages import later_names
from gi_trace.web.labels.open_runs import waits_for_consent
from gi_trace.web.lists.batches import batch_listing
from gi_trace.web.lists.files import table_file
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.stock.lots import batch_chain, chain_table

SEGMENTS_SHOWN = 200


@list_page(bp, "/batches")
def list_batches() -> Listing:
    return batch_listing()


@bp.get("/batches/<int:number>")
def show_batch(number: int) -> ResponseReturnValue:
    batch = db.get_or_404(Batch, number)
    return render_template(
        "authority/show_batch.html",
        batch=batch,
        later=later_names(batch),
        stops=open_stops(batch),
        registration=registration_number(batch),
        ranges=unit_ranges(batch)[-SEGMENTS_SHOWN:],
        **batch_chain(batch),
    )


@bp.get("/batches/<int:number>/chain.<any(csv, xlsx):form>")
def export_batch_chain(number: int, form: str) -> ResponseReturnValue:
    batch = db.get_or_404(Batch, number)
    return table_file(f"{batch.number_text}-chain", form, *chain_table(batch_chain(batch)))


@bp.get("/print-runs/<int:run_id>")
def show_print_run(run_id: int) -> ResponseReturnValue:
    run = db.get_or_404(PrintRun, run_id)
    return render_template(
        "authority/show_print_run.html",
        run=run,
        tally=run_tally(run),
        segments=run_segments(run)[:SEGMENTS_SHOWN],
        waits_for_consent=not run.batch.cancelled_at and waits_for_consent(run),
    )
