"""Shapes of what the JSON face answers. Weights are integer grams, days ISO dates in Jiangmen, instants UTC."""

from typing import Any

from marshmallow import Schema, fields, validate

from gi_trace.accounts.models import Scope
from gi_trace.batches.rules import UnitState
from gi_trace.registry.rules import Basis, RightState


def told(example: Any, description: str = "", unit: str = "") -> dict[str, Any]:
    """What the document says of a field besides its type; the unit as UCUM writes it."""
    words = {"description": description} if description else {}
    return words | {"examples": [example]} | ({"x-unit": unit} if unit else {})


class ProblemSchema(Schema):
    """RFC 9457; `code` is stable, `detail` is for people, in the language of Accept-Language."""

    type = fields.String(metadata=told("about:blank"))
    title = fields.String(metadata=told("Unprocessable Entity"))
    status = fields.Integer(metadata=told(422))
    code = fields.String(metadata=told("not_enough"))
    detail = fields.String(metadata=told("批料 L12 现有 3 千克，要用 5 千克，缺 2 千克。"))
    errors = fields.Dict(metadata=told({"json": {"units": ["Missing data for required field."]}}))


class TokenSchema(Schema):
    name = fields.String(metadata=told("仓库系统"))
    scopes = fields.List(
        fields.String(validate=validate.OneOf([scope.value for scope in Scope])),
        metadata=told(["read", "batches"]),
    )
    expires_at = fields.AwareDateTime(metadata=told("2027-05-26T08:00:00+00:00"))
    enterprise = fields.String(attribute="account.party.name", metadata=told("示范陈皮行"))


class GroundSchema(Schema):
    """A legal ground of a product, and the caller's right on it; null without one."""

    basis = fields.Enum(Basis, by_value=fields.String)
    number = fields.String(metadata=told("示范公告第 1 号", "Of the announcement or the mark."))
    right_number = fields.String(allow_none=True, metadata=told("示范第 1 号"))
    right_state = fields.Enum(RightState, by_value=fields.String, allow_none=True)


class ProductSchema(Schema):
    code = fields.String(metadata=told("xinhui-chenpi"))
    name = fields.String(metadata=told("新会陈皮"))
    material = fields.String(metadata=told("dry-peel", "Of the lots that it is packed from."))
    gtin = fields.String(allow_none=True, metadata=told("06901234567892"))
    minimum_age_years = fields.Integer(allow_none=True, metadata=told(3, unit="a"))
    has_best_before = fields.Boolean(metadata=told(False, "Whether a batch needs the day."))
    grounds = fields.List(fields.Nested(GroundSchema))


class LotSchema(Schema):
    """Stock of one material and origin; what is reserved or stopped cannot be packed."""

    id = fields.Integer(metadata=told(12))
    number = fields.String(metadata=told("L12"))
    material = fields.String(metadata=told("dry-peel"))
    site = fields.String(allow_none=True, metadata=told("会城仓"))
    seasons = fields.List(fields.String(), metadata=told(["2021"], "Harvests in it; none of opening stock."))
    made_on = fields.Date(metadata=told("2026-01-05"))
    stored_on = fields.Date(
        allow_none=True, metadata=told("2021-11-20", "First day inside the area, as seen.")
    )
    age_years = fields.Integer(
        allow_none=True,
        metadata=told(5, "Whole years inside the area until today, as seen; null of what does not age.", "a"),
    )
    claimed_year = fields.Integer(
        allow_none=True, metadata=told(2015, "What the owner of opening stock said; nobody saw it.")
    )
    is_opening_stock = fields.Boolean(metadata=told(False))
    needs_agreement = fields.Boolean(
        metadata=told(False, "Old or claimed: it gives something only where `agreed_lots` names it.")
    )
    balance_g = fields.Integer(metadata=told(20_000, unit="g"))
    available_g = fields.Integer(metadata=told(15_000, "Balance less what is reserved.", "g"))
    is_stopped = fields.Boolean(metadata=told(False, "Held or recalled."))


