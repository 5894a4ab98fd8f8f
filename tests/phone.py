"""What an inspector's phone works out offline, as static/js does it, on the codes and packs of the service."""

from collections.abc import Sequence
from datetime import date

from gi_trace.codes.unit_code import (
    FIELD_TAG_BITS,
    MAX_UNIT,
    SERIAL_BITS,
    SERVER_TAG_BITS,
    UNIT_BITS,
    _parts,
    _prf,
)
from gi_trace.patrol.packs.file import PackReader, UnitNews


def field_open(code: str, mask_key: bytes, field_key: bytes) -> tuple[int, int] | None:
    """(batch number, unit) as a phone offline reads it from a canonical code, unit 0 of a sample; or None."""
    epoch, masked, tags = _parts(code)
    serial = masked ^ _prf(mask_key, epoch, tags, SERIAL_BITS)
    if tags >> SERVER_TAG_BITS != _prf(field_key, epoch, serial, FIELD_TAG_BITS):
        return None
    return serial >> UNIT_BITS, serial & MAX_UNIT


def news_in(packs: Sequence[PackReader], epoch: int, number: int, unit: int, today: date) -> UnitNews | None:
    """By the first pack that holds the batch: the difference comes before its base."""
    found = (pack.news_of(epoch, number, unit, today) for pack in packs)
    return next((news for news in found if news), None)
