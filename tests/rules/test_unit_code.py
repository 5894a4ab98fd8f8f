"""The unit code: what issue 2 promises of it, as properties."""

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_trace.codes import unit_code
from gi_trace.codes.unit_code import (
    ALPHABET,
    CODE_LENGTH,
    EPOCHS,
    MAX_BATCH_NUMBER,
    MAX_UNIT,
    SAMPLE_UNIT,
    Malformed,
    Opened,
    Origin,
    batch_text,
    code_of,
    codes_of,
    epoch_keys,
    hidden_code,
    hidden_codes_of,
    open_code,
    parse,
    parse_batch_text,
)
from tests.phone import field_open

FIELD_ROOT, SERVER_ROOT = bytes(range(32)), bytes(range(32, 64))
KEYS = {epoch: epoch_keys(FIELD_ROOT, SERVER_ROOT, epoch) for epoch in range(EPOCHS)}
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "unit_codes.json").read_text("utf-8"))

epochs = st.integers(0, EPOCHS - 1)
batch_numbers = st.integers(0, MAX_BATCH_NUMBER)
units = st.integers(1, MAX_UNIT)
codes = st.builds(lambda epoch, batch, unit: code_of(KEYS[epoch], batch, unit), epochs, batch_numbers, units)


def opened_as_typed(text):
    """What a check finds: None for malformed, else whose it is."""
    try:
        return open_code(parse(text), KEYS)
    except Malformed:
        return None


def with_right_check_character(body):
    return next(body + last for last in ALPHABET if opened_as_typed(body + last))


@given(epochs, batch_numbers, units)
def test_every_unit_of_every_epoch_comes_back(epoch, batch, unit):
    code = code_of(KEYS[epoch], batch, unit)
    assert len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)
    assert parse(code) == code
    assert open_code(code, KEYS) == Opened(Origin.OURS, epoch, batch, unit)
    assert field_open(code, KEYS[epoch].mask, KEYS[epoch].field) == (batch, unit)


@pytest.mark.parametrize("epoch", range(EPOCHS))
@pytest.mark.parametrize("batch", [0, MAX_BATCH_NUMBER])
@pytest.mark.parametrize("unit", [1, MAX_UNIT])
def test_the_bounds_of_every_epoch_come_back(epoch, batch, unit):
    assert open_code(code_of(KEYS[epoch], batch, unit), KEYS) == Opened(Origin.OURS, epoch, batch, unit)


@given(epochs, batch_numbers, st.integers(1, MAX_UNIT - 50), st.integers(0, 50))
def test_a_range_is_its_single_codes(epoch, batch, first, more):
    expected = [code_of(KEYS[epoch], batch, unit) for unit in range(first, first + more + 1)]
    assert codes_of(KEYS[epoch], batch, first, first + more) == expected


@pytest.mark.parametrize(
    ("batch", "first", "last"),
    [(-1, 1, 1), (1 << 23, 1, 1), (0, 0, 1), (0, 2, 1), (0, 1, 1 << 22)],
)
def test_there_are_no_codes_outside_the_bounds(batch, first, last):
    with pytest.raises(ValueError):
        codes_of(KEYS[0], batch, first, last)


@given(epochs, batch_numbers)
def test_a_sample_is_unit_0_of_its_batch_and_has_valid_tags(epoch, batch):
    sample = code_of(KEYS[epoch], batch, SAMPLE_UNIT)
    assert open_code(sample, KEYS) == Opened(Origin.OURS, epoch, batch, SAMPLE_UNIT)
    assert sample not in codes_of(KEYS[epoch], batch, 1, 50)


@settings(max_examples=30)
@given(codes)
def test_every_single_change_is_malformed(code):
    for place in range(CODE_LENGTH):
        for other in set(ALPHABET) - {code[place]}:
            assert opened_as_typed(code[:place] + other + code[place + 1 :]) is None


