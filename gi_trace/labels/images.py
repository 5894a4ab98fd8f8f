"""Symbols as PNG and SVG images, one by one or as a ZIP archive, with their quiet zone."""

import re
import zlib
from collections.abc import Callable
from struct import pack
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZipFile, ZipInfo

import numpy as np

from gi_trace.errors import N_, Refused
from gi_trace.labels.download import FileOnDisk, Units
from gi_trace.labels.sheets import DOTS_PER_MM, PAPER, QUIET_MODULES
from gi_trace.labels.symbols import packed_rows, symbols_of

PIXELS_PER_MODULE = 8  # one byte of a row of black and white pixels
WHITE, UP = 255, 2  # eight white pixels; the filter that takes the line above (PNG, 9.2)
LARGEST_ZIP = 20_000  # its table of contents stays in memory to the end
IMAGES_AT_ONCE = 100
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # an archive of today is the same bytes tomorrow
MODULE_MM = 5 / DOTS_PER_MM[PAPER]  # 0.42, of an image placed at its own size
PIXELS_PER_METRE = round(1000 * PIXELS_PER_MODULE / MODULE_MM)
_RUN = re.compile("1+")


class TooManyImages(Refused):
    code = "too_many_images"
    text = N_("一次最多下载 {most} 张图片，本次有 {asked} 张。请分段下载，或改用 PDF 或 CSV。")


def image_zip(units: Units, prefix: str, kind: str, level: str = "M") -> FileOnDisk:
    """One image per unit, named by number and code; kind is "png" or "svg"."""
    if len(units) > LARGEST_ZIP:
        raise TooManyImages(most=LARGEST_ZIP, asked=len(units))
    symbols, images = symbols_of(prefix, level), IMAGES[kind]

    def write(file: IO[bytes]) -> None:
        with ZipFile(file, "w") as archive:
            for some in units.chunks(IMAGES_AT_ONCE):
                drawn = images(symbols.draw(some.letters()))
                for unit, (code, image) in enumerate(zip(some.codes(), drawn, strict=True), start=some.first):
                    archive.writestr(ZipInfo(f"{unit:07d}-{code}.{kind}", FIXED_DATE), image)

    return FileOnDisk(write)


def png_images(symbols: np.ndarray) -> list[bytes]:
    """Black and white PNGs of symbols (codes, size), eight pixels a module, the quiet zone included.

    They say how large a pixel is (pHYs): at its own size a module is 0.42 mm.
    """
    codes, size = symbols.shape
    modules = size + 2 * QUIET_MODULES
    side = modules * PIXELS_PER_MODULE
    # The first line of a module row is plain, the others say "as above": nearly all zeros, packed at once.
    lines = np.zeros((codes, modules, PIXELS_PER_MODULE, 1 + modules), np.uint8)
    lines[:, :, 0, 1:] = WHITE
    lines[:, :, 1:, 0] = UP
    inner = slice(QUIET_MODULES, QUIET_MODULES + size)
    dark = np.unpackbits(packed_rows(symbols), axis=2)[:, :, :size]
    lines[:, inner, 0, 1:][:, :, inner] *= 1 - dark
    header = _chunk(b"IHDR", pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    scale = _chunk(b"pHYs", pack(">IIB", PIXELS_PER_METRE, PIXELS_PER_METRE, 1))  # 1: to the metre
    start, end = b"\x89PNG\r\n\x1a\n" + header + scale, _chunk(b"IEND", b"")
    return [start + _chunk(b"IDAT", zlib.compress(image.tobytes(), 1)) + end for image in lines]


def svg_images(symbols: np.ndarray, *, module_mm: float = MODULE_MM, title: str = "") -> list[bytes]:
    """SVGs of symbols (codes, size), one unit a module, the quiet zone included, as large as the PNGs unless said."""
    size = symbols.shape[1]
    side, bits = size + 2 * QUIET_MODULES, 8 * symbols.itemsize
    wide = f'width="{side * module_mm:.3f}mm" height="{side * module_mm:.3f}mm"'
    named = f"<title>{escape(title)}</title>" if title else ""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" {wide} viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'{named}<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_outline(symbol, bits)}"/></svg>'.encode()
        for symbol in symbols.tolist()
    ]


IMAGES: dict[str, Callable[[np.ndarray], list[bytes]]] = {"png": png_images, "svg": svg_images}


def _outline(rows: list[int], bits: int) -> str:
    """A rectangle for every run of dark modules."""
    return "".join(
        f"M{run.start() + QUIET_MODULES} {row + QUIET_MODULES}h{len(run[0])}v1h-{len(run[0])}z"
        for row, word in enumerate(rows)
        for run in _RUN.finditer(f"{word:0{bits}b}")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))
