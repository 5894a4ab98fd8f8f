"""Units that officers met in shops of late: one pack is in one shop, so a phone warns of a unit met in another.

What is not on the list was perhaps met all the same: it warns, and promises nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from gi_trace import clock
from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.patrol.models import Scan, Shop, Visit
from gi_trace.registry.models import Product
from gi_trace.verification.looking.look import unit_of

SEEN_DAYS = 30
MOST_SEEN = 5000  # 15 bytes each, before the pack is compressed


def seen_lately(products: Sequence[Product]) -> dict[str, Any]:
    """{"shops": [{id, name}], "units": [[batch number, unit, place of its shop]]} of the products, the latest first."""
    last = func.max(Scan.received_at)
    rows = db.session.execute(
        _met(Scan.code).group_by(Scan.code, Shop.id, Shop.name).order_by(last.desc()).limit(MOST_SEEN)
    )
    met = [(unit, shop_id, name) for code, shop_id, name in rows if (unit := unit_of(code))]
    ours = _of(products, {unit[0] for unit, _, _ in met})
    met = [row for row in met if row[0][0] in ours]
    shops = {shop_id: name for _, shop_id, name in met}
    places = {shop_id: place for place, shop_id in enumerate(shops)}
    return {
        "shops": [{"id": shop_id, "name": name} for shop_id, name in shops.items()],
        "units": [[*unit, places[shop_id]] for unit, shop_id, _ in met],
    }


def shops_with(code: str) -> list[dict[str, str]]:
    """{id, name} of the shops in which a unit was met of late, by its canonical code."""
    rows = db.session.execute(_met().where(Scan.code == code).distinct())
    return [{"id": shop_id, "name": name} for shop_id, name in rows]


def _met(*more: Any) -> Select[Any]:
    query = select(*more, Shop.id, Shop.name).select_from(Scan).join(Visit, Visit.id == Scan.visit_id)
    query = query.join(Shop, Shop.id == Visit.shop_id)
    return query.where(Scan.received_at >= clock.now() - timedelta(days=SEEN_DAYS))


def _of(products: Sequence[Product], numbers: set[int]) -> set[int]:
    query = select(Batch.number).where(Batch.product_id.in_([product.id for product in products]))
    return set(db.session.scalars(query.where(Batch.number.in_(numbers))))
