"""A page to print before the labels: where they will stand, two rulers to measure, a symbol to scan."""

import numpy as np

from gi_trace.labels.arranging import arranged
from gi_trace.labels.download import FileInParts
from gi_trace.labels.fonts import CHINESE, Subset, characters_of, subset_of
from gi_trace.labels.label_block import image_mask, in_hexadecimal
from gi_trace.labels.layouts import Layout, check_layout
from gi_trace.labels.pdf import shown_lines
from gi_trace.labels.pdf_file import IN_DOTS, Pages, PdfObjects, paged_pdf
from gi_trace.labels.sheets import Box, LabelPlan, cells, corners, dots, plan_of
from gi_trace.labels.symbols import symbol_of
from gi_trace.labels.typesetting import fitted_lines

LONGEST_RULER_MM = 100
TICK_MM = {10: 2.2, 5: 1.6}
NUMBER_TYPE = 18
FREE = 17  # the quiet zone of the symbol
ACROSS, UPWARDS = b"1 0 0 1", b"0 1 -1 0"
TEXTS = ("请扫码试读", "打印时选「实际大小」", "尺上每格 1 毫米")


def trial_page(layout: Layout, address: str) -> FileInParts:
    """The page for a layout; the symbol in its first label leads to an address."""
    check_layout(layout)
    placed = arranged(layout)
    symbol, font = symbol_of(address), subset_of(CHINESE, characters_of(*TEXTS, "0123456789"))
    plan = plan_of(placed, symbol.shape[1])
    text = _beside_symbol(plan)
    drawing = [
        IN_DOTS,
        *(b"%d %d %d %d re S" % (*cell, plan.width, plan.height) for cell in cells(placed)),
        *_rulers(placed, plan, font),
        b"q 1 0 0 1 %d %d cm" % corners(placed)[0],
        shown_lines(fitted_lines([(line, False) for line in TEXTS], text, font), font),
        image_mask(plan.symbol, symbol.shape[1], in_hexadecimal(symbol).tobytes().decode()).encode(),
        b"Q",
    ]
    content = np.frombuffer(b"\n".join(drawing), np.uint8)[np.newaxis]
    objects = PdfObjects()
    resources = b"/Font<</F %b>>" % objects.add_font(font)
    sheet_mm = (placed.page[0] / 10, placed.page[1] / 10)
    pages = Pages(1, content.shape[1], sheet_mm, resources, layout.title)
    return paged_pdf(objects, pages, iter([content]))


def _beside_symbol(plan: LabelPlan) -> Box:
    """What is left of the label on the wider side of its symbol, apart from where a ruler stands."""
    free, tick = dots(FREE), dots(10 * TICK_MM[10])
    left = plan.symbol.x + plan.symbol.width + free
    return Box(left, 2 * tick, plan.width - left - 2 * tick, plan.height - 3 * tick)


def _rulers(layout: Layout, plan: LabelPlan, font: Subset) -> list[bytes]:
    """One across from the lowest label at the left, one upwards from the lowest at the right."""
    edge = dots(layout.edge)
    width, height = dots(layout.page[0]), dots(layout.page[1])
    (left, foot), (right, _) = cells(layout)[-layout.grid[0]], cells(layout)[-1]
    start, end = max(left, edge), min(right + plan.width, width - edge)
    foot = max(foot, edge)
    return [
        _ruler(ACROSS, (start, foot), width - start - edge, font),
        _ruler(UPWARDS, (end, foot), height - foot - edge, font),
    ]


def _ruler(direction: bytes, start: tuple[int, int], room: int, font: Subset) -> bytes:
    """The longest ruler of whole centimetres that has room, ticks to its left side."""
    length = min(LONGEST_RULER_MM, room // dots(100) * 10)
    drawing = [b"q %b %d %d cm 0 0 m %d 0 l" % (direction, *start, dots(10 * length))]
    for millimetre in range(length + 1):
        tick = next((TICK_MM[step] for step in TICK_MM if millimetre % step == 0), 1)
        drawing.append(b"%d 0 m %d %d l" % (dots(10 * millimetre), dots(10 * millimetre), dots(10 * tick)))
    drawing.append(b"S")
    for centimetre in range(1, length // 10):
        number = font.encoded(str(10 * centimetre))
        place = dots(100 * centimetre) + 4, dots(10 * TICK_MM[10]) - NUMBER_TYPE // 2
        drawing.append(b"BT /F %d Tf %d %d Td %b Tj ET" % (NUMBER_TYPE, *place, number))
    return b"\n".join([*drawing, b"Q"])
