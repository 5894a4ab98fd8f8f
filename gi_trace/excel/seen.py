"""What the reader does not tell of a sheet, seen before it is opened: how far it goes, what is hidden, what is an error.

Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from gi_trace.excel.unreadable import SheetTooBig, TooManyRows, TooManySheets

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
Block = tuple[tuple[int, int], tuple[int, int]]  # the first and the last (row, column) of merged cells


@dataclass(frozen=True)
class Limits:
    """What one file may hold. Bytes as sent, bytes unpacked, and the furthest cell with content of a sheet; `rows` is
    also the most of all sheets together."""

    sent: int = 10_000_000
    unpacked: int = 150_000_000
    rows: int = 20_000
    columns: int = 100
    sheets: int = 30


LIMITS = Limits()


@dataclass
class Seen:
    """Of one sheet; rows and columns from 0. `hidden_rows` are those with content."""

    limits: Limits
    height: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Block] = field(default_factory=list)

    def cell(self, row: int, column: int, *, hidden: bool, error: str = "") -> None:
        """A cell with content. Raises SheetTooBig."""
        if row >= self.limits.rows or column >= self.limits.columns:
            name = cell_name(row + 1, column + 1)
            raise SheetTooBig(cell=name, rows=self.limits.rows, columns=self.limits.columns)
        self.height = max(self.height, row + 1)
        if hidden:
            self.hidden_rows.add(row)
        if error:
            self.errors[row, column] = error


@dataclass(frozen=True)
class Package:
    """A workbook that may be opened: its bytes, what was seen of its sheets in their order, and its calendar."""

    content: bytes
    sheets: list[Seen]
    from_1904: bool = False


def check_together(sheets: list[Seen], limits: Limits) -> None:
    if len(sheets) > limits.sheets:
        raise TooManySheets(sheets=len(sheets), limit=limits.sheets)
    if (rows := sum(seen.height for seen in sheets)) > limits.rows:
        raise TooManyRows(rows=rows, limit=limits.rows)


def cell_name(row: int, column: int) -> str:
    """AB12, of row and column from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


See = Callable[[bytes, Limits], Package]
