"""Shapes of the JSON face. Weights are integer grams, days ISO dates, instants UTC."""

from typing import Any

from marshmallow import Schema, fields, validate

from gi_trace.batches.labels import HIDDEN_FORMS, MOST_PARTS, FileType
from gi_trace.batches.rules import UnitState
from gi_trace.codes.unit_code import MAX_UNIT
from gi_trace.labels.sheets import TEMPLATES
from gi_trace.labels.symbols import LEVELS
from gi_trace.registry.rules import Basis

UNITS = validate.Range(min=1, max=MAX_UNIT)
GRAMS = validate.Range(min=1, max=2**53)
SHORT = validate.Length(min=1, max=40)
# Void units give their weight back, which is an act on the batch.
MARKABLE = [UnitState.LOST.value, UnitState.RETURNED.value, UnitState.DESTROYED.value]


class ProblemSchema(Schema):
    """RFC 9457; `code` is stable, `detail` is for people."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    code = fields.String()
    errors = fields.Dict()


class ClientKeySchema(Schema):
    client_key = fields.String(
        validate=validate.Length(min=8, max=64),
        metadata={"description": "Chosen by the caller; the same key again does nothing again."},
    )


class DrawSchema(Schema):
    lot = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    grams = fields.Integer(required=True, strict=True, validate=GRAMS)


class NewBatchSchema(ClientKeySchema):
    product = fields.String(required=True, validate=SHORT)
    basis = fields.Enum(Basis, by_value=True, required=True)
    own_number = fields.String(required=True, validate=SHORT)
    net_weight_g = fields.Integer(required=True, strict=True, validate=GRAMS)
    units = fields.Integer(required=True, strict=True, validate=UNITS)
    packed_on = fields.Date(required=True)
    best_before = fields.Date(load_default=None, allow_none=True)
    draws = fields.List(
        fields.Nested(DrawSchema),
        load_default=[],
        validate=validate.Length(max=200),
        metadata={"description": "None: as much as is needed from the oldest lots."},
    )


class BatchSchema(Schema):
    number = fields.Integer()
    number_text = fields.String()
    product = fields.String(attribute="product.code")
    own_number = fields.String()
    net_weight_g = fields.Integer()
    units = fields.Integer()
    packed_on = fields.Date()
    best_before = fields.Date(allow_none=True)
    cancelled_at = fields.AwareDateTime(allow_none=True)


class LotSchema(Schema):
    id = fields.Integer()
    material = fields.String(attribute="material.code")
    available_g = fields.Integer()
    balance_g = fields.Integer()
    is_stopped = fields.Boolean()


class NewRunSchema(ClientKeySchema):
    units = fields.Integer(required=True, strict=True, validate=UNITS)
    printer = fields.String(required=True, validate=validate.Length(min=1, max=120))


class TallySchema(Schema):
    ordered = fields.Integer()
    unused = fields.Integer()
    in_market = fields.Integer()
    void = fields.Integer()
    lost = fields.Integer()
    returned = fields.Integer()
    destroyed = fields.Integer()


class RunSchema(Schema):
    id = fields.Integer()
    batch = fields.Integer(attribute="batch_number")
    first_unit = fields.Integer()
    last_unit = fields.Integer()
    printer = fields.String()
    ordered_at = fields.AwareDateTime()


class RunWithTallySchema(RunSchema):
    tally = fields.Nested(TallySchema)


class TemplateSchema(Schema):
    """A layout of labels on a sheet; `why_not` tells why it cannot hold the batch's labels."""

    name = fields.String()
    title = fields.String()
    why_not = fields.String(allow_none=True)


def _across_and_down(**options: Any) -> fields.List:
    return fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=-100, max=400)),
        validate=validate.Length(equal=2),
        **options,
    )


class UnitsSchema(Schema):
    first = fields.Integer(required=True, strict=True, validate=UNITS)
    last = fields.Integer(required=True, strict=True, validate=UNITS)


class PartSchema(Schema):
    part = fields.Integer(load_default=1, validate=validate.Range(min=1, max=MOST_PARTS))


class FileSchema(ClientKeySchema):
    """Margins and offsets are tenths of a millimetre, across and down; they, template, start and cut
    marks are for PDF alone; ZPL is for rolls of 30 × 20 mm at 300 dpi."""

    form = fields.String(load_default="csv", validate=validate.OneOf([kind.value for kind in FileType]))
    template = fields.String(load_default="a4-24", validate=validate.OneOf(list(TEMPLATES)))
    level = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(LEVELS)),
        metadata={"description": "Of error correction; null: the strongest that stays comfortable to scan."},
    )
    start = fields.Integer(
        load_default=1,
        strict=True,
        validate=validate.Range(min=1, max=1000),
        metadata={"description": "The first cell used on the first sheet."},
    )
    margin = _across_and_down(
        load_default=None, allow_none=True, metadata={"description": "null: the template's own."}
    )
    offset = _across_and_down(load_default=(0, 0), metadata={"description": "Moves all that is printed."})
    cut_marks = fields.Boolean(load_default=False)
    ranges = fields.List(
        fields.Nested(UnitsSchema),
        load_default=[],
        validate=validate.Length(max=MOST_PARTS),
        metadata={"description": "The units wanted; none: all of the run. Each range is a file of its own."},
    )
    per_part = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=UNITS,
        metadata={"description": "How many labels a file may have; the others are fetched as parts 2, 3, …"},
    )
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "Needed from the second time on."},
    )


class HiddenFileSchema(FileSchema):
    form = fields.String(load_default="csv", validate=validate.OneOf(HIDDEN_FORMS))
    reason = fields.String(required=True, validate=validate.Length(min=1, max=200))


class RangeSchema(ClientKeySchema, UnitsSchema):
    pass


class UnpackSchema(Schema):
    ranges = fields.List(fields.Nested(UnitsSchema), required=True, validate=validate.Length(min=1, max=2000))
    count = fields.Integer(required=True, strict=True, validate=UNITS)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=200))


class MarkSchema(ClientKeySchema, UnpackSchema):
    state = fields.String(required=True, validate=validate.OneOf(MARKABLE))


class UnitRangeSchema(Schema):
    id = fields.Integer()
    state = fields.Enum(UnitState, by_value=True)
    first = fields.Integer(attribute="first_unit")
    last = fields.Integer(attribute="last_unit")
    at = fields.AwareDateTime()
