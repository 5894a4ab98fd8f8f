"""The offline pack: what a phone needs to judge codes without network, signed by the service. Pure.

    "GIPACK" · 1 byte format version · varint header length · header (JSON) · sections · 64 bytes Ed25519
The signature covers all that stands before it. The header names phone, officer, times, wrapped keys,
products and rights as packs may name them, and where each section lies. A section is a column of the batch table
(varints, one a batch, batches in order of number) or, for a verdict, the set of units of which it is news.
Units are counted through: unit 1 of a batch has the number of all units of the batches before it.
A daily difference is a pack that holds only the batches that changed since its `base`; what it holds, it
holds whole, so a reader asks it first and the base after it.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gi_trace.patrol.packs.unit_sets import UnitSet, read_varint, varint

MAGIC, VERSION = b"GIPACK", 1
SIGNATURE_BYTES = 64
DAY_ZERO = date(2000, 1, 1)
COLUMNS = ("number", "epoch", "right", "net_weight_g", "units", "packed_on", "best_before", "news")


class PackBroken(ValueError):
    """Not a pack of this format, or its signature does not fit."""


@dataclass(frozen=True)
class BatchTable:
    """One element a batch, all int64, sorted by number: `number` as gap to the one before, `right` its place
    in the header's list, `packed_on` days since 2000, `best_before` 0 or days after packing plus 1, `news`
    the place of the batch's own verdict in the header's list (the worst comes first)."""

    number: np.ndarray
    epoch: np.ndarray
    right: np.ndarray
    net_weight_g: np.ndarray
    units: np.ndarray
    packed_on: np.ndarray
    best_before: np.ndarray
    news: np.ndarray


@dataclass(frozen=True)
class UnitNews:
    """What a pack says of one unit: the worst verdict, and the batch's facts as its columns have them."""

    verdict: str
    batch: dict[str, int]


def write_pack(
    header: Mapping[str, Any],
    table: BatchTable,
    sets: Mapping[str, bytes],
    sign: Callable[[bytes], bytes],
) -> bytes:
    """The signed pack; `header` needs "verdicts" (worst first), `sets` maps verdicts to encoded unit sets."""
    columns = {name: varints(getattr(table, name)) for name in COLUMNS}
    layout = {"columns": _sizes(columns), "sets": _sizes(sets)}
    head = json.dumps({**header, "batches": len(table.number), **layout}, ensure_ascii=False).encode()
    parts = [MAGIC, bytes([VERSION]), varint(len(head)), head, *columns.values(), *sets.values()]
    body = b"".join(parts)
    return body + sign(body)


def varints(values: np.ndarray) -> bytes:
    """LEB128 of each value, one after another."""
    values = np.asarray(values, np.int64)
    sizes = np.ones(len(values), np.int64)
    for bits in range(7, 42, 7):
        sizes += values >= 1 << bits
    written = np.zeros(int(sizes.sum()), np.uint8)
    begins = np.cumsum(sizes) - sizes
    for place in range(int(sizes.max(initial=0))):
        has = sizes > place
        more = np.where(sizes[has] > place + 1, 128, 0)
        written[begins[has] + place] = (values[has] >> 7 * place & 127) | more
    return written.tobytes()


def days(day: date) -> int:
    return (day - DAY_ZERO).days


def _sizes(sections: Mapping[str, bytes]) -> list[tuple[str, int]]:
    return [(name, len(section)) for name, section in sections.items()]


class PackReader:
    """A pack whose signature fits. Raises PackBroken."""

    def __init__(self, pack: bytes, public_key: Ed25519PublicKey):
        body, signature = pack[:-SIGNATURE_BYTES], pack[-SIGNATURE_BYTES:]
        try:
            public_key.verify(signature, body)
        except InvalidSignature:
            raise PackBroken("the signature does not fit") from None
        if body[: len(MAGIC) + 1] != MAGIC + bytes([VERSION]):
            raise PackBroken("another format")
        size, at = read_varint(body, len(MAGIC) + 1)
        self.header = json.loads(body[at : at + size])
        at += size
        self.columns, self.sets = {}, {}
        for name, length in self.header["columns"]:
            self.columns[name] = _read_column(body[at : at + length], self.header["batches"])
            at += length
        for verdict, length in self.header["sets"]:
            self.sets[verdict] = UnitSet(body[at : at + length])
            at += length
        self.numbers = np.cumsum(self.columns["number"]).tolist()
        self.offsets = (np.cumsum(self.columns["units"]) - self.columns["units"]).tolist()

    def news_of(self, epoch: int, number: int, unit: int, today: date) -> UnitNews | None:
        """None when the pack does not hold the batch. "not_ours" when the batch has no such unit."""
        row = bisect_left(self.numbers, number)
        if row == len(self.numbers) or self.numbers[row] != number:
            return None
        batch = {name: int(column[row]) for name, column in self.columns.items()} | {"number": number}
        if batch["epoch"] != epoch or not 1 <= unit <= batch["units"]:
            return UnitNews("not_ours", batch)
        return UnitNews(self._worst(row, unit, batch, today), batch)

    def _worst(self, row: int, unit: int, batch: dict[str, int], today: date) -> str:
        verdicts: list[str] = self.header["verdicts"]
        place = self.offsets[row] + unit - 1
        told = [verdict for verdict, units in self.sets.items() if place in units]
        if best_before_of(batch) is not None and today > best_before_of(batch):  # type: ignore[operator]
            told.append("past_date")
        return verdicts[min([batch["news"], *map(verdicts.index, told)])]


def best_before_of(batch: Mapping[str, int]) -> date | None:
    if not batch["best_before"]:
        return None
    return DAY_ZERO + timedelta(days=batch["packed_on"] + batch["best_before"] - 1)


def _read_column(section: bytes, count: int) -> np.ndarray:
    values, at = np.empty(count, np.int64), 0
    for row in range(count):
        values[row], at = read_varint(section, at)
    return values
