"""A PDF file written front to back (ISO 32000-1, 7.5).

Every page takes the same number of bytes, so each offset, and the length of the file, is known before the
first page is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from gi_trace.labels.download import FileInParts
from gi_trace.labels.fonts import Subset

# Begins a page whose lengths are dots of 300 to the inch.
IN_DOTS = b"0.24 0 0 0.24 0 0 cm\n"

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOG, _PAGE_TREE, _INFO, _FIRST_SHARED = 1, 2, 3, 4
# Room before and after a page's content for object numbers of any length.
_HEAD_ROOM, _TAIL_ROOM = 48, 96
_END_OF_CONTENT = b"\nendstream endobj\n"
_ENTRY_LENGTH = 20
_PAGES_A_NODE = 1000


@dataclass
class PdfObjects:
    """The objects that all pages share."""

    bodies: list[bytes] = field(default_factory=list)

    def add(self, body: bytes) -> bytes:
        """A reference to the new object."""
        self.bodies.append(body)
        return b"%d 0 R" % (_FIRST_SHARED + len(self.bodies) - 1)

    def add_stream(self, entries: bytes, stream: bytes) -> bytes:
        return self.add(b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(stream), stream))

    def add_font(self, font: Subset) -> bytes:
        """A composite font whose strings are glyph numbers, with a table back to characters (9.7)."""
        name, descriptor = font.name.encode(), self._add_descriptor(font, flags=4)
        by_glyph = sorted((glyph, character) for character, glyph in font.glyphs.items())
        widths = b"".join(b"%d[%d]" % (glyph, font.widths[character]) for glyph, character in by_glyph)
        descendant = self.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDToGIDMap/Identity/W[%b]/FontDescriptor %b"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
            % (name, widths, descriptor)
        )
        to_unicode = self.add_stream(b"", _to_unicode(by_glyph))
        return self.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%b]/ToUnicode %b>>"
            % (name, descendant, to_unicode)
        )

    def add_latin_font(self, font: Subset) -> bytes:
        """A simple font whose strings are ASCII (9.6.3)."""
        name, descriptor = font.name.encode(), self._add_descriptor(font, flags=32)
        last = max(map(ord, font.widths))
        widths = b" ".join(b"%d" % font.widths.get(chr(point), 0) for point in range(32, last + 1))
        return self.add(
            b"<</Type/Font/Subtype/TrueType/BaseFont/%b/Encoding/WinAnsiEncoding/FirstChar 32/LastChar %d"
            b"/Widths[%b]/FontDescriptor %b>>" % (name, last, widths, descriptor)
        )

    def _add_descriptor(self, font: Subset, *, flags: int) -> bytes:
        file = self.add_stream(b"/Length1 %d" % len(font.file), font.file)
        return self.add(
            b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d"
            b"/Descent %d/CapHeight %d/StemV 80/FontFile2 %b>>"
            % (font.name.encode(), flags, *font.box, font.ascent, font.descent, font.ascent, file)
        )


@dataclass(frozen=True)
class Pages:
    """Pages of one size, whose contents all have one length."""

    count: int
    content_length: int
    sheet_mm: tuple[float, float]
    resources: bytes
    title: str


def paged_pdf(objects: PdfObjects, pages: Pages, contents: Iterator[np.ndarray]) -> FileInParts:
    """The file; contents gives arrays (some pages, content_length) of bytes, all pages in order."""
    file = _PagedFile(objects, pages)
    return FileInParts(file.parts(contents), file.length)


class _PagedFile:
    """Shared objects, a page tree of two levels, pages of one length each, the table of all offsets."""

    def __init__(self, objects: PdfObjects, pages: Pages):
        self.pages = pages
        self.first_node = _FIRST_SHARED + len(objects.bodies)
        self.first_page = self.first_node - (-pages.count // _PAGES_A_NODE)
        self.front = [_HEADER, *self._shared(objects), *self._nodes()]
        self.offsets = [*accumulate(map(len, self.front))]
        self.stride = _HEAD_ROOM + pages.content_length + _TAIL_ROOM
        self.table_at = self.offsets[-1] + pages.count * self.stride
        size = self.first_page + 2 * pages.count
        self.table_head = b"xref\n0 %d\n0000000000 65535 f \n" % size
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        self.end = trailer % (size, _CATALOG, _INFO, self.table_at)
        self.length = self.table_at + len(self.table_head) + _ENTRY_LENGTH * (size - 1) + len(self.end)

    def parts(self, contents: Iterator[np.ndarray]) -> Iterator[bytes]:
        yield from self.front
        page = 0
        for some in contents:
            yield self._wrapped(some, page)
            page += len(some)
        yield self.table_head
        yield from self._table()
        yield self.end

    def _shared(self, objects: PdfObjects) -> Iterator[bytes]:
        nodes = b" ".join(b"%d 0 R" % number for number in range(self.first_node, self.first_page))
        sheet_pt = [72 / 25.4 * side for side in self.pages.sheet_mm]
        tree = b"<</Type/Pages/Count %d/MediaBox[0 0 %.2f %.2f]/Resources<<%b>>/Kids[%b]>>"
        bodies = [
            b"<</Type/Catalog/Pages %d 0 R>>" % _PAGE_TREE,
            tree % (self.pages.count, *sheet_pt, self.pages.resources, nodes),
            b"<</Title<FEFF%b>>>" % self.pages.title.encode("utf-16-be").hex().upper().encode(),
            *objects.bodies,
        ]
        return (_written(number, body) for number, body in enumerate(bodies, start=1))

    def _nodes(self) -> Iterator[bytes]:
        for first in range(0, self.pages.count, _PAGES_A_NODE):
            count = min(_PAGES_A_NODE, self.pages.count - first)
            kids = b" ".join(b"%d 0 R" % self._page_number(page) for page in range(first, first + count))
            body = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (_PAGE_TREE, count, kids)
            yield _written(self._node_number(first), body)

    def _wrapped(self, contents: np.ndarray, first: int) -> bytes:
        """The contents of pages from `first` on as stream objects, each followed by its page object."""
        pages, length = contents.shape
        heads, tails = bytearray(), bytearray()
        for page in range(first, first + pages):
            number, node = self._page_number(page), self._node_number(page)
            heads += (b"%d 0 obj <</Length %d>>" % (number - 1, length)).ljust(_HEAD_ROOM - 7) + b"stream\n"
            entry = b"%d 0 obj <</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (number, node, number - 1)
            tails += (_END_OF_CONTENT + entry).ljust(_TAIL_ROOM - 8) + b" endobj\n"
        head, tail = (np.frombuffer(some, np.uint8).reshape(pages, -1) for some in (heads, tails))
        return np.concatenate([head, contents, tail], axis=1).tobytes()

    def _table(self) -> Iterator[bytes]:
        yield b"".join(map(_entry, self.offsets[:-1]))
        to_page = _HEAD_ROOM + self.pages.content_length + len(_END_OF_CONTENT)
        for first in range(0, self.pages.count, _PAGES_A_NODE):
            last = min(first + _PAGES_A_NODE, self.pages.count)
            starts = (self.offsets[-1] + page * self.stride for page in range(first, last))
            yield b"".join(_entry(start) + _entry(start + to_page) for start in starts)

    def _page_number(self, page: int) -> int:
        """Object number of a page, counted from 0; that of its content is one less."""
        return self.first_page + 2 * page + 1

    def _node_number(self, page: int) -> int:
        return self.first_node + page // _PAGES_A_NODE


def _written(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def _entry(offset: int) -> bytes:
    return b"%010d 00000 n \n" % offset


def _to_unicode(by_glyph: list[tuple[int, str]]) -> bytes:
    """A character map from glyph numbers, in groups of at most 100 (9.10.3)."""
    groups = [by_glyph[start : start + 100] for start in range(0, len(by_glyph), 100)]
    lines = [
        f"{len(group)} beginbfchar\n"
        + "".join(
            f"<{glyph:04X}> <{character.encode('utf-16-be').hex().upper()}>\n" for glyph, character in group
        )
        + "endbfchar\n"
        for group in groups
    ]
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{''.join(lines)}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
