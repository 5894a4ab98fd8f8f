"""Label sheets as PDF. Pages measure in dots; /L is the fixed part of a label, drawn once for the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from gi_trace.codes.unit_code import ALPHABET
from gi_trace.labels.download import FileInParts, Units
from gi_trace.labels.fonts import MONOSPACED, Subset, characters_of, subset_of
from gi_trace.labels.label_block import PLACE_LENGTH, LabelBlock
from gi_trace.labels.label_face import LabelFace, add_artwork
from gi_trace.labels.layouts import LabelPart, Layout, check_layout
from gi_trace.labels.pdf_file import IN_DOTS, Pages, PdfObjects, paged_pdf
from gi_trace.labels.sheets import corners, cut_marks, dots
from gi_trace.labels.typesetting import SetLine, Typeset, typeset

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
    face: LabelFace, units: Units, layout: Layout, prefix: str, options: SheetOptions | None = None
) -> FileInParts:
    """The labels of some units, byte for byte the same each time.

    prefix is the printed address before the code. Refuses what cannot be printed, before the first byte.
    """
    options = options or SheetOptions()
    check_layout(layout, options.start)
    label = typeset(face, layout, prefix, options.level, with_hidden=options.with_hidden)
    block = LabelBlock(label)
    objects = PdfObjects()
    resources = _resources(objects, label)
    head = IN_DOTS + (b"/K Do\n" if options.with_cut_marks else b"")
    pages = Pages(
        count=-(-(options.start - 1 + len(units)) // layout.labels),
        content_length=len(head) + layout.labels * block.length,
        sheet_mm=(layout.page[0] / 10, layout.page[1] / 10),
        resources=resources,
        title=f"{face.product} {face.batch} {units.first}–{units.last}",
    )
    return paged_pdf(objects, pages, _contents(head, block, label.layout, units, options.start - 1))


def shown_lines(lines: Iterable[SetLine], font: Subset) -> bytes:
    """Lines in font /F."""
    return b"\n".join(
        b"BT /F %d Tf %d %d Td %b Tj ET" % (line.type_size, line.x, line.y, font.encoded(line.text))
        for line in lines
    )


def _resources(objects: PdfObjects, label: Typeset) -> bytes:
    """Font /M, the face of a label /L and the cut marks /K."""
    plan, layout = label.plan, label.layout
    images = [(b"/A%d" % number, *picture) for number, picture in enumerate(label.pictures)]
    drawing = [shown_lines(label.lines, label.font)]
    drawing += [
        b"q %d 0 0 %d %d %d cm %b Do Q" % (b.width, b.height, b.x, b.y, name) for name, b, _ in images
    ]
    if label.hidden:
        frame = plan.boxes[LabelPart.HIDDEN]
        outline = (frame.x, frame.y, frame.width, frame.height)
        drawing.append(b"q 0.5 w [6 4] 0 d %d %d %d %d re S Q" % outline)
    inside = b"/Font<</F %b>>" % objects.add_font(label.font)
    inside += b"/XObject<<%b>>" % b"".join(
        b"%b %b" % (name, add_artwork(objects, image)) for name, _, image in images
    )
    face = objects.add_stream(FORM % (plan.width, plan.height, inside), b"\n".join(drawing))
    page = dots(layout.page[0]), dots(layout.page[1])
    marks = objects.add_stream(FORM % (*page, b""), cut_marks(layout))
    monospaced = objects.add_latin_font(subset_of(MONOSPACED, characters_of(ALPHABET, " -")))
    return b"/Font<</M %b>>/XObject<</L %b/K %b>>" % (monospaced, face, marks)


def _contents(
    head: bytes, block: LabelBlock, layout: Layout, units: Units, skipped: int
) -> Iterator[np.ndarray]:
    """The contents of the pages. A cell without a label is blank, so that all pages have one length."""
    per_page = layout.labels
    cells = per_page * max(1, LABELS_AT_ONCE // per_page)
    places = b"".join(b"%04d %04d" % corner for corner in corners(layout)) * (cells // per_page)
    place = np.frombuffer(places, np.uint8).reshape(cells, PLACE_LENGTH)
    end = skipped + len(units)
    for first in range(0, end, cells):
        blank, used = max(0, skipped - first), min(cells, end - first)
        labels = np.full((-(-used // per_page) * per_page, block.length), _BLANK, np.uint8)
        some = units.part(first + blank - skipped, first + used - skipped)
        labels[blank:used] = block.filled(some, place[blank:used])
        pages = labels.reshape(-1, per_page * block.length)
        yield np.hstack([np.tile(np.frombuffer(head, np.uint8), (len(pages), 1)), pages])
