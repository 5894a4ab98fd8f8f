"""The PDF content of one label, for many labels at once.

Everything that differs between labels has a fixed length: the content is a text with holes, and a chunk of
labels is one array of bytes in which each hole is filled for all labels together. A symbol is an image mask
at module resolution, in hexadecimal: raw bytes could contain the two letters that end it.
"""

import re

import numpy as np

from gi_trace.labels.download import Units
from gi_trace.labels.sheets import HIDDEN_TYPE, Box, LabelLayout
from gi_trace.labels.symbols import Symbols, packed_rows

PLACE_LENGTH = 9  # "0827 2891"
_HOLE = re.compile(r"\{(\w+)\}")
_HEX = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), np.uint8).reshape(256, 2)


class LabelBlock:
    """Uses fonts /M, the fixed part /L and a coordinate system of dots, see pdf.py."""

    def __init__(self, layout: LabelLayout, symbols: Symbols):
        self.symbols = symbols
        code, size = layout.code, symbols.size
        pattern = (
            f"q 1 0 0 1 {{place}} cm /L Do BT /M {code.height} Tf {code.x} {code.y} Td ({{code}}) Tj ET "
        )
        if layout.hidden:
            x, y = layout.hidden.x + 11, layout.hidden.y + 11
            pattern += f"BT /M {HIDDEN_TYPE} Tf {x} {y} Td ({{hidden}}) Tj ET "
        pattern += image_mask(layout.symbol, size, "{symbol}") + " Q\n"
        hex_length = 2 * size * -(-size // 8)
        lengths = {"place": PLACE_LENGTH, "code": 23, "hidden": 9, "symbol": hex_length}
        self.text, self.holes = with_holes(pattern, lengths)

    @property
    def length(self) -> int:
        return len(self.text)

    def filled(self, units: Units, places: np.ndarray) -> np.ndarray:
        """The contents for some units at their places (units, 9): an array of bytes (units, length)."""
        letters = units.letters()
        blocks = np.tile(self.text, (len(units), 1))
        blocks[:, self.holes["place"]] = places
        blocks[:, self.holes["code"]] = in_groups(letters)
        if "hidden" in self.holes:
            hidden = "".join(units.hidden()).encode()
            blocks[:, self.holes["hidden"]] = np.frombuffer(hidden, np.uint8).reshape(len(units), -1)
        blocks[:, self.holes["symbol"]] = in_hexadecimal(self.symbols.draw(letters))
        return blocks


def image_mask(place: Box, size: int, modules: str) -> str:
    """Draws a symbol of so many modules, given in hexadecimal."""
    where = f"{place.width} 0 0 {place.height} {place.x} {place.y} cm"
    return f"{where} BI /W {size} /H {size} /IM true /D [1 0] /F /AHx ID {modules}> EI"


def in_hexadecimal(symbols: np.ndarray) -> np.ndarray:
    """The rows of symbols (codes, size) as hexadecimal digits in ASCII, one line per symbol."""
    return _HEX[packed_rows(symbols)].reshape(len(symbols), -1)


def in_groups(letters: np.ndarray) -> np.ndarray:
    """Codes in groups of five, with blanks between."""
    grouped = np.full((len(letters), 4, 6), ord(" "), np.uint8)
    grouped[:, :, :5] = letters.reshape(-1, 4, 5)
    return grouped.reshape(len(letters), 24)[:, :23]


def with_holes(pattern: str, lengths: dict[str, int]) -> tuple[np.ndarray, dict[str, slice]]:
    """A text with blanks for each "{name}", and where they stand."""
    text, holes = b"", {}
    for number, part in enumerate(_HOLE.split(pattern)):
        if number % 2:
            holes[part] = slice(len(text), len(text) + lengths[part])
            text += b" " * lengths[part]
        else:
            text += part.encode()
    return np.frombuffer(text, np.uint8), holes
