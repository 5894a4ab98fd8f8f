"""Workbooks that are packages of parts (.xlsx, .xlsb, .ods): unpacked, measured and seen part by part.

Pure. The reader allocates a dense grid up to the last cell and trusts the sizes that a package states, so a file of 5 kB
could take all memory: it is given only what was unpacked and measured here.
"""

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from gi_trace.excel.seen import ERRORS, Limits, Package, Seen, check_together
from gi_trace.excel.unreadable import EncryptedWorkbook, TooManySheets, TooMuchInside

READ = (".xml", ".rels", ".bin", "mimetype")


def see_xlsx(content: bytes, limits: Limits) -> Package:
    parts = _unpacked(content, limits)
    book = _Book(parts["xl/workbook.xml"])
    targets = _targets(parts["xl/_rels/workbook.xml.rels"])
    _check_number(book.sheets, limits)
    sheets = [_see_xml_sheet(parts.get(targets.get(sheet, ""), b""), limits) for sheet in book.sheets]
    return _packed(parts, sheets, limits, from_1904=book.from_1904)


def see_xlsb(content: bytes, limits: Limits) -> Package:
    parts = _unpacked(content, limits)
    targets = _targets(parts["xl/_rels/workbook.bin.rels"])
    references, from_1904 = [], False
    for kind, record in _records(parts["xl/workbook.bin"]):
        if kind == 153:  # BrtWbProp
            from_1904 = bool(record[0] & 1)
        elif kind == 156:  # BrtBundleSh: state, number, then the reference as a string with its length
            (length,) = struct.unpack_from("<I", record, 8)
            references.append(record[12 : 12 + 2 * length].decode("utf-16-le"))
    _check_number(references, limits)
    sheets = [_see_binary_sheet(parts.get(targets.get(each, ""), b""), limits) for each in references]
    return _packed(parts, sheets, limits, from_1904=from_1904)


def see_ods(content: bytes, limits: Limits) -> Package:
    parts = _unpacked(content, limits)
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        raise EncryptedWorkbook
    seeing = _OpenDocument(limits)
    seeing.parse(parts["content.xml"])
    _check_number(seeing.sheets, limits)
    return _packed(parts, seeing.sheets, limits)


