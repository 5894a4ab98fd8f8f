"""What a phone sends of visits, findings and photos, read from JSON. Pure; ItemUnreadable names the field."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gi_trace.patrol.rules import (
    ItemUnreadable,
    Measure,
    check_measure,
    check_photo_size,
    check_place,
    check_sha256,
    check_uuid,
    clean_label,
)
from gi_trace.record.rules import canonical

Item = Mapping[str, Any]
MOST_SCANS, MOST_NUMBER, MOST_TEXT = 500, 2**31 - 1, 4000
SCAN_FIELDS = ("code", "verdict", "pack", "at", "twin")


@dataclass(frozen=True)
class Made:
    """When and as which version an item was made; `sent_at` tells how wrong the phone's clock is."""

    id: str
    based_on: int
    made_at: datetime
    sent_at: datetime
    sha256: str


@dataclass(frozen=True)
class ShopFacts:
    id: str
    name: str
    address: str
    code: str
    market_id: int | None
    city: str


@dataclass(frozen=True)
class VisitFacts:
    second_officer_id: int
    latitude_e6: int | None
    longitude_e6: int | None
    accuracy_m: int | None
    market_id: int | None
    note: str


@dataclass(frozen=True)
class FindingFacts:
    label: dict[str, str]
    scans: list[dict[str, Any]]
    quantity: int
    quantity_unit: str
    unit_price_fen: int
    supplier: str
    statement: str
    measure: Measure
    measure_on: date | None
    measure_number: str
    note: str


@dataclass(frozen=True)
class PhotoFacts:
    visit_id: str
    finding_id: str | None
    sha256: str
    size: int


def made_of(item: Item) -> Made:
    try:
        content = canonical({name: value for name, value in item.items() if name != "sent_at"}).encode()
    except (TypeError, ValueError):
        raise ItemUnreadable(field="item") from None
    return Made(
        id=check_uuid(item.get("id"), "id"),
        based_on=_number(item, "based_on"),
        made_at=_instant(item, "made_at"),
        sent_at=_instant(item, "sent_at"),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def shop_of(item: Item) -> ShopFacts:
    shop = item.get("shop")
    if not isinstance(shop, Mapping):
        raise ItemUnreadable(field="shop")
    return ShopFacts(
        id=check_uuid(shop.get("id"), "shop.id"),
        name=_needed_text(shop, "name", 120),
        address=_needed_text(shop, "address", 200),
        code=_text(shop, "code", 40),
        market_id=_optional_number(shop, "market_id"),
        city=_text(shop, "city", 40),
    )


def visit_of(item: Item) -> VisitFacts:
    facts = VisitFacts(
        second_officer_id=_number(item, "second_officer_id"),
        latitude_e6=_optional_number(item, "latitude_e6", -90_000_000, 90_000_000),
        longitude_e6=_optional_number(item, "longitude_e6", -180_000_000, 180_000_000),
        accuracy_m=_optional_number(item, "accuracy_m"),
        market_id=_optional_number(item, "market_id"),
        note=_text(item, "note"),
    )
    check_place(facts.latitude_e6, facts.longitude_e6, facts.market_id)
    return facts


def finding_of(item: Item) -> FindingFacts:
    facts = FindingFacts(
        label=clean_label(_mapping(item, "label")),
        scans=_scans(item),
        quantity=_number(item, "quantity"),
        quantity_unit=_text(item, "quantity_unit", 20),
        unit_price_fen=_number(item, "unit_price_fen"),
        supplier=_text(item, "supplier"),
        statement=_text(item, "statement"),
        measure=_measure(item),
        measure_on=_optional_day(item, "measure_on"),
        measure_number=_text(item, "measure_number", 60),
        note=_text(item, "note"),
    )
    check_measure(facts.measure, facts.measure_on)
    return facts


def photo_of(item: Item) -> PhotoFacts:
    finding = item.get("finding")
    size = _number(item, "size")
    if size == 0:
        raise ItemUnreadable(field="size")
    check_photo_size(size)
    return PhotoFacts(
        visit_id=check_uuid(item.get("visit"), "visit"),
        finding_id=check_uuid(finding, "finding") if finding else None,
        sha256=check_sha256(item.get("sha256"), "sha256"),
        size=size,
    )


def _scans(item: Item) -> list[dict[str, Any]]:
    scans = item.get("scans", [])
    if not isinstance(scans, list) or len(scans) > MOST_SCANS:
        raise ItemUnreadable(field="scans")
    if not all(isinstance(scan, Mapping) and isinstance(scan.get("code"), str) for scan in scans):
        raise ItemUnreadable(field="scans")
    return [{name: _short(scan.get(name)) for name in SCAN_FIELDS} for scan in scans]


def _short(value: object) -> object:
    return value[:80] if isinstance(value, str) else bool(value)


def _measure(item: Item) -> Measure:
    try:
        return Measure(item.get("measure") or "none")
    except ValueError:
        raise ItemUnreadable(field="measure") from None


def _mapping(item: Item, field: str) -> Item:
    value = item.get(field, {})
    if not isinstance(value, Mapping):
        raise ItemUnreadable(field=field)
    return value


def _needed_text(item: Item, field: str, most: int) -> str:
    text = _text(item, field, most)
    if not text:
        raise ItemUnreadable(field=field)
    return text


def _text(item: Item, field: str, most: int = MOST_TEXT) -> str:
    text = item.get(field) or ""
    if not isinstance(text, str):
        raise ItemUnreadable(field=field)
    return text.replace("\0", "").strip()[:most]


def _number(item: Item, field: str) -> int:
    number = _optional_number(item, field)
    if number is None:
        raise ItemUnreadable(field=field)
    return number


def _optional_number(item: Item, field: str, least: int = 0, most: int = MOST_NUMBER) -> int | None:
    number = item.get(field)
    if number is None:
        return None
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise ItemUnreadable(field=field)
    return number


def _instant(item: Item, field: str) -> datetime:
    try:
        instant = datetime.fromisoformat(item[field])
    except (KeyError, TypeError, ValueError):
        raise ItemUnreadable(field=field) from None
    if instant.tzinfo is None:
        raise ItemUnreadable(field=field)
    return instant


def _optional_day(item: Item, field: str) -> date | None:
    if not item.get(field):
        return None
    try:
        return date.fromisoformat(item[field])
    except (TypeError, ValueError):
        raise ItemUnreadable(field=field) from None
