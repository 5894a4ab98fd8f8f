"""Registering, seeing and cancelling batches."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from gi_trace.batches import actions
from gi_trace.batches.models import batches_of, ordered_units, unit_ranges
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_batch, is_ours, own_party
from gi_trace.web.guards import me
from gi_trace.web.stock_pages import batch_chain, chain_table, table_file


@bp.get("/batches")
def list_batches() -> ResponseReturnValue:
    return render_template("enterprise/list_batches.html", batches=batches_of(own_party()))


@bp.get("/batches/<int:number>")
def show_batch(number: int) -> ResponseReturnValue:
    batch = get_own_batch(number)
    ordered = ordered_units(batch)
    return render_template(
        "enterprise/show_batch.html",
        batch=batch,
        ordered=ordered,
        ranges=unit_ranges(batch),
        **batch_chain(batch, sees=is_ours),
    )


@bp.get("/batches/<int:number>/chain.<any(csv, xlsx):form>")
def export_batch_chain(number: int, form: str) -> ResponseReturnValue:
    batch = get_own_batch(number)
    return table_file(f"{batch.number_text}-chain", form, *chain_table(batch_chain(batch, sees=is_ours)))


@bp.post("/batches/<int:number>/cancel")
def cancel_batch(number: int) -> ResponseReturnValue:
    actions.cancel_batch(get_own_batch(number), by=me())
    flash(_("批次已取消，重量退回原批料。"))
    return redirect(url_for(".show_batch", number=number))
