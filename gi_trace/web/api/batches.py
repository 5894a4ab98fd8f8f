"""Lots that can be packed, and batches."""

from typing import Any

from flask_smorest import Blueprint

from gi_trace.batches.actions import BatchFacts, register_batch
from gi_trace.batches.models import Batch, batches_of
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.registry.models import Authorisation, find_product
from gi_trace.registry.rules import Basis
from gi_trace.stock.models import Lot, lots_of
from gi_trace.web.api.guard import caller, get_callers_batch, require_token
from gi_trace.web.api.schemas import BatchSchema, LotSchema, NewBatchSchema

bp = Blueprint("api_batches", __name__, url_prefix="/api/v1", description="Lots and batches.")
bp.before_request(require_token)
ERRORS = (401, 403, 404, 422)


@bp.get("/lots")
@bp.response(200, LotSchema(many=True))
@bp.alt_response(401)
def list_lots() -> list[Lot]:
    """What the enterprise holds now."""
    party = caller().party
    return lots_of(party) if party else []


@bp.get("/batches")
@bp.response(200, BatchSchema(many=True))
@bp.alt_response(401)
def list_batches() -> list[Batch]:
    """The enterprise's batches, the latest first."""
    party = caller().party
    return batches_of(party) if party else []


@bp.get("/batches/<int:number>")
@bp.response(200, BatchSchema)
@bp.alt_response(404)
def show_batch(number: int) -> Batch:
    """One batch."""
    return get_callers_batch(number)


@bp.post("/batches")
@bp.arguments(NewBatchSchema)
@bp.response(201, BatchSchema)
@bp.alt_response(409)
@bp.alt_response(422)
def create_batch(asked: dict[str, Any]) -> Batch:
    """Register a batch from lots. Refusals show the arithmetic."""
    right = _right(asked.pop("product"), asked.pop("basis"))
    draws = [(_lot(draw["lot"]), draw["grams"]) for draw in asked.pop("draws")]
    key = asked.pop("client_key", None)
    return register_batch(right, BatchFacts(**asked), draws, by=caller(), client_key=key)


def _right(product_code: str, basis: Basis) -> Authorisation:
    """The latest right of the caller for the product on the basis; the act checks that it is in force."""
    product, party = find_product(product_code), caller().party
    rights = party.authorisations if party else []
    found = [right for right in rights if right.product is product and right.basis == basis]
    if not found:
        raise NotFound
    return found[-1]


def _lot(lot_id: int) -> Lot:
    lot = db.session.get(Lot, lot_id)
    if lot is None:
        raise NotFound
    return lot
