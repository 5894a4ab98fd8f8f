"""What a phone sends of visits, scans, findings and photos: the shape of each item and its bounds. Pure.

What is not said, null and empty text are one thing. Texts beyond their bound are cut off, since whoever wrote them is
back from the shop; anything else that is wrong is refused by its name in the item, as `shop.name` or `scans.3.code`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from gi_trace.patrol.rules import (
    MOST_PHOTO_BYTES,
    ItemKind,
    ItemUnreadable,
    Measure,
    MeasureDateMissing,
    PhotoKind,
    PhotoTooLarge,
    PlaceMissing,
    clean_label,
)
from gi_trace.record.rules import canonical

MOST_SCANS, MOST_DISCARDED, MOST_NUMBER, MOST_TEXT = 500, 5000, 2**31 - 1, 4000
UUID = validate.Regexp(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
WEB_ADDRESS = validate.Regexp(r"(https?://\S+)?\Z")
SHA256 = validate.Regexp(r"[0-9a-f]{64}\Z")
# A phone's clock may be wrong by decades, but not by more seconds than a column of 32 bits holds.
INSTANT = validate.Range(datetime(1970, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Made:
    """When and as which version an item was made, all of it as its maker sealed it: by the phone's clock, how far that ran
    ahead as the phone knew, and when the phone had last heard our time. An older app says nothing of its clock."""

    id: str
    based_on: int
    made_at: datetime
    clock_ahead_s: int
    heard_at: datetime | None
    sha256: str


def read_item(schema: "ItemSchema", item: object) -> tuple[Made, dict[str, Any]]:
    """When it was made, and what it says, by the names of the schema. Raises ItemUnreadable and what a rule forbids."""
    facts = read(schema, item)
    made = {name: facts.pop(name) for name in ("id", "based_on", "made_at", "clock_ahead_s", "heard_at")}
    return Made(**made, sha256=_content_sha256(item)), facts


def read(schema: Schema, sent: object) -> dict[str, Any]:
    """Raises ItemUnreadable and what a rule of the schema forbids."""
    try:
        return schema.load(sent)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ItemUnreadable(field=_first_field(error.normalized_messages())) from None


class Text(fields.String):
    """Without blanks around it and no longer than `most`; empty when nothing is said, unless it is required."""

    def __init__(self, most: int = MOST_TEXT, **options: Any):
        if not options.get("required"):
            options["load_default"] = ""
        super().__init__(**options)
        self.most = most

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(*args, **kwargs).replace("\0", "").strip()[: self.most]


def _number(least: int = 0, most: int = MOST_NUMBER, **options: Any) -> fields.Integer:
    if not options.get("required"):
        options["load_default"] = None
    return fields.Integer(strict=True, validate=validate.Range(least, most), **options)


class Said(Schema):
    class Meta:
        unknown = EXCLUDE

    @pre_load
    def leave_out_what_is_not_said(self, item: Any, **_: Any) -> Any:
        if not isinstance(item, Mapping):
            return item
        return {name: value for name, value in item.items() if value is not None and value != ""}


class ItemSchema(Said):
    id = fields.String(required=True, validate=UUID)
    based_on = _number(required=True)
    made_at = fields.AwareDateTime(format="iso", required=True, validate=INSTANT)
    clock_ahead_s = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(-MOST_NUMBER, MOST_NUMBER)
    )
    heard_at = fields.AwareDateTime(format="iso", load_default=None, validate=INSTANT)


class ShopSchema(Said):
    id = fields.String(required=True, validate=UUID)
    name = Text(120, required=True, validate=validate.Length(1))
    address = Text(200, required=True, validate=validate.Length(1))
    code = Text(40)
    market_id = _number()
    city = Text(40)
    link = Text(500, validate=WEB_ADDRESS)
    platform = Text(40)
    seller = Text(120)


class VisitItemSchema(ItemSchema):
    visit = fields.String(required=True, validate=UUID)
    shop = fields.Nested(ShopSchema, required=True)
    second_officer_id = _number(required=True)
    latitude_e6 = _number(-90_000_000, 90_000_000)
    longitude_e6 = _number(-180_000_000, 180_000_000)
    accuracy_m = _number()
    market_id = _number()
    note = Text()

    @post_load
    def need_a_place(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        has_fix = None not in (facts["latitude_e6"], facts["longitude_e6"])
        if not has_fix and facts["market_id"] is None and not facts["shop"]["link"]:
            raise PlaceMissing
        return facts


class ScanItemSchema(ItemSchema):
    visit = fields.String(required=True, validate=UUID)
    text = Text(required=True)
    code = Text(80)
    host = Text(253)
    verdict = Text(80)
    pack = Text(80)
    again = fields.Boolean(load_default=False)


class ScanSchema(Said):
    """Of the visit's scans one that a finding rests on."""

    code = Text(80, required=True)
    verdict = Text(80)
    pack = Text(80)
    at = Text(80)
    host = Text(253)
    twin = fields.Boolean(load_default=False)


