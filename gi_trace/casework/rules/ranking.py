"""Where to go next: shops by the finds to be expected there, with the reasons in words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gi_trace.errors import N_

# Expected finds that one of each adds; a count beyond its cap tells no more.
BASE = 0.05
PER_OPEN_LEAD, MOST_LEADS = 0.6, 3
PER_REPORT, MOST_REPORTS = 0.25, 4
PER_CITY_ALERT, MOST_CITY_ALERTS = 0.04, 10
PER_PAST_FINDING, MOST_PAST = 0.2, 5
FRESH_DAYS = 90  # a shop seen just now has nothing new; after a quarter it counts in full
NEVER_SEEN = 1.5

Reason = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class ShopHistory:
    """What speaks for and against going there; `days_since_visit` None when nobody ever went."""

    shop_id: str
    open_leads: int = 0
    public_reports: int = 0
    city: str = ""
    city_alerts: int = 0
    past_findings: int = 0
    days_since_visit: int | None = None


@dataclass(frozen=True)
class ShopToVisit:
    shop_id: str
    expected_finds: float
    reasons: tuple[Reason, ...]


def where_to_go(shops: Iterable[ShopHistory]) -> list[ShopToVisit]:
    """The most promising first; equal ones in the order of their ids."""
    ranked = [ShopToVisit(shop.shop_id, expected_finds(shop), reasons_for(shop)) for shop in shops]
    return sorted(ranked, key=lambda shop: (-shop.expected_finds, shop.shop_id))


def expected_finds(shop: ShopHistory) -> float:
    signs = (
        BASE
        + PER_OPEN_LEAD * min(shop.open_leads, MOST_LEADS)
        + PER_REPORT * min(shop.public_reports, MOST_REPORTS)
        + PER_CITY_ALERT * min(shop.city_alerts, MOST_CITY_ALERTS)
        + PER_PAST_FINDING * min(shop.past_findings, MOST_PAST)
    )
    return round(signs * _freshness(shop.days_since_visit), 3)


def reasons_for(shop: ShopHistory) -> tuple[Reason, ...]:
    told: list[tuple[int, str, dict[str, Any]]] = [
        (shop.open_leads, N_("未办结线索 {count} 条"), {"count": shop.open_leads}),
        (shop.public_reports, N_("公众反映 {count} 次"), {"count": shop.public_reports}),
        (shop.past_findings, N_("以前发现问题 {count} 次"), {"count": shop.past_findings}),
        (
            shop.city_alerts,
            N_("{city}有 {count} 个标识触发复制警报"),
            {"city": shop.city, "count": shop.city_alerts},
        ),
    ]
    reasons = [(text, facts) for applies, text, facts in told if applies]
    return (*reasons, _since(shop.days_since_visit))


def _freshness(days: int | None) -> float:
    return NEVER_SEEN if days is None else min(days, FRESH_DAYS) / FRESH_DAYS


def _since(days: int | None) -> Reason:
    if days is None:
        return N_("从未巡查"), {}
    if days == 0:
        return N_("今天已巡查"), {}
    return N_("距上次巡查 {days} 天"), {"days": days}
