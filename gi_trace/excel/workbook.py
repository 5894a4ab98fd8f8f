"""Opening a file that somebody sent: its sheets as grids of cells, or what is wrong with it.

Pure. Nothing is opened before its size is known, and the library that opens workbooks works in a process of its own,
which memory and time bound.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from gi_trace.excel.cells import Cell, NumberFrom1904, is_empty
from gi_trace.excel.delimited import rows_of
from gi_trace.excel.kinds import FileKind, kind_of
from gi_trace.excel.old_workbook import see_xls
from gi_trace.excel.packages import see_ods, see_xlsb, see_xlsx
from gi_trace.excel.seen import LIMITS, Block, Limits, Package, See, Seen
from gi_trace.excel.unreadable import BROKEN, EmptyWorkbook, FileTooLarge, UnreadableFile

OPENING = Path(__file__).with_name("opening.py")
LONGEST_OPENING = 60  # seconds
MOST_MERGED = 20_000_000  # cells in merged blocks, empty ones to the edge of the sheet among them
SEE: dict[FileKind, See] = {
    FileKind.XLSX: see_xlsx, FileKind.XLSB: see_xlsb, FileKind.ODS: see_ods, FileKind.XLS: see_xls,
}  # fmt: skip

Grid: TypeAlias = list[list[Cell]]  # rows of equal width; the first is Excel's row 1


@dataclass(frozen=True)
class Sheet:
    """A sheet that holds something. `hidden_rows` by Excel's numbers, filtered ones among them; `encoding` of a text."""

    name: str
    grid: Grid
    is_hidden: bool = False
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    encoding: str = ""


def read_sheets(content: bytes, limits: Limits = LIMITS) -> list[Sheet]:
    """The sheets that hold anything, hidden ones among them, in the workbook's order; at least one.

    Raises UnreadableFile (and its kinds) for faults of the file as a whole.
    """
    check_workbook(content, limits)
    kind = kind_of(content)
    sheets = [_sheet_of_text(content, limits)] if kind is FileKind.CSV else _sheets(kind, content, limits)
    sheets = [sheet for sheet in sheets if any(not is_empty(cell) for row in sheet.grid for cell in row)]
    if not sheets:
        raise EmptyWorkbook
    return sheets


def check_workbook(content: bytes, limits: Limits = LIMITS) -> None:
    """Refuse what its size and bytes show to be no table that can be read, before anything is opened."""
    if len(content) > limits.sent:
        raise FileTooLarge(size_mb=_megabytes(len(content)), limit_mb=_megabytes(limits.sent))
    kind_of(content)


def _sheet_of_text(content: bytes, limits: Limits) -> Sheet:
    rows, encoding = rows_of(content, limits)
    return Sheet("", _even(rows), encoding=encoding)


def _sheets(kind: FileKind, content: bytes, limits: Limits) -> list[Sheet]:
    try:
        package = SEE[kind](content, limits)
    except BROKEN:
        raise UnreadableFile from None
    opened = _opened(package.content)
    if len(opened) != len(package.sheets):
        raise UnreadableFile
    return [
        Sheet(
            name,
            _grid(rows, merged, seen, package),
            not shown,
            frozenset(row + 1 for row in seen.hidden_rows),
        )
        for (name, is_cells, shown, rows, merged), seen in zip(opened, package.sheets, strict=True)
        if is_cells
    ]


def _opened(content: bytes) -> list[tuple]:
    command = [sys.executable, "-I", str(OPENING)]
    try:
        ended = subprocess.run(command, input=content, capture_output=True, timeout=LONGEST_OPENING)
    except subprocess.TimeoutExpired:
        raise UnreadableFile from None
    if ended.returncode:
        raise UnreadableFile
    return pickle.loads(ended.stdout)


def _grid(rows: Sequence[list[Cell]], merged: Sequence[Block], seen: Seen, package: Package) -> Grid:
    """Rows from Excel's row 1, errors in words, and each merged block filled from its corner, except that a number is
    not repeated: a weight merged over rows is one weight for all of them.
    """
    grid = _even(rows[: seen.height])
    for (number, column), error in seen.errors.items():
        if number < len(grid) and column < len(grid[number]):
            grid[number][column] = error
    blocks = [*merged, *seen.merged]
    if sum((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in blocks) > MOST_MERGED:
        raise UnreadableFile  # cells belong to one block at most
    for (top, left), (bottom, right) in blocks:
        for row in grid[top : bottom + 1]:
            width = min(right + 1, len(row)) - left
            if width > 0 and not isinstance(corner := grid[top][left], float | int):
                row[left : left + width] = [corner] * width
    return [list(map(_counted_from_1904, row)) for row in grid] if package.from_1904 else grid


def _counted_from_1904(cell: Cell) -> Cell:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return NumberFrom1904(cell)
    return cell


def _even(rows: Sequence[Sequence[Cell]]) -> Grid:
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".removesuffix(".0")