@given(codes, st.integers(0, CODE_LENGTH - 2))
def test_every_swap_of_neighbours_is_malformed(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or opened_as_typed(swapped) is None


@given(codes, st.integers(0, CODE_LENGTH - 2), st.sampled_from(ALPHABET))
def test_a_change_with_a_mended_check_character_is_not_ours(code, place, other):
    forged = with_right_check_character(code[:place] + other + code[place + 1 : -1])
    assert forged == code or opened_as_typed(forged).origin == Origin.NOT_OURS


def test_no_random_code_of_200_000_passes():
    """A field tag has 18 bits, so one in 262,144 opens offline; the server's 45 bits let none through."""
    rng = random.Random(1)
    bodies = ("".join(rng.choices(ALPHABET, k=CODE_LENGTH - 1)) for _ in range(200_000))
    origins = [open_code(body + "0", KEYS).origin for body in bodies]
    assert Origin.OURS not in origins
    assert origins.count(Origin.FIELD_ONLY) < 8


@given(codes, st.integers(1, (1 << 27) - 1))
def test_a_code_made_with_a_stolen_pack_is_counted_apart(code, difference):
    """A thief of mask and field key chooses a serial and a field tag, and guesses the server tag."""
    real = open_code(code, KEYS)
    keys = KEYS[real.epoch]
    tags = int_of(code[10:19]) ^ difference
    serial = real.batch_number << unit_code.UNIT_BITS | real.unit
    masked = serial ^ browser_prf(keys.mask, real.epoch, tags, 45)
    forged = with_right_check_character(code[0] + text_of(masked) + text_of(tags))
    assert field_open(forged, keys.mask, keys.field) == (real.batch_number, real.unit)
    assert open_code(forged, KEYS) == Opened(Origin.FIELD_ONLY, real.epoch, real.batch_number, real.unit)


@given(codes)
def test_codes_of_an_epoch_whose_keys_are_not_here_are_not_ours(code):
    keys_of_other_epochs = {epoch: keys for epoch, keys in KEYS.items() if epoch != ALPHABET.index(code[0])}
    assert open_code(code, keys_of_other_epochs).origin == Origin.NOT_OURS


@given(epochs, batch_numbers, st.integers(1, MAX_UNIT - 200))
def test_neighbours_look_unrelated(epoch, batch, first):
    """Of 18 masked or tag characters, two unrelated codes share one in 32: 0.56 on average."""
    run = codes_of(KEYS[epoch], batch, first, first + 200)
    pairs = [zip(a[1:19], b[1:19], strict=True) for a, b in pairwise(run)]
    shared = sum(a == b for pair in pairs for a, b in pair)
    assert 0.3 < shared / 200 < 0.9
    assert run != sorted(run)


@given(codes, st.randoms(use_true_random=False))
def test_typing_habits_are_forgiven(code, rng):
    looks = {"0": "0Oo０Ｏ", "1": "1IiLl１Ｉ"}
    typed = "".join(rng.choice(looks.get(c, c + c.lower() + chr(ord(c) + 0xFEE0))) for c in code)
    pieces = [typed[start : start + 5] for start in range(0, CODE_LENGTH, 5)]
    separator = rng.choice([" ", "-", "－", "　", "–", " - ", "\t"])
    assert parse(separator.join(pieces) + rng.choice(["", " ", "\r\n"])) == code


@given(codes)
def test_a_pasted_address_is_a_code(code):
    assert parse(f"https://trace.example/c/{code}") == code
    assert parse(f" https://TRACE.example/c/{code.lower()}?from=scan#top ") == code
    assert parse(f"https://trace.example/01/06901234567892/10/00021/21/{code}") == code
    assert parse(f"trace.example/c/{code}/") == code


@pytest.mark.parametrize(
    "text", ["", "0", "U" * 20, "0" * 19, "0" * 21, "码" * 20, "0" * 100_000, "https://trace.example/"]
)
def test_what_cannot_be_a_code_is_malformed(text):
    with pytest.raises(Malformed):
        parse(text)


@given(st.text())
def test_any_text_is_a_code_or_malformed(text):
    opened = opened_as_typed(text)
    assert opened is None or isinstance(opened, Opened)


@given(batch_numbers)
def test_batch_numbers_are_read_back(number):
    text = batch_text(number)
    assert len(text) == 5
    typed = f" {text[:2]}-{text[2:].lower()}".replace("0", "o")
    assert parse_batch_text(text) == parse_batch_text(typed) == number


@pytest.mark.parametrize("text", ["", "0000", "000000", "ZZZZZ", "UUUUU", "80000"])
def test_what_cannot_be_a_batch_number_is_malformed(text):
    with pytest.raises(Malformed):
        parse_batch_text(text)


@given(epochs, batch_numbers, st.integers(1, MAX_UNIT - 20))
def test_hidden_codes_are_8_digits_of_their_own_key(epoch, batch, first):
    keys = KEYS[epoch]
    hidden = hidden_codes_of(keys, batch, first, first + 20)
    assert all(len(digits) == 8 and digits.isdecimal() for digits in hidden)
    assert hidden == [hidden_code(keys, batch, unit) for unit in range(first, first + 21)]
    other_root = epoch_keys(FIELD_ROOT, SERVER_ROOT[::-1], epoch)
    assert hidden != hidden_codes_of(other_root, batch, first, first + 20)


def test_an_offline_pack_holds_nothing_of_the_server_root():
    assert epoch_keys(FIELD_ROOT, SERVER_ROOT, 3).field == epoch_keys(FIELD_ROOT, bytes(32), 3).field
    every_key = [key for k in KEYS.values() for key in (k.mask, k.field, k.server, k.hidden)]
    assert len(set(every_key)) == 4 * EPOCHS


def test_keys_are_not_shown_in_logs():
    assert KEYS[3].mask.hex() not in repr(KEYS[3]) and repr(KEYS[3]) == "EpochKeys(epoch=3)"


@pytest.mark.parametrize("vector", VECTORS["codes"], ids=lambda vector: vector["code"])
def test_vectors_of_codes_hold(vector):
    epoch = vector["epoch"]
    keys = epoch_keys(bytes.fromhex(VECTORS["field_root"]), bytes.fromhex(VECTORS["server_root"]), epoch)
    assert (keys.mask.hex(), keys.field.hex()) == (vector["mask_key"], vector["field_key"])
    assert parse(vector["typed"]) == vector["code"]
    opened = field_open(vector["code"], keys.mask, keys.field)
    assert opened == (vector["field_opens"] and (vector["batch_number"], vector["unit"]) or None)
    assert open_code(vector["code"], {epoch: keys}).origin == vector["origin"]


@pytest.mark.parametrize("text", VECTORS["malformed"])
def test_vectors_of_malformed_texts_hold(text):
    with pytest.raises(Malformed):
        parse(text)


@given(codes)
def test_a_browser_with_aes_cbc_opens_what_the_server_made(code):
    """The scheme once more, from design.md alone, with the one AES mode that WebCrypto has."""
    epoch, masked, tags = ALPHABET.index(code[0]), int_of(code[1:10]), int_of(code[10:19])
    serial = masked ^ browser_prf(KEYS[epoch].mask, epoch, tags, 45)
    assert tags >> 27 == browser_prf(KEYS[epoch].field, epoch, serial, 18)
    opened = open_code(code, KEYS)
    assert (serial >> 22, serial % (1 << 22)) == (opened.batch_number, opened.unit)


def browser_prf(key, epoch, number, bits):
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(bytes(16))).encryptor()
    block = encryptor.update(bytes([epoch]) + number.to_bytes(15, "big"))
    return int.from_bytes(block, "big") >> (128 - bits)


def int_of(text):
    return sum(ALPHABET.index(c) << 5 * place for place, c in enumerate(reversed(text)))


def text_of(number):
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(9)))
