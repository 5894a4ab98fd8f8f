"""QR symbols of many codes at once, bit for bit those of the `qrcode` package.

For one version, level, mask and segment lengths, every module is an affine function over GF(2) of the
payload bits: Reed-Solomon is linear, placing and masking are XORs. So the symbols of one prefix are one
symbol XOR one table entry per pair of characters; `qrcode` draws the some 120 symbols that make the tables.

The address is a byte segment up to its last character outside QR's alphanumeric set, and an alphanumeric
segment from there. Symbols are arrays of unsigned words, see penalty.py.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from gi_trace.codes.unit_code import ALPHABET, CODE_LENGTH
from gi_trace.errors import N_, Refused
from gi_trace.labels.penalty import common_points, penalties, rare_points

LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
MASKS = range(8)
LARGEST_VERSION = 11  # 61 modules: a row fits into one word

# Stands where the code goes: `qrcode` cannot draw blocks of zeros, and from here any bit can be flipped.
_FILLER = "A"

_CHARACTERS = ALPHA_NUM.decode()
_VALUE = np.zeros(256, np.uint8)
_VALUE[np.frombuffer(ALPHABET.encode(), np.uint8)] = np.arange(len(ALPHABET))


class AddressTooLong(Refused):
    """No symbol of the allowed versions holds this prefix and a code."""

    code = "address_too_long"
    text = N_("网址太长（标识码之前有 {length} 个字符），没有合适的二维码。")


@dataclass(frozen=True)
class Symbols:
    """Draws the symbols of every code behind one prefix; made by symbols_of."""

    version: int
    size: int
    plain: np.ndarray  # (2 × size): rows, then columns, at mask 0, with fillers for the code
    masks: np.ndarray  # (8, 2 × size): what changes from mask 0
    tables: tuple[np.ndarray, ...]  # per pair of code characters: (32 or 1024, 2 × size)
    first_is_single: bool

    def draw(self, letters: np.ndarray, mask: int | None = None) -> np.ndarray:
        """Rows of the symbols, shape (codes, size), of codes as ASCII, shape (codes, 20).

        Without a mask, each symbol has the one of least penalty, the lowest number among equals.
        """
        at_mask_0 = self._at_mask_0(letters)
        chosen = self._best_masks(at_mask_0) if mask is None else mask
        return at_mask_0[:, : self.size] ^ self.masks[chosen, : self.size]

    def penalties(self, letters: np.ndarray) -> np.ndarray:
        """Penalty of every mask of every code, shape (8, codes)."""
        lines = self._at_mask_0(letters).T
        return np.array([penalties(*self._masked(lines, mask)) for mask in MASKS])

    def _at_mask_0(self, letters: np.ndarray) -> np.ndarray:
        lines = np.tile(self.plain, (len(letters), 1))
        for table, places in zip(self.tables, _pairs(self.first_is_single), strict=True):
            entry = np.zeros(len(letters), np.intp)
            for place in places:
                entry = entry << 5 | _VALUE[letters[:, place]]
            lines ^= table.take(entry, axis=0, mode="clip")
        return lines

    def _best_masks(self, at_mask_0: np.ndarray) -> np.ndarray:
        """The rare points of a mask are counted only where its common points are the least so far."""
        lines = np.ascontiguousarray(at_mask_0.T)
        points = np.array([common_points(*self._masked(lines, mask)) for mask in MASKS])
        complete = np.zeros_like(points, bool)
        open_symbols = np.arange(points.shape[1])
        while open_symbols.size:
            best = points[:, open_symbols].argmin(axis=0)
            incomplete = ~complete[best, open_symbols]
            best, open_symbols = best[incomplete], open_symbols[incomplete]
            points[best, open_symbols] += rare_points(*self._masked(lines[:, open_symbols], best))
            complete[best, open_symbols] = True
        return points.argmin(axis=0)

    def _masked(self, lines: np.ndarray, mask: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns, each (size, symbols), of symbols at mask 0 (2 × size, symbols) at another."""
        masked = lines ^ self.masks[mask].T.reshape(2 * self.size, -1)
        return masked[: self.size], masked[self.size :]


def smallest_version(prefix: str, level: str) -> int:
    """Of a symbol that holds prefix + code; AddressTooLong if it would be too large for any label."""
    head, tail = _segments(prefix)
    try:
        version = _qrcode(None, level, head, tail + "0" * CODE_LENGTH).best_fit()
    except (DataOverflowError, ValueError):
        version = LARGEST_VERSION + 1
    if version > LARGEST_VERSION:
        raise AddressTooLong(length=len(prefix))
    return version


def size_of(version: int) -> int:
    return 17 + 4 * version


