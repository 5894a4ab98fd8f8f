"""Small workbooks of the formats that openpyxl does not write: .xls, .xlsb, .ods. Cells are texts, numbers, or `Error`s."""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

REF = 0x17  # of #REF! in binary formats


@dataclass(frozen=True)
class Error:
    """A cell whose formula gives #REF!."""


@dataclass(frozen=True)
class Page:
    """A sheet; `hidden_rows` by Excel's numbers, `merged` as (first row, last row, first column, last column) from 0."""

    name: str
    rows: Sequence[Sequence[object]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


def xls(*pages: Page, from_1904: bool = False, password: bool = False, more: bytes = b"") -> bytes:
    """[MS-XLS] in [MS-CFB]; with `more` records among those of the workbook."""
    sheets = [_xls_sheet(page) for page in pages]
    before = record(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0))
    before += record(0x2F, bytes(6)) if password else b""
    before += record(0x22, struct.pack("<H", from_1904)) + more
    names = [page.name.encode("utf-16-le") for page in pages]
    start = len(before) + sum(12 + len(name) for name in names) + 4
    for page, name, sheet in zip(pages, names, sheets, strict=True):
        before += record(0x85, struct.pack("<I4B", start, page.is_hidden, 0, len(name) // 2, 1) + name)
        start += len(sheet)
    return _compound(before + record(0x0A, b"") + b"".join(sheets))


def _xls_sheet(page: Page) -> bytes:
    sheet = record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0))
    for row in range(len(page.rows)):
        hidden = 0x20 if row + 1 in page.hidden_rows else 0
        sheet += record(0x208, struct.pack("<6HI", row, 0, 20, 255, 0, 0, 0x100 | hidden))
    for row, cells in enumerate(page.rows):
        for column, cell in enumerate(cells):
            at = struct.pack("<3H", row, column, 15)
            if isinstance(cell, Error):
                sheet += record(0x205, at + bytes([REF, 1]))
            elif isinstance(cell, str):
                sheet += record(0x204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            elif cell is not None:
                sheet += record(0x203, at + struct.pack("<d", cell))
    if page.merged:
        sheet += record(
            0xE5, struct.pack("<H", len(page.merged)) + b"".join(struct.pack("<4H", *m) for m in page.merged)
        )
    return sheet + record(0x0A, b"")


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<2H", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    assert len(fat) <= 128
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    return head + table + directory.ljust(512, b"\0") + stream.ljust(512 * sectors, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def xlsb(*pages: Page, from_1904: bool = False) -> bytes:
    """[MS-XLSB]."""
    book = _binary(131) + _binary(153, struct.pack("<III", from_1904, 0, 0)) + _binary(143)
    relations, parts = "", {}
    for number, page in enumerate(pages, 1):
        book += _binary(
            156, struct.pack("<2I", page.is_hidden, number) + _wide(f"rId{number}") + _wide(page.name)
        )
        relations += (
            f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships/worksheet" Target="worksheets/sheet{number}.bin"/>'
        )
        parts[f"xl/worksheets/sheet{number}.bin"] = _xlsb_sheet(page)
    parts["xl/workbook.bin"] = book + _binary(144) + _binary(132)
    parts["xl/_rels/workbook.bin.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relations}</Relationships>"
    )
    return _zipped(parts)


def _xlsb_sheet(page: Page) -> bytes:
    width = max(map(len, page.rows))
    sheet = (
        _binary(129) + _binary(148, struct.pack("<4I", 0, len(page.rows) - 1, 0, width - 1)) + _binary(145)
    )
    for row, cells in enumerate(page.rows):
        hidden = 0x10 if row + 1 in page.hidden_rows else 0
        sheet += _binary(0, struct.pack("<IIHBBBI", row, 0, 300, 0, hidden, 0, 0))
        for column, cell in enumerate(cells):
            at = struct.pack("<2I", column, 0)
            if isinstance(cell, Error):
                sheet += _binary(3, at + bytes([REF]))
            elif isinstance(cell, str):
                sheet += _binary(6, at + _wide(cell))
            elif cell is not None:
                sheet += _binary(5, at + struct.pack("<d", cell))
    merged = b"".join(_binary(176, struct.pack("<4I", *block)) for block in page.merged)
    return sheet + _binary(146) + _binary(177) + merged + _binary(178) + _binary(130)


def _binary(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    sizes = [length & 0x7F | (0x80 if length > 127 else 0), *([length >> 7] if length > 127 else [])]
    return head + bytes(sizes) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def ods(*pages: Page, rows_repeated: int = 1) -> bytes:
    """OpenDocument as LibreOffice writes it; the last row of each sheet is repeated."""
    tables = "".join(_ods_table(page, rows_repeated) for page in pages)
    names = {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
        for name in ("office", "table", "text", "style")
    }
    names["calcext"] = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in names.items())
    styles = '<style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    return _zipped({"mimetype": media_type, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_table(page: Page, rows_repeated: int) -> str:
    blocks = {(top, left): (bottom - top + 1, right - left + 1) for top, bottom, left, right in page.merged}
    rows = ""
    for row, cells in enumerate(page.rows):
        hidden = ' table:visibility="filter"' if row + 1 in page.hidden_rows else ""
        repeated = f' table:number-rows-repeated="{rows_repeated}"' if row == len(page.rows) - 1 else ""
        written = "".join(_ods_cell(cell, blocks.get((row, column))) for column, cell in enumerate(cells))
        rows += f"<table:table-row{hidden}{repeated}>{written}</table:table-row>"
    style = ' table:style-name="off"' if page.is_hidden else ""
    return f'<table:table table:name="{page.name}"{style}>{rows}</table:table>'


def _ods_cell(cell: object, block: tuple[int, int] | None) -> str:
    span = (
        f' table:number-rows-spanned="{block[0]}" table:number-columns-spanned="{block[1]}"' if block else ""
    )
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, Error):
        kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
        return f"<table:table-cell{span} {kind}><text:p>#REF!</text:p></table:table-cell>"
    if isinstance(cell, str):
        return f'<table:table-cell{span} office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f'<table:table-cell{span} office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'


def _zipped(parts: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return written.getvalue()
