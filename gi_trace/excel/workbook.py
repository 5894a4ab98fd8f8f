"""Opening an Excel file that somebody sent: its visible sheets as grids of cells, or what is wrong with it.

Pure. Nothing is opened before its size is known.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from gi_trace.errors import N_, Refused
from gi_trace.excel.cells import Cell, is_empty

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")

Grid: TypeAlias = list[list[Cell]]  # rows of equal width; the first is Excel's row 1


@dataclass(frozen=True)
class Limits:
    """What one file may hold. Bytes as sent, bytes unpacked, and the furthest cell with content."""

    sent: int = 10_000_000
    unpacked: int = 150_000_000
    rows: int = 20_000
    columns: int = 100


class UnreadableFile(Refused):
    """A fault of the file as a whole."""

    code = "file.unreadable"
    text = N_("这不是 Excel 工作簿（.xlsx），或者文件已损坏。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")


class OldWorkbook(UnreadableFile):
    code = "file.old_format"
    text = N_("这是旧格式的 Excel 文件（.xls）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")


class EncryptedWorkbook(UnreadableFile):
    code = "file.encrypted"
    text = N_("文件设了打开密码。请取消密码、保存后再上传。")


class FileTooLarge(UnreadableFile):
    code = "file.too_large"
    text = N_("文件有 {size_mb} MB，最多 {limit_mb} MB。请删去图片和无关的工作表，或分成几个文件。")


class TooMuchInside(UnreadableFile):
    code = "file.too_much_inside"
    text = N_("文件解压后超过 {limit_mb} MB，不予打开。请删去图片和无关的工作表后再上传。")


class SheetTooBig(UnreadableFile):
    code = "file.sheet_too_big"
    text = N_(
        "单元格 {cell} 里还有内容，最多读 {rows} 行、{columns} 列。请删去表格以外的内容，或分成几个文件。"
    )


class EmptyWorkbook(UnreadableFile):
    code = "file.empty"
    text = N_("工作簿里没有内容。请确认数据在可见的工作表里，并且已经保存。")


def read_grids(content: bytes, limits: Limits = Limits()) -> list[Grid]:
    """The visible sheets that hold anything, in the workbook's order, at least one.

    Raises UnreadableFile (and its kinds) for faults of the file as a whole.
    """
    grids = [_filled_grid(sheet) for sheet in _visible_sheets(_measured_package(content, limits))]
    grids = [grid for grid in grids if any(not is_empty(cell) for row in grid for cell in row)]
    if not grids:
        raise EmptyWorkbook()
    return grids


def check_workbook(content: bytes, limits: Limits = Limits()) -> None:
    """Refuse what its size and first bytes show to be no workbook that can be read, before anything is opened."""
    if len(content) > limits.sent:
        raise FileTooLarge(size_mb=_megabytes(len(content)), limit_mb=_megabytes(limits.sent))
    if content.startswith(OLE):
        raise EncryptedWorkbook() if ENCRYPTED_PACKAGE in content else OldWorkbook()
    if not content.startswith(ZIP):
        raise UnreadableFile()


def _measured_package(content: bytes, limits: Limits) -> io.BytesIO:
    """The workbook's XML parts, measured, in a package of their own.

    The reader allocates a dense grid up to the last cell and trusts the sizes that the package states, so a
    file of 5 kB could take all memory: it is given only what was unpacked and measured here.
    """
    check_workbook(content, limits)
    measured = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(measured, "w") as copy:
            parts = {
                part.filename: part
                for part in package.infolist()
                if part.filename.endswith((".xml", ".rels"))
            }
            if sum(part.file_size for part in parts.values()) > limits.unpacked:
                raise TooMuchInside(limit_mb=_megabytes(limits.unpacked))
            for name, part in parts.items():
                xml = package.read(part)
                _check_extent(xml, limits)
                copy.writestr(name, xml)
    except (zipfile.BadZipFile, expat.ExpatError, RuntimeError, EOFError, ValueError):
        raise UnreadableFile() from None
    measured.seek(0)
    return measured


def _check_extent(xml: bytes, limits: Limits) -> None:
    """Refuse a sheet with content beyond the limits; a part that is no sheet has no cells and passes."""
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        match tag.rpartition(":")[2]:
            case "row":
                row, column = int(attributes.get("r", row + 1)), 0
            case "c":
                row, column = _place(attributes["r"]) if "r" in attributes else (row, column + 1)
            case "v" | "is" | "f" if row > limits.rows or column > limits.columns:
                raise SheetTooBig(cell=_cell_name(row, column), rows=limits.rows, columns=limits.columns)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)


def _visible_sheets(package: io.BytesIO) -> Iterator[CalamineSheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(package)
        for sheet in workbook.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                yield workbook.get_sheet_by_name(sheet.name)
    except CalamineError:
        raise UnreadableFile() from None


def _filled_grid(sheet: CalamineSheet) -> Grid:
    """Rows from Excel's row 1, with each merged block filled from its corner, except that a number is not
    repeated: a weight merged over rows is one weight for all of them.
    """
    if sheet.end is None:
        return []
    width = sheet.end[1] + 1
    grid: Grid = [[*row, *[""] * (width - len(row))] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in grid[top : bottom + 1]:
            if not isinstance(corner := grid[top][left], float):
                row[left : right + 1] = [corner] * (min(right + 1, width) - left)
    return grid


def _place(reference: str) -> tuple[int, int]:
    """(row, column), both from 1, of a reference like AB12."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    return int(reference[len(letters) :]), column


def _cell_name(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".removesuffix(".0")
