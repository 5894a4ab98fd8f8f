"""Products and rights as phones take them along, and labels that are compared with them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from gi_trace.database import db
from gi_trace.patrol.label_check import expected_label, label_faults
from gi_trace.patrol.models import FindingVersion
from gi_trace.registry.models import Authorisation, Product
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
    rights = [right_facts(right, on) for right in rights_of([version.product])]
    expected = expected_label(product_facts(version.product), rights, version.label)
    return LabelCheck(expected, label_faults(version.label, expected))


def rights_of(products: list[Product]) -> list[Authorisation]:
    query = select(Authorisation).where(Authorisation.product_id.in_([product.id for product in products]))
    query = query.options(selectinload(Authorisation.changes), selectinload(Authorisation.party))
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


def right_facts(right: Authorisation, today: date) -> dict[str, Any]:
    return {
        "id": right.id,
        "product": right.product.code,
        "basis": right.basis.value,
        "number": right.number,
        "party": right.party.name,
        "uscc": right.party.uscc,
        "state": state_on(right.right, today).value,
    }