class FindingItemSchema(ItemSchema):
    visit = fields.String(required=True, validate=UUID)
    finding = fields.String(required=True, validate=UUID)
    offence = Text(40, required=True)
    product = Text(40)
    label = fields.Dict(load_default=dict)
    scans = fields.List(
        fields.Nested(ScanSchema), load_default=list, validate=validate.Length(max=MOST_SCANS)
    )
    quantity = _number(required=True)
    quantity_unit = Text(20)
    unit_price_fen = _number(required=True)
    supplier = Text()
    statement = Text()
    measure = fields.Enum(Measure, by_value=True, load_default=Measure.NONE)
    measure_on = fields.Date(format="iso", load_default=None)
    measure_number = Text(60)
    note = Text()

    @post_load
    def need_the_day_of_a_measure(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        if facts["measure"] != Measure.NONE and facts["measure_on"] is None:
            raise MeasureDateMissing
        return facts | {"label": clean_label(facts["label"])}


class PhotoItemSchema(ItemSchema):
    visit = fields.String(required=True, validate=UUID)
    finding = fields.String(load_default=None, validate=UUID)
    sha256 = fields.String(required=True, validate=SHA256)
    size = _number(1, required=True)
    kind = fields.Enum(PhotoKind, by_value=True, load_default=PhotoKind.PHOTO)
    marks_of = fields.String(load_default=None, validate=UUID)

    @post_load
    def need_what_marks_were_made_on(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        if (facts["kind"] == PhotoKind.MARKED) != (facts["marks_of"] is not None):
            raise ItemUnreadable(field="marks_of")
        return facts

    @post_load
    def bound_the_size(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        if facts["size"] > MOST_PHOTO_BYTES:
            raise PhotoTooLarge(size_mb=-(-facts["size"] // 2**20), most_mb=MOST_PHOTO_BYTES // 2**20)
        return facts


class DiscardedSchema(Said):
    id = fields.String(required=True, validate=UUID)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in ItemKind]))
    made_at = Text(40)


class DiscardItemSchema(ItemSchema):
    """What its maker gave up after the service had refused it in the words of `refusal`; with a visit all of it."""

    visit = fields.String(required=True, validate=UUID)
    items = fields.List(
        fields.Nested(DiscardedSchema), required=True, validate=validate.Length(1, MOST_DISCARDED)
    )
    reason = Text(required=True, validate=validate.Length(1))
    refusal = Text()


VISIT, SCAN, FINDING, PHOTO = VisitItemSchema(), ScanItemSchema(), FindingItemSchema(), PhotoItemSchema()
DISCARD, LEAVE = DiscardItemSchema(), ItemSchema()


def check_photo_id(text: str) -> None:
    """Raises ItemUnreadable."""
    try:
        UUID(text)
    except ValidationError:
        raise ItemUnreadable(field="id") from None


def _first_field(errors: Mapping[Any, Any]) -> str:
    """The path to the first thing that is wrong; the item itself where it is none."""
    path = []
    while isinstance(errors, Mapping):
        name, errors = next(iter(errors.items()))
        path.append(str(name))
    return ".".join(path).removesuffix("_schema").rstrip(".") or "item"


def _content_sha256(item: Any) -> str:
    """Of all that was sent but when, which an older app tells: the same item sent later is the same."""
    try:
        content = canonical({name: value for name, value in item.items() if name != "sent_at"}).encode()
    except (TypeError, ValueError):
        raise ItemUnreadable(field="item") from None
    return hashlib.sha256(content).hexdigest()