@lru_cache(maxsize=16)
def symbols_of(prefix: str, level: str = "M") -> Symbols:
    """The symbols of the smallest version for prefix + code; AddressTooLong if none is small enough."""
    head, tail = _segments(prefix)
    version = smallest_version(prefix, level)
    shape = _Shape(version, level, len(head), len(tail) + CODE_LENGTH)
    first_is_single = len(tail) % 2 == 1
    # A character of the prefix that shares a pair with the code belongs to the table of that pair.
    fixed, shared = (tail[:-1], tail[-1]) if first_is_single else (tail, "")
    alphanumeric = fixed + _FILLER * (shape.alphanumeric_length - len(fixed))
    at_mask = np.array([shape.draw(head, alphanumeric, mask) for mask in MASKS])
    return Symbols(
        version,
        size=size_of(version),
        plain=at_mask[0],
        masks=at_mask ^ at_mask[0],
        tables=_tables(shape, len(fixed), shared),
        first_is_single=first_is_single,
    )


def symbol_of(text: str) -> np.ndarray:
    """The symbol of any text, shape (1, size)."""
    code = QRCode(error_correction=LEVELS["M"], border=0)
    code.add_data(text)
    code.make()
    lines = _lines(code)
    return lines[np.newaxis, : len(lines) // 2]


def packed_rows(symbols: np.ndarray) -> np.ndarray:
    """The rows of symbols (codes, size) as bytes, (codes, size, bytes a row), leftmost module on top."""
    codes, size = symbols.shape
    bytes_ = symbols.astype(symbols.dtype.newbyteorder(">")).view(np.uint8).reshape(codes, size, -1)
    return bytes_[:, :, : -(-size // 8)]


@dataclass(frozen=True)
class _Shape:
    """What the effect of a payload bit on the modules depends on."""

    version: int
    level: str
    head_length: int
    alphanumeric_length: int

    def draw(self, head: bytes, alphanumeric: str, mask: int = 0) -> np.ndarray:
        """Rows, then columns of a symbol as `qrcode` draws it."""
        code = _qrcode(self.version, self.level, head, alphanumeric)
        code.makeImpl(False, mask)
        return _lines(code)


def _lines(code: QRCode) -> np.ndarray:
    """The rows, then the columns of a drawn symbol as words."""
    modules = np.array(code.modules, np.uint64)
    word = np.uint32 if len(modules) <= 32 else np.uint64
    weights = np.uint64(1) << np.arange(8 * word().itemsize - 1, -1, -1, dtype=np.uint64)[: len(modules)]
    return np.concatenate([modules @ weights, weights @ modules]).astype(word)


def _segments(prefix: str) -> tuple[bytes, str]:
    tail = len(prefix)
    while tail and prefix[tail - 1] in _CHARACTERS:
        tail -= 1
    return prefix[:tail].encode(), prefix[tail:]


def _qrcode(version: int | None, level: str, head: bytes, alphanumeric: str) -> QRCode:
    code = QRCode(version, LEVELS[level], border=0, mask_pattern=0)
    for data, mode in ((head, MODE_8BIT_BYTE), (alphanumeric.encode(), MODE_ALPHA_NUM)):
        code.add_data(QRData(data, mode), optimize=0)  # type: ignore[call-overload]  # its stubs want literals
    return code


def _pairs(first_is_single: bool) -> list[tuple[int, ...]]:
    """Places of the code characters that share a pair of QR's alphanumeric mode."""
    start = 1 if first_is_single else 0
    pairs = [tuple(range(place, min(place + 2, CODE_LENGTH))) for place in range(start, CODE_LENGTH, 2)]
    return [(0,), *pairs] if first_is_single else pairs


@lru_cache(maxsize=4)
def _tables(shape: _Shape, start: int, shared: str) -> tuple[np.ndarray, ...]:
    """For each pair of code characters, what each of its values adds to the symbol."""
    single = np.array([_CHARACTERS.index(character) for character in ALPHABET])
    double = (45 * single[:, np.newaxis] + single).ravel()
    pairs = _pairs(bool(shared))
    tables = []
    for number, places in enumerate(pairs):
        values = double if len(places) == 2 else single
        if shared and number == 0:
            values = 45 * _CHARACTERS.index(shared) + single
        tables.append(_table(shape, start + 2 * number, values))
    return tuple(tables)


def _table(shape: _Shape, place: int, values: np.ndarray) -> np.ndarray:
    """What each value of the pair, or single character, at a place changes in a symbol of fillers."""
    in_pair = min(2, shape.alphanumeric_length - place)
    filler = _CHARACTERS.index(_FILLER) * (46 if in_pair == 2 else 1)
    head, text = b"-" * shape.head_length, _FILLER * shape.alphanumeric_length
    unchanged = shape.draw(head, text)
    table = np.zeros((len(values), len(unchanged)), unchanged.dtype)
    for bit in range(11 if in_pair == 2 else 6):
        high, low = divmod(filler ^ 1 << bit, 45)
        pair = (_CHARACTERS[high] + _CHARACTERS[low])[-in_pair:]
        drawn = shape.draw(head, text[:place] + pair + text[place + in_pair :])
        table[(values ^ filler) >> bit & 1 == 1] ^= drawn ^ unchanged
    return table
