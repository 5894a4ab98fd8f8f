"""What a sent file is, by its bytes and never by its name.

Pure.
"""

import io
import zipfile
from enum import StrEnum

from gi_trace.errors import N_
from gi_trace.excel.unreadable import BROKEN, EncryptedWorkbook, NotATable, UnreadableFile

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PICTURE, WORD, SLIDES = N_("图片"), N_("Word 文档"), N_("演示文稿")
PAPER, PAGE, ARCHIVE = N_("PDF 文件"), N_("网页"), N_("压缩包")
BEGINNINGS = (
    (b"%PDF", PAPER),
    *((mark, PICTURE) for mark in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")),
    (b"{\\rtf", WORD),
    *((mark, ARCHIVE) for mark in (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")),
)
IN_OLE = ((WORD, "WordDocument"), (SLIDES, "PowerPoint Document"))
IN_ZIP = ((WORD, "word/"), (SLIDES, "ppt/"))
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": WORD,
    b"application/vnd.oasis.opendocument.presentation": SLIDES,
}
DELIMITERS = b",", b";", b"\t"  # one of them stands in every table that is text
HEAD = 1024  # bytes in which a page shows that it is one


class FileKind(StrEnum):
    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"  # also .et of WPS
    CSV = "csv"


def kind_of(content: bytes) -> FileKind:
    """Raises UnreadableFile and its kinds for what is no table."""
    if content.startswith(OLE):
        return _kind_in_ole(content)
    if content.startswith(ZIP):
        return _kind_in_zip(content)
    for mark, what in BEGINNINGS:
        if content.startswith(mark):
            raise NotATable(what=what)
    if content[4:8] == b"ftyp" or (content[:4], content[8:12]) == (b"RIFF", b"WEBP"):
        raise NotATable(what=PICTURE)
    if content[:HEAD].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith((b"<", b"MIME-Version")):
        raise NotATable(what=PAGE)
    if not any(delimiter in content for delimiter in DELIMITERS):
        raise UnreadableFile
    return FileKind.CSV


def _kind_in_ole(content: bytes) -> FileKind:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise EncryptedWorkbook
    for what, name in IN_OLE:
        if name.encode("utf-16-le") in content:
            raise NotATable(what=what)
    return FileKind.XLS


def _kind_in_zip(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename.lower() for part in parts}
            media_type = (
                package.read("mimetype")[:HEAD] if "mimetype" in names and _is_short(package) else b""
            )
    except BROKEN:
        raise UnreadableFile from None
    if any(part.flag_bits & 1 for part in parts):
        raise EncryptedWorkbook
    for name, kind in (("xl/workbook.xml", FileKind.XLSX), ("xl/workbook.bin", FileKind.XLSB)):
        if name in names:
            return kind
    if media_type.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return FileKind.ODS
    raise NotATable(what=OPEN_DOCUMENTS.get(media_type.strip()) or _what_is_in(names))


def _is_short(package: zipfile.ZipFile) -> bool:
    return package.getinfo("mimetype").file_size < HEAD


def _what_is_in(names: set[str]) -> str:
    return next((what for what, folder in IN_ZIP if any(n.startswith(folder) for n in names)), ARCHIVE)
