"""The PDF content of one label, for many labels at once.

Everything that differs between labels has a fixed length: the content is a text with holes, and a chunk of
labels is one array of bytes in which each hole is filled for all labels together. A symbol is an image mask
at module resolution, in hexadecimal: raw bytes could contain the two letters that end it.
"""

import re

import numpy as np

from gi_trace.labels.download import Units
from gi_trace.labels.sheets import Box
from gi_trace.labels.symbols import packed_rows
from gi_trace.labels.typesetting import UNIT_DIGITS, SetLine, Typeset

PLACE_LENGTH = 9  # "0827 2891"
_HOLE = re.compile(r"\{(\w+)\}")
_HEX = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), np.uint8).reshape(256, 2)


class LabelBlock:
    """Uses fonts /M, the fixed part /L and a coordinate system of dots, see pdf.py."""

    def __init__(self, label: Typeset):
        self.symbols, size = label.symbols, label.symbols.size
        texts = {"hidden": label.hidden, "unit": label.unit} | {
            f"code{number}": line for number, line in enumerate(label.code)
        }
        lines = {name: line for name, line in texts.items() if line}
        shown = "".join(_shown(line, name) for name, line in lines.items())
        mask = image_mask(label.plan.symbol, size, "{symbol}")
        lengths = {"place": PLACE_LENGTH, "symbol": 2 * size * -(-size // 8)}
        lengths |= {name: len(line.text) for name, line in lines.items()}
        pattern = f"q 1 0 0 1 {{place}} cm /L Do {shown}{mask} Q\n"
        self.text, self.holes = with_holes(pattern, lengths)

    @property
    def length(self) -> int:
        return len(self.text)

    def filled(self, units: Units, places: np.ndarray) -> np.ndarray:
        """The contents for some units at their places (units, 9): an array of bytes (units, length)."""
        letters = units.letters()
        blocks = np.tile(self.text, (len(units), 1))
        blocks[:, self.holes["place"]] = places
        fill_code(blocks, self.holes, letters)
        if "unit" in self.holes:
            blocks[:, self.holes["unit"]] = unit_digits(units)
        if "hidden" in self.holes:
            hidden = "".join(units.hidden()).encode()
            blocks[:, self.holes["hidden"]] = np.frombuffer(hidden, np.uint8).reshape(len(units), -1)
        blocks[:, self.holes["symbol"]] = in_hexadecimal(self.symbols.draw(letters))
        return blocks


def fill_code(blocks: np.ndarray, holes: dict[str, slice], letters: np.ndarray) -> None:
    """Codes into their holes: on one line, or on two of ten characters each."""
    grouped = in_groups(letters)
    if "code1" not in holes:
        blocks[:, holes["code0"]] = grouped
    else:
        blocks[:, holes["code0"]], blocks[:, holes["code1"]] = grouped[:, :11], grouped[:, 12:]


def unit_digits(units: Units) -> np.ndarray:
    """Numbers of units in ASCII, blanks after them: an array of bytes (units, UNIT_DIGITS)."""
    numbers = np.arange(units.first, units.last + 1).astype(f"S{UNIT_DIGITS}")
    digits = numbers.view(np.uint8).reshape(len(units), UNIT_DIGITS)
    return np.where(digits == 0, ord(" "), digits)


def _shown(line: SetLine, name: str) -> str:
    return f"BT /M {line.type_size} Tf {line.x} {line.y} Td ({{{name}}}) Tj ET "


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
