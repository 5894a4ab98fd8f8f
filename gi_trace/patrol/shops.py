"""Shops with what is known of them, and where to go next."""

from datetime import date

from sqlalchemy import func, select

from gi_trace import clock
from gi_trace.database import db
from gi_trace.patrol.cases.models import open_leads
from gi_trace.patrol.models import Finding, Shop, Visit
from gi_trace.patrol.ranking import ShopHistory, Stop, where_to_go

MOST_SHOPS = 2000


def all_shops() -> list[Shop]:
    """The latest first seen first; a phone takes them all along."""
    return list(db.session.scalars(select(Shop).order_by(Shop.first_seen_at.desc()).limit(MOST_SHOPS)))


def next_stops(shops: list[Shop]) -> list[Stop]:
    today, last_visits, findings = clock.today(), _last_visits(), _finding_counts()
    told = open_leads()
    return where_to_go(
        ShopHistory(
            shop_id=shop.id,
            open_leads=sum(lead.respondent_name == shop.name for lead in told),
            public_reports=sum(shop.name in lead.respondent_address for lead in told),
            city=shop.city,
            past_findings=findings.get(shop.id, 0),
            days_since_visit=(today - last_visits[shop.id]).days if shop.id in last_visits else None,
        )
        for shop in shops
    )


def _last_visits() -> dict[str, date]:
    query = select(Visit.shop_id, func.max(Visit.first_received_at)).group_by(Visit.shop_id)
    return {shop_id: clock.day_of(at) for shop_id, at in db.session.execute(query)}


def _finding_counts() -> dict[str, int]:
    query = select(Visit.shop_id, func.count()).join(Finding, Finding.visit_id == Visit.id)
    return {shop_id: count for shop_id, count in db.session.execute(query.group_by(Visit.shop_id))}
