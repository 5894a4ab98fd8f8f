"""A page to print before the labels: where they will stand, two rulers to measure, a symbol to scan."""

from dataclasses import replace

import numpy as np

from gi_trace.labels.download import FileInParts
from gi_trace.labels.fonts import CHINESE, Subset, characters_of, subset_of
from gi_trace.labels.label_block import image_mask, in_hexadecimal
from gi_trace.labels.label_face import fitted_text
from gi_trace.labels.pdf_file import IN_DOTS, Pages, PdfObjects, paged_pdf
from gi_trace.labels.sheets import (
    DOTS_PER_MM,
    LabelLayout,
    SheetTemplate,
    check_template,
    corners,
    dots,
    layout,
)
from gi_trace.labels.symbols import symbol_of

LONGEST_RULER_MM = 100
TICK_MM = {10: 2.2, 5: 1.6}
NUMBER_TYPE = 18
ACROSS, UPWARDS = b"1 0 0 1", b"0 1 -1 0"
TEXTS = ("请扫码试读", "打印时选「实际大小」", "尺上每格 1 毫米")


def trial_page(template: SheetTemplate, address: str) -> FileInParts:
    """The page for a template; the symbol in its first label leads to an address."""
    check_template(template)
    symbol, font = symbol_of(address), subset_of(CHINESE, characters_of(*TEXTS, "0123456789"))
    places = layout(template, symbol.shape[1], with_mark=False, with_hidden=False)
    text = replace(places.text, width=places.text.width - dots(TICK_MM[10]))
    drawing = [
        IN_DOTS,
        *(b"%d %d %d %d re S" % (*corner, places.width, places.height) for corner in corners(template)),
        *_rulers(template, places, font),
        b"q 1 0 0 1 %d %d cm" % corners(template)[0],
        fitted_text(TEXTS, text, font),
        image_mask(places.symbol, symbol.shape[1], in_hexadecimal(symbol).tobytes().decode()).encode(),
        b"Q",
    ]
    content = np.frombuffer(b"\n".join(drawing), np.uint8)[np.newaxis]
    objects = PdfObjects()
    resources = b"/Font<</F %b>>" % objects.add_font(font)
    pages = Pages(1, content.shape[1], template.sheet_mm, resources, template.title)
    return paged_pdf(objects, pages, iter([content]))


def _rulers(template: SheetTemplate, places: LabelLayout, font: Subset) -> list[bytes]:
    """One across from the lowest label at the left, one upwards from the lowest at the right."""
    margin = places.code.x
    (left, foot), (right, _) = corners(template)[-template.grid[0]], corners(template)[-1]
    width, height = template.sheet_dots
    start, end, foot = left + margin, right + places.width - margin, foot + margin
    return [
        _ruler(ACROSS, (start, foot), width - start, font),
        _ruler(UPWARDS, (end, foot), height - foot, font),
    ]


def _ruler(direction: bytes, start: tuple[int, int], room: int, font: Subset) -> bytes:
    """The longest ruler of whole centimetres that has room, ticks to its left side."""
    length = min(LONGEST_RULER_MM, int(room / DOTS_PER_MM) // 10 * 10)
    drawing = [b"q %b %d %d cm 0 0 m %d 0 l" % (direction, *start, dots(length))]
    for millimetre in range(length + 1):
        tick = next((TICK_MM[step] for step in TICK_MM if millimetre % step == 0), 1)
        drawing.append(b"%d 0 m %d %d l" % (dots(millimetre), dots(millimetre), dots(tick)))
    drawing.append(b"S")
    for centimetre in range(1, length // 10):
        number = font.encoded(str(10 * centimetre))
        place = dots(10 * centimetre) + 4, dots(TICK_MM[10]) - NUMBER_TYPE // 2
        drawing.append(b"BT /F %d Tf %d %d Td %b Tj ET" % (NUMBER_TYPE, *place, number))
    return b"\n".join([*drawing, b"Q"])
