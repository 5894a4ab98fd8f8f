"""Batches: registered, cancelled, opened again."""

from typing import Any

from flask import current_app
from flask_smorest import Page
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from gi_trace.accounts.models import Scope
from gi_trace.batches import actions, unpacking
from gi_trace.batches.actions import BatchFacts
from gi_trace.batches.label_faces import misfits
from gi_trace.batches.label_layouts import layouts_of
from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.labels.layouts import Layout
from gi_trace.registry.models import Authorisation, find_product
from gi_trace.registry.rules import Basis
from gi_trace.stock.models import Lot, StockRequest
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.api.asked import NewBatchSchema, UnpackSchema
from gi_trace.web.api.face import ApiFace, RowsPage, needs
from gi_trace.web.api.guard import caller, callers_party, get_callers_batch, require_token
from gi_trace.web.api.lots import lot_told, right_on
from gi_trace.web.api.told import BatchSchema, FittingTemplateSchema, LotSchema, RequestSchema, TemplateSchema
from gi_trace.web.forms import refusal_text
from gi_trace.web.words import layout_title

bp = ApiFace("api_batches", __name__, url_prefix="/api/v1", description="Batches.")
bp.before_request(require_token)


@bp.get("/batches")
@bp.response(200, BatchSchema(many=True))
@bp.paginate(RowsPage)
def list_batches() -> Select[Any]:
    """The enterprise's batches, the latest first."""
    query = select(Batch).filter_by(party_id=caller().party_id).options(joinedload(Batch.product))
    return query.order_by(Batch.registered_at.desc(), Batch.number)


@bp.get("/batches/<int:number>")
@bp.response(200, BatchSchema)
def show_batch(number: int) -> Batch:
    """One batch."""
    return get_callers_batch(number)


@bp.get("/templates")
@bp.response(200, TemplateSchema(many=True))
@bp.paginate(Page)
def list_templates() -> list[dict[str, Any]]:
    """Layouts of labels: the firm's own, and the service's."""
    return [_template_told(layout) for layout in layouts_of(callers_party())]


@bp.get("/batches/<int:number>/templates")
@bp.response(200, FittingTemplateSchema(many=True))
@bp.paginate(Page)
def list_templates_for_batch(number: int) -> list[dict[str, Any]]:
    """Which layouts can hold the batch's labels: to be known before ordering."""
    batch = get_callers_batch(number)
    layouts = layouts_of(batch.party)
    why_not = misfits(batch, layouts, public_url=current_app.config["PUBLIC_URL"])
    words = {name: refusal_text(refusal) for name, refusal in why_not.items()}
    return [_template_told(layout) | {"why_not": words.get(layout.name)} for layout in layouts]


@bp.post("/batches")
@needs(Scope.BATCHES)
@bp.arguments(NewBatchSchema)
@bp.response(201, BatchSchema)
@bp.alt_response(404, "NOT_FOUND")
def create_batch(asked: dict[str, Any]) -> Batch:
    """Register a batch from lots. Refusals show the arithmetic. Old or claimed lots give nothing unless `agreed_lots`
    names them."""
    right = _right(asked.pop("product"), asked.pop("basis"))
    draws = [(_lot(draw["lot"]), draw["grams"]) for draw in asked.pop("draws")]
    key, agreed = asked.pop("client_key", None), asked.pop("agreed_lots")
    return actions.register_batch(
        right, BatchFacts(**asked), draws, by=caller(), agreed=agreed, client_key=key
    )


@bp.post("/batches/<int:number>/cancellation")
@needs(Scope.BATCHES)
@bp.response(200, BatchSchema)
def cancel_batch(number: int) -> Batch:
    """A mistyped batch of which no label was downloaded, within a month of registering it; its lots have their weight again.
    Later its units are unpacked. Done once, however often."""
    batch = get_callers_batch(number)
    if batch.cancelled_at is None:
        actions.cancel_batch(batch, by=caller())
    return batch


@bp.post("/batches/<int:number>/unpackings")
@needs(Scope.BATCHES)
@bp.arguments(UnpackSchema)
@bp.response(201, LotSchema)
def unpack_units(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Units are opened or were never filled: their codes are void, their weight is the lot returned. Of units that were in
    use, and of fruit and grain packed long ago, an officer must see the goods: `unpacking_needs_officer`, see
    `/unpacking-requests`."""
    batch = get_callers_batch(number)
    ranges = sorted((one["first"], one["last"]) for one in asked.pop("ranges"))
    checked = checked_units(number, ranges)
    return lot_told(unpacking.unpack_units(batch, ranges, by=caller(), checked_units=checked, **asked))


@bp.post("/batches/<int:number>/unpacking-requests")
@needs(Scope.BATCHES)
@bp.arguments(UnpackSchema)
@bp.response(201, RequestSchema)
def ask_unpacking(asked: dict[str, Any], number: int) -> StockRequest:
    """An officer is asked to see the goods or labels of these units; what he saw then comes back as a lot, and its codes are
    void. `already_asked` while the same waits."""
    batch = get_callers_batch(number)
    ranges = sorted((one["first"], one["last"]) for one in asked.pop("ranges"))
    return unpacking.ask_unpacking(batch, ranges, by=caller(), **asked)


@bp.get("/requests")
@bp.response(200, RequestSchema(many=True))
@bp.paginate(RowsPage)
def list_requests() -> Select[Any]:
    """What the enterprise asked of the authority, the latest first."""
    query = select(StockRequest).filter_by(party_id=caller().party_id)
    return query.order_by(StockRequest.id.desc())


def _template_told(layout: Layout) -> dict[str, Any]:
    names = ("name", "version", "page", "label", "labels")
    return {name: getattr(layout, name) for name in names} | {"title": layout_title(layout)}


def _right(product_code: str, basis: Basis) -> Authorisation:
    """What the act refuses where it is not in force."""
    product = find_product(product_code)
    right = right_on(product, basis) if product else None
    if right is None:
        raise NotFound
    return right


def _lot(lot_id: int) -> Lot:
    lot = db.session.get(Lot, lot_id)
    if lot is None:
        raise NotFound
    return lot
