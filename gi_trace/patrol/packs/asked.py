"""How a phone makes itself known and asks for a pack: the shapes of both. Pure."""

import base64
from typing import Any

from marshmallow import fields, validate

from gi_trace.patrol.items import Said, Text
from gi_trace.patrol.packs.rules import KeyUnreadable

MOST_PRODUCTS = 100


class Key(fields.String):
    """Bytes as base64. Raises KeyUnreadable, also where there are none."""

    def __init__(self) -> None:
        super().__init__(load_default=b"")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bytes:  # type: ignore[override]
        try:
            return base64.b64decode(str(value), validate=True)
        except ValueError:
            raise KeyUnreadable from None


class PhoneSchema(Said):
    public_key = Key()


class AskedPackSchema(Said):
    phone = Text(32)
    products = fields.List(Text(40), load_default=list, validate=validate.Length(max=MOST_PRODUCTS))
    base = Text(36)
    wrap_key = Key()
    proof = Key()


PHONE, ASKED_PACK = PhoneSchema(), AskedPackSchema()
