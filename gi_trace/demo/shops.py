"""Fictional shops and markets, for the demo."""

import uuid

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db
from gi_trace.patrol.actions.lists import add_market
from gi_trace.patrol.models import Shop

SHOPS = [
    ("示范干货店（演示）", "示范路 8 号", "示范农贸市场", "江门市"),
    ("示范茶行（演示）", "示范路 21 号", "示范农贸市场", "江门市"),
    ("示范特产档口（演示）", "示范街 3 档", "示范批发市场", "广州市"),
]


@act
def load_demo_shops(officer: Account) -> None:
    markets = {name: add_market(name, city, by=officer) for name, city in {(s[2], s[3]) for s in SHOPS}}
    for name, address, market, city in SHOPS:
        shop = Shop(id=str(uuid.uuid4()), name=name, address=address, market_id=markets[market].id, city=city)
        shop.first_seen_at = clock.now()
        db.session.add(shop)
