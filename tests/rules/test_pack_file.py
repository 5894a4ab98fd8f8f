"""A pack is read only with its signature, and says of each unit the worst that is known."""

import base64
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gi_trace.patrol.packs.file import BatchTable, PackBroken, PackReader, days, varints, write_pack
from gi_trace.patrol.packs.unit_sets import UnitSet, encode_units, joined, read_varint
from tests.phone import news_in

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERDICTS = ["not_ours", "recalled", "void", "not_activated", "past_date", "valid"]
TODAY = date(2026, 11, 24)


def table(*batches):
    """Of (number, units, packed_on, best_before, news)."""
    numbers = np.array([batch[0] for batch in batches], np.int64)
    column = lambda values: np.array(list(values), np.int64)  # noqa: E731
    return BatchTable(
        number=np.diff(numbers, prepend=0),
        epoch=column(3 for _ in batches),
        right=column(0 for _ in batches),
        net_weight_g=column(250 for _ in batches),
        units=column(batch[1] for batch in batches),
        packed_on=column(days(batch[2]) for batch in batches),
        best_before=column((batch[3] - batch[2]).days + 1 if batch[3] else 0 for batch in batches),
        news=column(VERDICTS.index(batch[4]) for batch in batches),
    )


def pack(*batches, void=(), not_activated=()):
    told = {"void": np.array(void, np.int64), "not_activated": np.array(not_activated, np.int64)}
    sets = {verdict: encode_units(*joined([(units, units)])) for verdict, units in told.items()}
    return write_pack({"verdicts": VERDICTS, "rights": []}, table(*batches), sets, KEY.sign)


TWO = pack(
    (7, 100, date(2026, 1, 1), None, "valid"),
    (4000, 50, date(2026, 1, 1), date(2026, 11, 23), "valid"),
    void=[4, 100],
    not_activated=[4, 5],
)


def news(written, number, unit, epoch=3):
    found = PackReader(written, KEY.public_key()).news_of(epoch, number, unit, TODAY)
    return found.verdict if found else None


@pytest.mark.parametrize(
    ("number", "unit", "told"),
    [
        (7, 1, "valid"), (7, 5, "void"), (7, 6, "not_activated"), (7, 100, "valid"),
        (7, 101, "not_ours"), (7, 0, "not_ours"), (4000, 1, "void"), (4000, 2, "past_date"), (8, 1, None), (4001, 1, None),
    ],
)  # fmt: skip
def test_each_unit_gets_its_own_news_the_worst_first(number, unit, told):
    assert news(TWO, number, unit) == told


def test_a_batch_of_another_epoch_is_not_ours():
    assert news(TWO, 7, 1, epoch=4) == "not_ours"


def test_a_difference_speaks_before_its_base():
    later = PackReader(pack((7, 100, date(2026, 1, 1), None, "recalled")), KEY.public_key())
    base = PackReader(TWO, KEY.public_key())
    assert news_in([later, base], 3, 7, 1, TODAY).verdict == "recalled"
    assert news_in([later, base], 3, 4000, 2, TODAY).verdict == "past_date"
    assert news_in([later, base], 3, 9, 1, TODAY) is None


@pytest.mark.parametrize("place", range(0, len(TWO), 7))
def test_one_changed_byte_breaks_a_pack(place):
    broken = bytearray(TWO)
    broken[place] ^= 1
    with pytest.raises(PackBroken):
        PackReader(bytes(broken), KEY.public_key())


def test_a_pack_of_another_signer_or_format_is_refused():
    with pytest.raises(PackBroken):
        PackReader(TWO, Ed25519PrivateKey.generate().public_key())
    newer = b"GIPACK\x02" + TWO[7:-64]
    with pytest.raises(PackBroken, match="format"):
        PackReader(newer + KEY.sign(newer), KEY.public_key())


def test_columns_are_read_back():
    numbers = np.array([0, 127, 128, 16_383, 16_384, (1 << 40) - 1], np.int64)
    written, at, read = varints(numbers), 0, []
    while at < len(written):
        number, at = read_varint(written, at)
        read.append(number)
    assert read == numbers.tolist()


def test_the_shared_vectors_hold():
    vectors = json.loads((Path(__file__).parents[1] / "vectors" / "packs.json").read_text("utf-8"))
    for one in vectors["sets"]:
        units = UnitSet(base64.b64decode(one["encoded"]))
        assert [unit in units for unit, _ in one["questions"]] == [told for _, told in one["questions"]], one[
            "name"
        ]
        assert sum(last - first + 1 for first, last in units.runs()) == one["members"]
    written = base64.b64decode(vectors["pack"]["pack"])
    assert written == TWO
    for asked in vectors["pack"]["questions"]:
        assert news(written, asked["number"], asked["unit"], asked["epoch"]) == asked["verdict"]
