"""Shops with what is known of them, and where to go next."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import BigInteger, cast, func, select

from gi_trace import clock
from gi_trace.casework.models import Lead, LeadState
from gi_trace.casework.rules.ranking import FRESH_DAYS, ShopHistory, ShopToVisit, where_to_go
from gi_trace.codes.unit_code import UNIT_BITS
from gi_trace.database import db
from gi_trace.patrol.models import Finding, Shop, Visit
from gi_trace.verification.models import Alert, AlertKind, AlertState, Check, Report, ReportState

MOST_SHOPS = 2000


def all_shops() -> list[Shop]:
    """The latest first seen first; a phone takes them all along."""
    return list(db.session.scalars(select(Shop).order_by(Shop.first_seen_at.desc()).limit(MOST_SHOPS)))


def shops_to_visit(shops: list[Shop]) -> list[ShopToVisit]:
    today, last_visits, findings = clock.today(), _last_visits(), _finding_counts()
    leads, reports, alerts = _open_leads(), _reported_places(), _alerts_by_city()
    return where_to_go(
        ShopHistory(
            shop_id=shop.id,
            open_leads=leads[shop.name] + (leads[shop.code] if shop.code else 0),
            public_reports=sum(shop.name in place for place in reports),
            city=shop.city,
            city_alerts=alerts[_city(shop.city)],
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


def _open_leads() -> Counter[str]:
    """How many stand open against a code, or against a name where no code is known."""
    query = select(Lead.respondent_code, Lead.respondent_name).where(Lead.state == LeadState.OPEN)
    return Counter(code or name for code, name in db.session.execute(query))


def _reported_places() -> list[str]:
    """Where goods were bought that the public reported, as they wrote it."""
    query = select(Report.bought_at).where(Report.state != ReportState.CLOSED, Report.bought_at != "")
    return list(db.session.scalars(query))


def _alerts_by_city() -> Counter[str]:
    """Units with an alert of copying, open or lately confirmed, in each city in which they were looked at."""
    lately = clock.now() - timedelta(days=FRESH_DAYS)
    standing = (Alert.state == AlertState.OPEN) | (
        (Alert.state == AlertState.CONFIRMED) & (Alert.decided_at >= lately)
    )
    serial = cast(Alert.batch_number, BigInteger) * (1 << UNIT_BITS) + Alert.unit
    query = select(serial, Check.city).join(Check, Check.serial == serial)
    query = query.where(Alert.kind == AlertKind.COPY, standing, Check.city.is_not(None)).distinct()
    return Counter(
        city for _, city in {(unit, _city(city or "")) for unit, city in db.session.execute(query)}
    )


def _city(name: str) -> str:
    """As places are named with and without 市; an empty name is no city's."""
    return name.removesuffix("市") or "—"
