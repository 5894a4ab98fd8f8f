"""The other way round: rights in force that a list does not name. A task for people; a list never ends a right."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from gi_trace.database import db
from gi_trace.registry.models import AT_A_TIME, Authorisation, Party, Product
from gi_trace.registry.rolls.file import RollRow
from gi_trace.registry.rules import RightState, state_on


def missing_rights(rows: Iterable[RollRow], today: date) -> list[int]:
    """Ids of the rights in force, of the products and bases that the list has, whose enterprise it does not name."""
    listed = {(row.uscc, row.product, row.basis) for row in rows}
    covered = {(product, basis) for _uscc, product, basis in listed}
    if not covered:
        return []
    query = select(Authorisation.id, Party.uscc, Product.code, Authorisation.basis)
    query = query.join(Authorisation.party).join(Authorisation.product).order_by(Party.name, Authorisation.id)
    pairs = [(Product.code == product) & (Authorisation.basis == basis) for product, basis in covered]
    found = db.session.execute(query.where(or_(*pairs)))
    others = [right_id for right_id, *key in found if tuple(key) not in listed]
    in_force = {right.id for right in rights_with(others) if _is_in_force(right, today)}
    return [right_id for right_id in others if right_id in in_force]


def rights_with(ids: list[int]) -> list[Authorisation]:
    """In the order of their ids' list, with what a page shows of them."""
    query = select(Authorisation).options(
        selectinload(Authorisation.changes),
        joinedload(Authorisation.party),
        joinedload(Authorisation.product),
    )
    parts = [ids[start : start + AT_A_TIME] for start in range(0, len(ids), AT_A_TIME)]
    found = {
        right.id: right
        for part in parts
        for right in db.session.scalars(query.where(Authorisation.id.in_(part)))
    }
    return [found[one] for one in ids if one in found]


def _is_in_force(right: Authorisation, today: date) -> bool:
    return state_on(right.right, today) is RightState.IN_FORCE
