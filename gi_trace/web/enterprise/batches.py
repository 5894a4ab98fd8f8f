"""Registering, seeing and cancelling batches."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from gi_trace.batches import actions
from gi_trace.batches.models import Batch, has_downloads, ordered_units, registration_number, unit_ranges
from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions.ledger import was_entered_today
from gi_trace.web.act_page import Rows, act_page
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import at_batch, get_own_batch, is_ours
from gi_trace.web.enterprise.undoing import offer_undo
from gi_trace.web.forms import refusal_text
from gi_trace.web.guards import me, own_party
from gi_trace.web.lists.batches import batch_listing
from gi_trace.web.lists.files import table_file
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.stock.lots import batch_chain, chain_table
from gi_trace.web.words import kg_text


@list_page(bp, "/batches")
def list_batches() -> Listing:
    return batch_listing(Batch.party_id == own_party().id, template="enterprise/list_batches.html")


@bp.get("/batches/<int:number>")
def show_batch(number: int) -> ResponseReturnValue:
    batch = get_own_batch(number)
    ordered, why_kept = ordered_units(batch), ""
    try:
        actions.check_firm_cancels(batch)
    except Refused as refusal:
        why_kept = refusal_text(refusal)
    return render_template(
        "enterprise/show_batch.html",
        batch=batch,
        ordered=ordered,
        ranges=unit_ranges(batch),
        undo=offer_undo(db.session.get_one(RecordRow, registration_number(batch))),
        why_kept=why_kept,
        are_downloaded=has_downloads(batch),
        **batch_chain(batch, sees=is_ours),
    )


@bp.get("/batches/<int:number>/chain.<any(csv, xlsx):form>")
def export_batch_chain(number: int, form: str) -> ResponseReturnValue:
    batch = get_own_batch(number)
    return table_file(f"{batch.number_text}-chain", form, *chain_table(batch_chain(batch, sees=is_ours)))


def _get_cancellable(number: int) -> Batch:
    """What has to be asked for leads there."""
    batch = get_own_batch(number)
    actions.check_firm_cancels(batch)
    if request.method == "GET" and has_downloads(batch):
        abort(redirect(url_for(".undo_act", number=registration_number(batch))))
    return batch


def _gives_new_lots(batch: Batch) -> bool:
    return batch.product.material.ages and not was_entered_today(registration_number(batch))


def _rows(batch: Batch) -> Rows:
    return [
        (_("批次"), batch.number_text),
        (_("产品"), batch.product.name),
        (_("生产批号"), batch.own_number),
        (_("件数"), batch.units),
        (_("退回"), kg_text(batch.weight_g)),
        (_("退回到"), _("新批料，包装以来的日子不计陈化") if _gives_new_lots(batch) else _("原批料")),
    ]


@act_page(
    bp,
    "/batches/<int:number>/cancel",
    FlaskForm,
    _("取消批次"),
    on=_get_cancellable,
    rows=_rows,
    back=at_batch,
    done=_("批次已取消，重量已退回。"),
    submit=_("取消此批次"),
    lead=_("取消不能撤回：批次的标识码从此失效，已下单的标识不能再用。"),
)
def cancel_batch(batch: Batch, form: FlaskForm) -> None:
    """What will be cancelled, then the act: there is nothing to fill in."""
    actions.cancel_batch(batch, by=me())
