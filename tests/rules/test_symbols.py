"""Symbols are those of `qrcode` bit for bit, and the mask is the one that ISO/IEC 18004 asks for."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from gi_trace.codes.unit_code import ALPHABET, code_letters, epoch_keys
from gi_trace.labels.penalty import penalties
from gi_trace.labels.symbols import LARGEST_VERSION, AddressTooLong, symbols_of
from scripts.benches.rival_symbols import libqrencode_square

LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
SHORT = "https://gi.example/c/"
PREFIXES = {
    "short address": SHORT,
    "long host": "https://trace.gi-labels.jiangmen.example:8443/check/c/",
    "Digital Link": "https://gi.example/01/06901234567892/10/00021/21/",
    "Digital Link of even length": "https://gi.example/01/06901234567892/10/0021/21/",
    "host of digits": "http://127.0.0.1:8000/01/06901234567892/10/00021/21/",
}
KEYS = epoch_keys(bytes(32), bytes(32), 3)
codes = st.text(ALPHABET, min_size=20, max_size=20)


def letters(*codes):
    return np.frombuffer("".join(codes).encode(), np.uint8).reshape(-1, 20)


def modules(rows):
    """The rows of one symbol as a square of 0 and 1."""
    bits = 8 * rows.itemsize
    return np.array([[int(row) >> bits - 1 - column & 1 for column in range(len(rows))] for row in rows])


def drawn_by_qrcode(prefix, code, level, mask):
    """The same address, cut before its longest tail of characters that alphanumeric mode has."""
    tail = re.search(r"[0-9A-Z $%*+\-./:]*$", prefix)[0] + code
    drawing = QRCode(error_correction=LEVELS[level], mask_pattern=mask)
    drawing.add_data(QRData((prefix + code)[: -len(tail)].encode(), MODE_8BIT_BYTE), optimize=0)
    drawing.add_data(QRData(tail.encode(), MODE_ALPHA_NUM), optimize=0)
    drawing.make()
    return np.array(drawing.modules, int)


def penalty_by_the_text(square):
    """ISO/IEC 18004:2015, 7.8.3.1, table 11, read line by line, with the quiet zone as a light area."""
    points = 0
    for line in [*map(list, square), *map(list, square.T)]:
        text = "".join(map(str, line))
        points += sum(len(run[0]) - 2 for run in re.finditer(r"0{5,}|1{5,}", text))
        quiet = f"0000{text}0000"
        for unit in range(1, len(line) // 7 + 1):
            dark, light = "1" * unit, "0" * unit
            for found in re.finditer(rf"(?=0{dark}{light}{3 * dark}{light}{dark}0)", quiet):
                before, after = quiet[: found.start() + 1], quiet[found.start() + 7 * unit + 1 :]
                points += 40 * (before.endswith("0000") or after.startswith("0000"))
    size = len(square)
    for row in range(size - 1):
        for column in range(size - 1):
            points += 3 * (square[row : row + 2, column : column + 2].sum() in (0, 4))
    per_cent = 100 * square.sum() / size**2
    return points + 10 * int(abs(per_cent - 50) / 5)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
@settings(max_examples=60)
@given(codes, st.integers(0, 7))
def test_a_symbol_is_the_one_of_qrcode(prefix, level, code, mask):
    rows = symbols_of(prefix, level).draw(letters(code), mask)[0]
    assert (modules(rows) == drawn_by_qrcode(prefix, code, level, mask)).all()


def test_thousands_of_symbols_are_those_of_qrcode():
    run = code_letters(KEYS, 1234567, 1, 1500)
    symbols = symbols_of(SHORT)
    rows = symbols.draw(run, mask=5)
    for row, code in zip(rows, run, strict=True):
        assert (modules(row) == drawn_by_qrcode(SHORT, code.tobytes().decode(), "M", 5)).all()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
def test_the_mask_is_the_first_of_least_penalty_by_the_text(prefix, level):
    code = code_letters(KEYS, 7, 1, 1)
    symbols = symbols_of(prefix, level)
    every_mask = [modules(symbols.draw(code, mask)[0]) for mask in range(8)]
    points = [penalty_by_the_text(square) for square in every_mask]
    assert symbols.penalties(code)[:, 0].tolist() == points
    assert (modules(symbols.draw(code)[0]) == every_mask[points.index(min(points))]).all()


@settings(max_examples=60)
@given(st.integers(11, 45), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_penalties_of_any_squares_are_those_of_the_text(size, darkness, seed):
    squares = (np.random.default_rng(seed).random((2, size, size)) < darkness).astype(int)
    word = np.uint32 if size <= 32 else np.uint64
    weights = np.array([1 << 8 * word().itemsize - 1 - place for place in range(size)], np.uint64)
    rows, columns = squares.astype(np.uint64) @ weights, weights @ squares.astype(np.uint64)
    points = penalties(rows.T.astype(word), columns.T.astype(word))
    assert points.tolist() == [penalty_by_the_text(square) for square in squares]


@pytest.mark.parametrize("level", LEVELS)
def test_of_a_whole_run_each_mask_is_the_first_of_least_penalty(level):
    run, symbols = code_letters(KEYS, 7, 1, 1000), symbols_of(SHORT, level)
    best = symbols.penalties(run).argmin(axis=0)
    drawn = symbols.draw(run)
    for mask in range(8):
        assert (drawn[best == mask] == symbols.draw(run[best == mask], mask)).all()


def test_libqrencode_chooses_the_same_masks():
    """All but a few: it rounds the share of dark modules to whole per cents before rule 4."""
    run = code_letters(KEYS, 7, 1, 400)
    squares = [modules(rows) for rows in symbols_of(SHORT).draw(run)]
    theirs = [libqrencode_square(SHORT + code.tobytes().decode()) for code in run]
    assert sum(np.array_equal(a, b) for a, b in zip(squares, theirs, strict=True)) >= 396


def test_a_chunk_of_codes_is_its_single_codes():
    run = code_letters(KEYS, 42, 1, 200)
    together = symbols_of(SHORT).draw(run)
    assert all((symbols_of(SHORT).draw(run[i : i + 1]) == together[i]).all() for i in range(0, 200, 17))


def test_the_smallest_version_is_taken():
    assert [symbols_of(SHORT, level).version for level in LEVELS] == [3, 3, 4, 5]


def test_an_address_too_long_for_the_largest_symbol_is_refused():
    for level in LEVELS:
        prefix = "https://" + "long." * 100 + "example/c/"
        with pytest.raises(AddressTooLong):
            symbols_of(prefix, level)
    assert symbols_of("https://" + "long." * 40 + "example/c/", "L").version <= LARGEST_VERSION
