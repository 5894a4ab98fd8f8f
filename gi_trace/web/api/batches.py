"""Lots that can be packed, and batches."""

from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_smorest import Blueprint

from gi_trace import clock
from gi_trace.batches.actions import BatchFacts, cancel_batch, register_batch
from gi_trace.batches.labels import misfits
from gi_trace.batches.models import Batch, batches_of
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.labels.sheets import TEMPLATES
from gi_trace.registry.models import Authorisation, find_product
from gi_trace.registry.rules import Basis, RightState, state_on
from gi_trace.stock.models import Lot, lots_of
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.api.guard import caller, get_callers_batch, require_token
from gi_trace.web.api.schemas import BatchSchema, LotSchema, NewBatchSchema, TemplateSchema, UnpackSchema
from gi_trace.web.forms import refusal_text

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


@bp.get("/batches/<int:number>/templates")
@bp.response(200, TemplateSchema(many=True))
@bp.alt_response(404)
def list_templates(number: int) -> list[dict[str, Any]]:
    """Which layouts can hold the batch's labels: to be known before ordering."""
    why_not = misfits(get_callers_batch(number), public_url=current_app.config["PUBLIC_URL"])
    return [
        {
            "name": name,
            "title": gettext(template.title),
            "why_not": refusal_text(why_not[name]) if name in why_not else None,
        }
        for name, template in TEMPLATES.items()
    ]


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


@bp.post("/batches/<int:number>/cancellation")
@bp.response(200, BatchSchema)
@bp.alt_response(404)
@bp.alt_response(422)
def cancel(number: int) -> Batch:
    """A mistyped batch; its lots have their weight again. Refused once units are activated."""
    batch = get_callers_batch(number)
    cancel_batch(batch, by=caller())
    return batch


@bp.post("/batches/<int:number>/unpackings")
@bp.arguments(UnpackSchema)
@bp.response(201, LotSchema)
@bp.alt_response(404)
@bp.alt_response(422)
def unpack(asked: dict[str, Any], number: int) -> Lot:
    """Units are opened or were never filled: their codes are void, their weight is the lot returned."""
    batch = get_callers_batch(number)
    ranges = sorted((one["first"], one["last"]) for one in asked.pop("ranges"))
    checked = checked_units(number, ranges)
    return unpack_units(batch, ranges, by=caller(), checked_units=checked, **asked)


def _right(product_code: str, basis: Basis) -> Authorisation:
    """The caller's right for the product on the basis that is in force, else its latest, which the act refuses."""
    product, party = find_product(product_code), caller().party
    rights = party.authorisations if party else []
    found = [right for right in rights if right.product is product and right.basis == basis]
    if not found:
        raise NotFound
    today = clock.today()
    return next((r for r in found if state_on(r.right, today) is RightState.IN_FORCE), found[-1])


def _lot(lot_id: int) -> Lot:
    lot = db.session.get(Lot, lot_id)
    if lot is None:
        raise NotFound
    return lot
