"""Shapes of what the JSON face is asked. Nothing is guessed: a field that is not known, or of another type, is refused."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from gi_trace.batches.labels import HIDDEN_FORMS, MOST_PARTS, FileType
from gi_trace.batches.rules import UnitState
from gi_trace.codes.unit_code import MAX_UNIT
from gi_trace.labels.sheets import DOTS_PER_MM, PAPER
from gi_trace.labels.symbols import LEVELS
from gi_trace.registry.rules import Basis
from gi_trace.web.api.told import told

MOST_ROW = 2**31 - 1
# Void units give their weight back, which is an act on the batch.
MARKABLE = [UnitState.LOST.value, UnitState.RETURNED.value, UnitState.DESTROYED.value]


class Words(fields.String):
    """At most so many characters, without blanks around them; one that is required says something."""

    def __init__(self, most: int, **options: Any):
        least = 1 if options.get("required") else 0
        super().__init__(validate=validate.Length(min=least, max=most), **options)

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(*args, **kwargs).strip()


class YesNo(fields.Boolean):
    """true or false, and not what may stand for them elsewhere."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def number(least: int, most: int, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(min=least, max=most), **options)


def grams(example: int, description: str = "") -> fields.Integer:
    return number(1, 2**53, required=True, metadata=told(example, description, "g"))


def reason(**options: Any) -> Words:
    return Words(200, **options)


class AskedSchema(Schema):
    class Meta:
        unknown = RAISE


class KeyedSchema(AskedSchema):
    client_key = fields.String(
        validate=validate.Length(min=8, max=64),
        metadata=told(
            "2026-11-24-0001", "Chosen by the caller; the same call with the same key is done once."
        ),
    )


class DrawSchema(AskedSchema):
    lot = number(1, MOST_ROW, required=True, metadata=told(12))
    grams = grams(25_000)


class NewBatchSchema(KeyedSchema):
    product = Words(40, required=True, metadata=told("xinhui-chenpi"))
    basis = fields.Enum(Basis, by_value=fields.String, required=True)
    own_number = Words(40, required=True, metadata=told("A-001", "The firm's own."))
    net_weight_g = grams(250, "Of a unit.")
    units = number(1, MAX_UNIT, required=True, metadata=told(100))
    packed_on = fields.Date(required=True, metadata=told("2026-11-24"))
    best_before = fields.Date(load_default=None, allow_none=True, metadata=told(None))
    draws = fields.List(
        fields.Nested(DrawSchema),
        load_default=[],
        validate=validate.Length(max=200),
        metadata={
            "description": "Together the weight of the batch. None: of what ages from the youngest lots that are old "
            "enough, else from the oldest."
        },
    )
    agreed_lots = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=1, max=2**31 - 1)),
        load_default=[],
        validate=validate.Length(max=200),
        metadata=told([12], "Old or claimed lots that may be drawn: no other such lot gives anything."),
    )


class NewRunSchema(KeyedSchema):
    units = number(1, MAX_UNIT, required=True, metadata=told(100, "The next ones of the batch."))
    printer = Words(120, required=True, metadata=told("示范印务"))


def _across_and_down(**options: Any) -> fields.List:
    return fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=-100, max=400)),
        validate=validate.Length(equal=2),
        **options,
    )


class UnitsSchema(AskedSchema):
    first = number(1, MAX_UNIT, required=True, metadata=told(1))
    last = number(1, MAX_UNIT, required=True, metadata=told(60))


class PartSchema(AskedSchema):
    part = fields.Integer(
        load_default=1,
        validate=validate.Range(min=1, max=MOST_PARTS),
        metadata=told(1, "Where a file was asked for in parts."),
    )


class FileSchema(KeyedSchema):
    """Margins and offsets are tenths of a millimetre, across and down; they, start and cut marks are for PDF
    alone, the template for PDF and ZPL."""

    form = fields.String(
        load_default="csv",
        validate=validate.OneOf([kind.value for kind in FileType]),
        metadata={"examples": ["csv"]},
    )
    template = fields.String(
        load_default="a4-24",
        validate=validate.Regexp("^[a-z0-9-]{1,20}$"),
        metadata=told("a4-24", "A layout's name, of those listed for the batch."),
    )
    dots_per_inch = fields.Integer(
        load_default=PAPER,
        strict=True,
        validate=validate.OneOf(list(DOTS_PER_MM)),
        metadata=told(PAPER, "Of the label printer that takes ZPL."),
    )
    level = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(LEVELS)),
        metadata=told("M", "Of error correction; null: the strongest that stays comfortable to scan."),
    )
    start = number(1, 1000, load_default=1, metadata=told(1, "The first cell used on the first sheet."))
    margin = _across_and_down(
        load_default=None, allow_none=True, metadata=told([0, 5], "null: the template's own.")
    )
    offset = _across_and_down(load_default=(0, 0), metadata=told([0, -2], "Moves all that is printed."))
    cut_marks = YesNo(load_default=False)
    ranges = fields.List(
        fields.Nested(UnitsSchema),
        load_default=[],
        validate=validate.Length(max=MOST_PARTS),
        metadata={"description": "The units wanted; none: all of the run. Each range is a file of its own."},
    )
    per_part = number(
        1,
        MAX_UNIT,
        load_default=None,
        allow_none=True,
        metadata=told(5000, "How many labels a file may have; the others are fetched as parts 2, 3, …"),
    )
    reason = reason(load_default="", metadata=told("卡纸", "Needed from the second time on."))


class HiddenFileSchema(FileSchema):
    form = fields.String(
        load_default="csv", validate=validate.OneOf(HIDDEN_FORMS), metadata={"examples": ["csv"]}
    )
    reason = reason(required=True, metadata=told("印涂层"))


class RangeSchema(KeyedSchema, UnitsSchema):
    pass


class UnpackSchema(KeyedSchema):
    ranges = fields.List(fields.Nested(UnitsSchema), required=True, validate=validate.Length(min=1, max=2000))
    count = number(1, MAX_UNIT, required=True, metadata=told(60, "All units of the ranges, against slips."))
    reason = reason(required=True, metadata=told("漏装"))


class MarkSchema(UnpackSchema):
    state = fields.String(required=True, validate=validate.OneOf(MARKABLE), metadata={"examples": ["lost"]})