def _unpacked(content: bytes, limits: Limits) -> dict[str, bytes]:
    """The parts by their names in small letters, as packages of some programs write them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [part for part in package.infolist() if part.filename.lower().endswith(READ)]
        if sum(part.file_size for part in parts) > limits.unpacked:
            raise TooMuchInside(limit_mb=f"{limits.unpacked / 1_000_000:.1f}".removesuffix(".0"))
        return {part.filename.lower(): package.read(part) for part in parts}


def _packed(
    parts: Mapping[str, bytes], sheets: list[Seen], limits: Limits, *, from_1904: bool = False
) -> Package:
    check_together(sheets, limits)
    measured = io.BytesIO()
    with zipfile.ZipFile(measured, "w") as package:
        for name, part in parts.items():
            package.writestr(name.replace("meta-inf/", "META-INF/"), part)
    return Package(measured.getvalue(), sheets, from_1904)


def _check_number(sheets: list[Any], limits: Limits) -> None:
    if len(sheets) > limits.sheets:
        raise TooManySheets(sheets=len(sheets), limit=limits.sheets)


def _targets(relations: bytes) -> dict[str, str]:
    """Names of parts by the references to them."""
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))
            found[attributes["Id"]] = target.lstrip("/").lower()

    _parse(relations, start)
    return found


class _Book:
    """References to the sheets in their order, and the calendar."""

    def __init__(self, xml: bytes):
        self.sheets: list[str] = []
        self.from_1904 = False
        _parse(xml, self._start)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            self.sheets += [value for name, value in attributes.items() if _local(name) == "id"]
        elif _local(tag) == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


def _see_xml_sheet(xml: bytes, limits: Limits) -> Seen:
    seeing = _XmlSheet(limits)
    if xml:
        seeing.parser.Parse(xml, True)
    return seeing.seen


class _XmlSheet:
    """Rows and cells of a worksheet; places that are not told follow one another."""

    def __init__(self, limits: Limits):
        self.seen = Seen(limits)
        self.row = self.column = -1
        self.hidden = self.is_error = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
                self.hidden = attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0"
            case "c":
                self.column += 1
                if "r" in attributes:
                    self.row, self.column = _place(attributes["r"])
                self.is_error = attributes.get("t") == "e"
            case "v" | "is" | "f" as content:
                self.seen.cell(self.row, self.column, hidden=self.hidden)
                if self.is_error and content == "v":
                    self.parser.CharacterDataHandler, self.parser.EndElementHandler = self._error, self._end

    def _error(self, text: str) -> None:
        place = self.row, self.column
        self.seen.errors[place] = self.seen.errors.get(place, "") + text

    def _end(self, _tag: str) -> None:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None


def _see_binary_sheet(part: bytes, limits: Limits) -> Seen:
    """[MS-XLSB] 2.4: rows, their cells, merged blocks."""
    seen = Seen(limits)
    row, hidden = 0, False
    for kind, record in _records(part):
        if kind == 0:  # BrtRowHdr
            (row,) = struct.unpack_from("<I", record)
            hidden = bool(record[11] & 0x10)
        elif 2 <= kind <= 11 or kind == 62:  # a cell with content; 3 and 11 are errors
            (column,) = struct.unpack_from("<I", record)
            error = ERRORS.get(record[8], "#N/A") if kind in (3, 11) else ""
            seen.cell(row, column, hidden=hidden, error=error)
        elif kind == 176:  # BrtMergeCell
            top, bottom, left, right = struct.unpack_from("<4I", record)
            seen.merged.append(((top, left), (bottom, right)))
    return seen


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of the records of a binary part: both lengths in groups of seven bits."""
    at = 0
    while at < len(part):
        kind, at = _varied(part, at, 2)
        length, at = _varied(part, at, 4)
        yield kind, part[at : at + length]
        at += length


def _varied(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        byte = part[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at + place + 1


class _OpenDocument:
    """The tables of a content.xml: rows and cells are repeated by a number, hidden ones are collapsed or filtered."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.sheets: list[Seen] = []
        self.row = self.rows = self.column = 0
        self.hidden = self.is_error = False

    def parse(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "table:table":
                self.sheets.append(Seen(self.limits))
                self.row = 0
            case "table:table-row":
                self.rows, self.column = int(attributes.get("table:number-rows-repeated", 1)), 0
                self.hidden = attributes.get("table:visibility", "visible") != "visible"
            case "table:table-cell" | "table:covered-table-cell":
                self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        repeated = int(attributes.get("table:number-columns-repeated", 1))
        self.is_error = attributes.get("calcext:value-type") == "error"
        if "office:value-type" in attributes:
            seen, last = self.sheets[-1], (self.row + self.rows - 1, self.column + repeated - 1)
            seen.cell(*last, hidden=self.hidden)
            if self.hidden:
                seen.hidden_rows |= set(range(self.row, last[0] + 1))
            down = int(attributes.get("table:number-rows-spanned", 1)) - 1
            right = int(attributes.get("table:number-columns-spanned", 1)) - 1
            if down or right:
                place = (self.row, self.column)
                seen.merged.append((place, (place[0] + down, place[1] + right)))
        self.column += repeated

    def _text(self, text: str) -> None:
        if self.is_error:
            seen, place = self.sheets[-1], (self.row, self.column - 1)
            seen.errors[place] = seen.errors.get(place, "") + text

    def _end(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self.is_error = False
        elif tag == "table:table-row":
            self.row += self.rows


def _parse(xml: bytes, start: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)


@lru_cache(maxsize=1_000)
def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _place(reference: str) -> tuple[int, int]:
    """(row, column), both from 0, of a reference like AB12."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    return int(reference[len(letters) :]) - 1, column - 1
