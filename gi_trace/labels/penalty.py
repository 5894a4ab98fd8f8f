"""How badly QR symbols would scan: the four rules of ISO/IEC 18004:2015, 7.8.3.1, for many symbols at once.

A symbol is `size` unsigned words, one per row, the leftmost module in the most significant bit, dark = 1; an
array of shape (size, symbols) holds many. With its columns as words too, every rule looks along the first
axis, and one numpy instruction does a row of all symbols.

The area judged is the complete symbol, its format information included, as the standard says; the quiet zone
counts as the light area that may stand beside a finder-like pattern, because a scanner sees it so.
"""

import numpy as np

QUIET_ZONE = 4


def penalties(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Penalty of each symbol, from its rows and its columns, both of shape (size, symbols)."""
    return common_points(rows, columns) + rare_points(rows, columns)


def common_points(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The penalty but for rule 3's larger patterns, which take half the time and seldom occur."""
    size = len(rows)
    along_columns, along_rows = _Lines(rows), _Lines(columns)
    runs = along_columns.run_points() + along_rows.run_points()
    finders = along_columns.finders(1) + along_rows.finders(1)
    dark = _count(rows)
    steps_off_half = np.abs(20 * dark - 10 * size * size) // (size * size)
    blocks = _blocks(rows, along_columns.agreeing(2))
    return runs + 3 * blocks + 40 * finders + 10 * steps_off_half


def rare_points(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Rule 3 for patterns whose shortest runs have two and more modules."""
    units = range(2, len(rows) // 7 + 1)
    counts = [lines.finders(unit) for lines in (_Lines(rows), _Lines(columns)) for unit in units]
    return 40 * np.sum(counts, axis=0)


class _Lines:
    """The symbols between two quiet zones, and where their lines agree.

    framed[4] is a symbol's first line. changed[i] has a 1 where framed[i] and framed[i + 1] differ.
    """

    def __init__(self, lines: np.ndarray):
        self.size, symbols = lines.shape
        every_module = _top_bits(self.size, lines.dtype)
        self.framed = np.zeros((self.size + 2 * QUIET_ZONE, symbols), lines.dtype)
        self.framed[QUIET_ZONE:-QUIET_ZONE] = lines
        self.changed = self.framed[1:] ^ self.framed[:-1]
        self._agreeing = {2: self.changed ^ every_module}

    def agreeing(self, count: int) -> np.ndarray:
        """A 1 at [i] where the lines framed[i : i + count] agree; two windows that overlap make a longer."""
        if count not in self._agreeing:
            shorter = self.agreeing(count // 2 + 1)
            step = count - (count // 2 + 1)
            self._agreeing[count] = shorter[:-step] & shorter[step:]
        return self._agreeing[count]

    def run_points(self) -> np.ndarray:
        """Rule 1: a run of 5 + i modules of one colour costs 3 + i.

        Such a run holds 1 + i windows of five, and the windows of a run begin and end once.
        """
        windows = np.zeros((self.size - 2, self.framed.shape[1]), self.framed.dtype)
        windows[1:-1] = self.agreeing(5)[QUIET_ZONE:-QUIET_ZONE]
        return _count(windows) + _count(windows[1:] ^ windows[:-1])

    def finders(self, unit: int) -> np.ndarray:
        """Rule 3: patterns of 1:1:3:1:1 units, dark first, with four light modules before or after."""
        first, places, four = QUIET_ZONE, self.size - 7 * unit + 1, self.agreeing(4)
        found = self.framed[first:][:places] & self._runs(3 * unit, first + 2 * unit, places)
        for units_on in (0, 1, 5, 6):
            found &= self._runs(unit, first + units_on * unit, places)
        return _count(found & (four[:places] | four[first + 7 * unit :][:places]))

    def _runs(self, length: int, first: int, places: int) -> np.ndarray:
        """A 1 at [i] where framed[first + i] begins a run of just that length."""
        ends = self.changed[first - 1 :][:places] & self.changed[first - 1 + length :][:places]
        return ends & self.agreeing(length)[first:][:places] if length > 1 else ends


def _blocks(rows: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Rule 2: blocks of 2 × 2 modules of one colour."""
    like_next_row = same[QUIET_ZONE : QUIET_ZONE + len(rows) - 1]
    unlike_next_column = rows[:-1] ^ rows[:-1] << rows.dtype.type(1)
    return _count(like_next_row & like_next_row << rows.dtype.type(1) & ~unlike_next_column)


def _top_bits(count: int, dtype: np.dtype) -> np.unsignedinteger:
    bits = 8 * dtype.itemsize
    return dtype.type((1 << bits) - (1 << bits - count))


def _count(words: np.ndarray) -> np.ndarray:
    """Number of ones of each symbol."""
    return np.bitwise_count(words).sum(axis=0, dtype=np.uint16).astype(np.int32)
