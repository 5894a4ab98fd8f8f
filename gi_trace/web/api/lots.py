"""What there is to work with: the token itself, products with the firm's rights, lots."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from gi_trace import clock
from gi_trace.accounts.models import ApiToken
from gi_trace.registry.models import Authorisation, Product
from gi_trace.registry.rules import Basis, RightState, state_on
from gi_trace.stock.actions.ledger import is_dear_on
from gi_trace.stock.models import Lot
from gi_trace.web.api.face import ApiFace, RowsPage
from gi_trace.web.api.guard import callers_party, callers_token, require_token
from gi_trace.web.api.told import LotSchema, ProductSchema, TokenSchema

bp = ApiFace("api_lots", __name__, url_prefix="/api/v1", description="What there is to work with.")
bp.before_request(require_token)


@bp.get("/token")
@bp.response(200, TokenSchema)
def show_token() -> ApiToken:
    """The token that is used: what it is for, and until when."""
    return callers_token()


def right_on(product: Product, basis: Basis) -> Authorisation | None:
    """The caller's right for the product on the basis that is in force today, else its latest one."""
    rights = [one for one in callers_party().authorisations if one.product is product and one.basis == basis]
    in_force = [one for one in rights if state_on(one.right, clock.today()) is RightState.IN_FORCE]
    return next(iter([*in_force, *rights[::-1]]), None)


def product_told(product: Product) -> dict[str, Any]:
    names = ("code", "name", "gtin", "minimum_age_years", "has_best_before")
    return {name: getattr(product, name) for name in names} | {
        "material": product.material.code,
        "grounds": [_ground(product, ground.basis, ground.number) for ground in product.bases],
    }


def _ground(product: Product, basis: Basis, number: str) -> dict[str, Any]:
    right = right_on(product, basis)
    return {
        "basis": basis,
        "number": number,
        "right_number": right.number if right else None,
        "right_state": state_on(right.right, clock.today()) if right else None,
    }


def lot_told(lot: Lot) -> dict[str, Any]:
    """What lists tell of a lot, as data."""
    age = lot.age
    names = ("id", "number", "made_on", "balance_g", "available_g", "is_stopped", "is_opening_stock")
    return {name: getattr(lot, name) for name in names} | {
        "material": lot.material.code,
        "site": lot.site.name if lot.site else None,
        "seasons": [season.code for season in lot.seasons],
        "stored_on": age.stored_on if age else None,
        "age_years": age.years if age else None,
        "claimed_year": lot.claimed_year,
        "needs_agreement": is_dear_on(lot, clock.today()),
    }


class ProductsPage(RowsPage):
    row_told = staticmethod(product_told)


class LotsPage(RowsPage):
    row_told = staticmethod(lot_told)


@bp.get("/products")
@bp.response(200, ProductSchema(many=True))
@bp.paginate(ProductsPage)
def list_products() -> Select[Any]:
    """All products, each with the enterprise's rights to its name."""
    query = select(Product).order_by(Product.id)
    return query.options(selectinload(Product.bases), joinedload(Product.material))


@bp.get("/lots")
@bp.response(200, LotSchema(many=True))
@bp.paginate(LotsPage)
def list_lots() -> Select[Any]:
    """What the enterprise holds now."""
    held = select(Lot).where(Lot.party_id == callers_party().id, Lot.balance_g > 0).order_by(Lot.id)
    return held.options(joinedload(Lot.material), joinedload(Lot.site), selectinload(Lot.stays))
