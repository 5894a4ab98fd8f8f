"""Products and rights as phones take them along, and labels that are compared with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from gi_trace.database import db
from gi_trace.patrol.label_check import expected_label, label_faults
from gi_trace.patrol.models import FindingVersion
from gi_trace.registry.models import Authorisation, Party, Product
from gi_trace.registry.rules import state_on


@dataclass(frozen=True)
class LabelCheck:
    """What fields of a label may say, and which of them say something else."""

    expected: dict[str, list[str]]
    faults: list[str]


def label_check(version: FindingVersion, on: date) -> LabelCheck:
    """Of the transcribed label against the roll of that day."""
    if version.product is None:
        return LabelCheck({}, [])
    rights = rights_of([version.product])
    facts = rights_facts(rights, ways_of(rights), on)
    expected = expected_label(product_facts(version.product), facts, version.label)
    return LabelCheck(expected, label_faults(version.label, expected))


def rights_of(products: list[Product]) -> list[Authorisation]:
    query = select(Authorisation).where(Authorisation.product_id.in_([product.id for product in products]))
    query = query.options(selectinload(Authorisation.changes))
    query = query.options(selectinload(Authorisation.party).selectinload(Party.entries))
    return list(db.session.scalars(query.order_by(Authorisation.id)))


def product_facts(product: Product) -> dict[str, Any]:
    return {
        "code": product.code,
        "name": product.name,
        "gtin": product.gtin,
        "standards": [standard.code for standard in product.standards],
        "bases": [
            {"basis": ground.basis.value, "number": ground.number, "mark": ground.mark_name}
            for ground in product.bases
        ],
    }


class Printed(NamedTuple):
    """What packs say of a right (its id): the columns of a batch."""

    right_id: int
    product: str
    party: str
    uscc: str
    number: str


def ways_of(rights: Iterable[Authorisation]) -> list[Printed]:
    """How labels may name each right: as its enterprise is called today, and as it was called."""
    ways = (
        Printed(right.id, right.product.name, entry.name, entry.uscc, right.number)
        for right in rights
        for entry in reversed(right.party.entries)
    )
    return list(dict.fromkeys(ways))


def rights_facts(
    rights: Iterable[Authorisation], ways: Iterable[Printed], today: date
) -> list[dict[str, Any]]:
    known = {right.id: right for right in rights}
    return [_right_facts(known[way.right_id], way, today) for way in ways]


def _right_facts(right: Authorisation, way: Printed, today: date) -> dict[str, Any]:
    return {
        "id": right.id,
        "product": right.product.code,
        "product_name": way.product,
        "basis": right.basis.value,
        "number": way.number,
        "party": way.party,
        "party_now": right.party.name if right.party.name != way.party else "",
        "uscc": way.uscc,
        "state": state_on(right.right, today).value,
    }
