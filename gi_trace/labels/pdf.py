"""Label sheets as PDF. Pages measure in dots; /L is the fixed part of a label, drawn once for the file."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gi_trace.codes.unit_code import ALPHABET
from gi_trace.labels.download import FileInParts, Units
from gi_trace.labels.fonts import CHINESE, MONOSPACED, characters_of, subset_of
from gi_trace.labels.label_block import PLACE_LENGTH, LabelBlock
from gi_trace.labels.label_face import LabelFace, add_artwork, check_face, face_content
from gi_trace.labels.pdf_file import IN_DOTS, Pages, PdfObjects, paged_pdf
from gi_trace.labels.sheets import (
    COMFORTABLE_MODULE,
    LabelLayout,
    SheetTemplate,
    check_template,
    corners,
    cut_marks,
    layout,
    module_of,
)
from gi_trace.labels.symbols import LEVELS, AddressTooLong, size_of, smallest_version, symbols_of

LABELS_AT_ONCE = 480
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Resources<<%b>>"
_BLANK = ord(" ")


@dataclass(frozen=True)
class SheetOptions:
    """How a print run is put on sheets; start is the first cell used on the first sheet, from 1."""

    level: str | None = None  # of error correction, else the strongest whose modules stay comfortable
    start: int = 1
    with_cut_marks: bool = False
    with_hidden: bool = False


def pdf_sheet(
    face: LabelFace, units: Units, template: SheetTemplate, prefix: str, options: SheetOptions | None = None
) -> FileInParts:
    """The labels of some units, byte for byte the same each time.

    prefix is the printed address before the code. Refuses what cannot be printed, before the first byte.
    """
    options = options or SheetOptions()
    check_face(face)
    check_template(template, options.start)
    symbols = symbols_of(prefix, options.level or best_level(template, prefix))
    places = layout(
        template, symbols.size, with_mark=face.artwork is not None, with_hidden=options.with_hidden
    )
    block = LabelBlock(places, symbols)
    objects = PdfObjects()
    resources = _resources(objects, face, places, template)
    head = IN_DOTS + (b"/K Do\n" if options.with_cut_marks else b"")
    pages = Pages(
        count=-(-(options.start - 1 + len(units)) // template.labels),
        content_length=len(head) + template.labels * block.length,
        sheet_mm=template.sheet_mm,
        resources=resources,
        title=f"{face.product} {face.batch} {units.first}–{units.last}",
    )
    return paged_pdf(objects, pages, _contents(head, block, template, units, options.start - 1))


def best_level(template: SheetTemplate, prefix: str) -> str:
    """The strongest error correction whose modules stay comfortable to scan; the weakest if none does.

    A patch of 15 % of the symbol is more than level M can lose, and less than level H can.
    """
    for level in reversed(LEVELS):
        try:
            size = size_of(smallest_version(prefix, level))
        except AddressTooLong:
            continue
        if module_of(template, size) >= COMFORTABLE_MODULE:
            return level
    return "L"


def _resources(objects: PdfObjects, face: LabelFace, places: LabelLayout, template: SheetTemplate) -> bytes:
    """Font /M, the face of a label /L and the cut marks /K."""
    lines = face.lines(in_full=template.in_full)
    chinese = subset_of(CHINESE, characters_of(*lines))
    inside = b"/Font<</F %b>>" % objects.add_font(chinese)
    if face.artwork and places.mark:
        inside += b"/XObject<</A %b>>" % add_artwork(objects, face.artwork)
    drawing = face_content(lines, places, chinese)
    label = objects.add_stream(FORM % (places.width, places.height, inside), drawing)
    marks = objects.add_stream(FORM % (*template.sheet_dots, b""), cut_marks(template))
    monospaced = objects.add_latin_font(subset_of(MONOSPACED, characters_of(ALPHABET, " -")))
    return b"/Font<</M %b>>/XObject<</L %b/K %b>>" % (monospaced, label, marks)


def _contents(
    head: bytes, block: LabelBlock, template: SheetTemplate, units: Units, skipped: int
) -> Iterator[np.ndarray]:
    """The contents of the pages. A cell without a label is blank, so that all pages have one length."""
    per_page = template.labels
    cells = per_page * max(1, LABELS_AT_ONCE // per_page)
    places = b"".join(b"%04d %04d" % corner for corner in corners(template)) * (cells // per_page)
    place = np.frombuffer(places, np.uint8).reshape(cells, PLACE_LENGTH)
    end = skipped + len(units)
    for first in range(0, end, cells):
        blank, used = max(0, skipped - first), min(cells, end - first)
        labels = np.full((-(-used // per_page) * per_page, block.length), _BLANK, np.uint8)
        some = units.part(first + blank - skipped, first + used - skipped)
        labels[blank:used] = block.filled(some, place[blank:used])
        pages = labels.reshape(-1, per_page * block.length)
        yield np.hstack([np.tile(np.frombuffer(head, np.uint8), (len(pages), 1)), pages])