class BatchSchema(Schema):
    number = fields.Integer(metadata=told(1234567))
    number_text = fields.String(metadata=told("15NM7", "As it is printed."))
    product = fields.String(attribute="product.code", metadata=told("xinhui-chenpi"))
    own_number = fields.String(metadata=told("A-001"))
    net_weight_g = fields.Integer(metadata=told(250, "Of a unit.", "g"))
    units = fields.Integer(metadata=told(100))
    packed_on = fields.Date(metadata=told("2026-11-24"))
    best_before = fields.Date(allow_none=True, metadata=told(None))
    aged_years = fields.Integer(
        allow_none=True, metadata=told(5, "On the packing date; it never rises.", "a")
    )
    registered_at = fields.AwareDateTime(metadata=told("2026-11-24T08:00:00+00:00"))
    cancelled_at = fields.AwareDateTime(allow_none=True, metadata=told(None))


class RequestSchema(Schema):
    """What the enterprise asks of the authority: open, granted, refused or withdrawn."""

    number = fields.String(metadata=told("GZ00012"))
    kind = fields.String(metadata=told("unpack"))
    state = fields.String(metadata=told("open"))
    reason = fields.String(metadata=told("超市退货"))
    asked_at = fields.AwareDateTime(metadata=told("2026-11-24T08:00:00+00:00"))
    answered_at = fields.AwareDateTime(allow_none=True, metadata=told(None))
    word = fields.String(metadata=told("", "Why the authority refused."))


class TemplateSchema(Schema):
    """A layout of labels, the service's or the firm's own; lengths are tenths of a millimetre, across and down."""

    name = fields.String(metadata=told("a4-24"))
    title = fields.String(metadata=told("A4 纸 24 枚（70 × 37 毫米）"))
    version = fields.Integer(metadata=told(1))
    page = fields.List(fields.Integer(), metadata=told([2100, 2970], unit="10-4.m"))
    label = fields.List(fields.Integer(), metadata=told([700, 370], unit="10-4.m"))
    labels = fields.Integer(metadata=told(24, "On a page."))


class FittingTemplateSchema(TemplateSchema):
    why_not = fields.String(
        allow_none=True, metadata=told(None, "Why it cannot hold the batch's labels; null: it can.")
    )


class RunSchema(Schema):
    """Units first..last of a batch, sent to print once."""

    id = fields.Integer(metadata=told(7))
    batch = fields.Integer(attribute="batch_number", metadata=told(1234567))
    first_unit = fields.Integer(metadata=told(1))
    last_unit = fields.Integer(metadata=told(100))
    printer = fields.String(metadata=told("示范印务"))
    ordered_at = fields.AwareDateTime(metadata=told("2026-11-24T08:00:00+00:00"))
    cancelled_at = fields.AwareDateTime(
        attribute="batch.cancelled_at",
        allow_none=True,
        metadata=told(None, "With its batch: its labels are void."),
    )


class TallySchema(Schema):
    """Units by what was last said of them; all but `ordered` add up to it."""

    ordered = fields.Integer(metadata=told(100))
    unused = fields.Integer(metadata=told(40))
    in_market = fields.Integer(metadata=told(57))
    void = fields.Integer(metadata=told(3))
    lost = fields.Integer(metadata=told(0))
    returned = fields.Integer(metadata=told(0))
    destroyed = fields.Integer(metadata=told(0))


class RunWithTallySchema(RunSchema):
    tally = fields.Nested(TallySchema)


class UnitRangeSchema(Schema):
    id = fields.Integer(metadata=told(3))
    state = fields.Enum(UnitState, by_value=fields.String)
    first = fields.Integer(attribute="first_unit", metadata=told(1))
    last = fields.Integer(attribute="last_unit", metadata=told(60))
    at = fields.AwareDateTime(metadata=told("2026-11-24T08:00:00+00:00"))
