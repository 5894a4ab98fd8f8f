"""A sample's symbol at its exact size, for whoever designs a box: SVG and PDF, the quiet zone included.

The code in it says that it is a sample; the real ones are printed on labels, one for each box.
"""

import numpy as np

from gi_trace.errors import N_, Refused
from gi_trace.labels.download import FileInParts, Units
from gi_trace.labels.images import svg_images
from gi_trace.labels.label_block import in_hexadecimal
from gi_trace.labels.pdf_file import Pages, PdfObjects, paged_pdf
from gi_trace.labels.sheets import QUIET_MODULES, SMALLEST_MODULE_MM
from gi_trace.labels.symbols import Symbols, symbols_of

POINTS_PER_MM = 72 / 25.4
TITLE = "样张 SAMPLE"


class ArtworkTooSmall(Refused):
    code = "artwork_too_small"
    text = N_("二维码边长至少 {least_mm} 毫米，再小手机读不出。")


def box_artwork(sample: Units, prefix: str, level: str, side: int, kind: str) -> bytes:
    """`side` of the symbol without its quiet zone, in tenths of a millimetre; kind is "svg" or "pdf"."""
    symbols = symbols_of(prefix, level)
    if side < (least := -int(-SMALLEST_MODULE_MM * 10 * symbols.size // 1)):
        raise ArtworkTooSmall(least_mm=least / 10)
    draw = {"svg": _svg, "pdf": _pdf}[kind]
    return draw(symbols, sample, side / 10)


def full_side(symbols: Symbols, side_mm: float) -> float:
    """With the quiet zone."""
    return side_mm * (symbols.size + 2 * QUIET_MODULES) / symbols.size


def _svg(symbols: Symbols, sample: Units, side_mm: float) -> bytes:
    drawn = symbols.draw(sample.letters())
    [image] = svg_images(drawn, module_mm=side_mm / symbols.size, title=TITLE)
    return image


def _pdf(symbols: Symbols, sample: Units, side_mm: float) -> bytes:
    full, side = full_side(symbols, side_mm), POINTS_PER_MM * side_mm
    quiet = POINTS_PER_MM * (full - side_mm) / 2
    modules = in_hexadecimal(symbols.draw(sample.letters())).tobytes()
    drawing = b"%.4f 0 0 %.4f %.4f %.4f cm BI /W %d /H %d /IM true /D [1 0] /F /AHx ID %b> EI" % (
        *(side, side, quiet, quiet),
        *(symbols.size, symbols.size, modules),
    )
    pages = Pages(1, len(drawing), (full, full), b"", TITLE)
    file: FileInParts = paged_pdf(PdfObjects(), pages, iter([np.frombuffer(drawing, np.uint8)[np.newaxis]]))
    return b"".join(file.parts)
