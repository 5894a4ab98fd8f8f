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
    size = len(rows)
    along_columns, along_rows = _Lines(rows), _Lines(columns)
    runs = along_columns.run_points() + along_rows.run_points()
    finders = along_columns.finders() + along_rows.finders()
    dark = _count(rows)
    steps_off_half = np.abs(20 * dark - 10 * size * size) // (size * size)
    return runs + 3 * _blocks(rows, along_columns.same) + 40 * finders + 10 * steps_off_half


class _Lines:
    """The symbols between two quiet zones, and where a line repeats the one before it.

    same[i] has a 1 where framed[i] and framed[i + 1] agree; three[i] where framed[i : i + 3] agree.
    """

    def __init__(self, lines: np.ndarray):
        size, symbols = lines.shape
        every_module = _top_bits(size, lines.dtype)
        self.size = size
        self.framed = np.zeros((size + 2 * QUIET_ZONE, symbols), lines.dtype)
        self.framed[QUIET_ZONE:-QUIET_ZONE] = lines
        self.same = self.framed[1:] ^ self.framed[:-1] ^ every_module
        self.three = self.same[1:] & self.same[:-1]

    def run_points(self) -> np.ndarray:
        """Rule 1: a run of 5 + i modules of one colour costs 3 + i.

        Such a run holds 1 + i windows of five, and the windows of a run begin and end once.
        """
        windows = np.zeros((self.size - 2, self.framed.shape[1]), self.framed.dtype)
        windows[1:-1] = self.three[4 : self.size] & self.three[6 : self.size + 2]
        return _count(windows) + _count(windows[1:] ^ windows[:-1])

    def finders(self) -> np.ndarray:
        """Rule 3: runs of 1, 1, 3, 1, 1 modules, dark first, with four light modules before or after."""
        places = self.size - 6
        four = self.three[:-1] & self.same[2:]
        any_same = self.same[:-2] | self.same[1:-1] | self.same[2:]
        found = self.framed[4:-10] & self.three[6:-6]
        found &= four[:places] | four[-places:]
        found &= ~(any_same[3 : 3 + places] | any_same[8 : 8 + places])
        return _count(found)


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
