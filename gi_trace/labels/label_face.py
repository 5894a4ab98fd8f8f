"""The fixed part of a label: its texts, the official mark and the frame of the scratch area."""

import re
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from gi_trace.errors import N_, Refused
from gi_trace.labels.fonts import Subset
from gi_trace.labels.pdf_file import PdfObjects
from gi_trace.labels.sheets import Box, LabelLayout

LARGEST_TYPE, SMALLEST_TYPE = 36, 15  # dots: 3.0 and 1.3 mm
LEADING = 1.25
ARTWORK_BYTES, ARTWORK_PIXELS = 4_000_000, 16_000_000
ARTWORK_PRINTED_PIXELS = 600
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)
# Latin words and numbers stay whole; no line begins with a closing mark or ends with an opening one.
_WORDS = re.compile(r"[（《「“]*(?:[\x21-\x7e]+|.)[）》」”，。、：；]*", re.DOTALL)


class LabelTextMissing(Refused):
    code = "label_text_missing"
    text = N_("标签缺少{missing}，不能印制。")


class LabelTextTooLong(Refused):
    code = "label_text_too_long"
    text = N_("标签文字太多，最小字号也放不下。请改用较大的标签。")


class NotAnArtwork(Refused):
    code = "not_an_artwork"
    text = N_("标志图样应为 4 MB 以内、1600 万像素以内的 PNG 或 JPEG 图片。")


@dataclass(frozen=True)
class LabelFace:
    """What every label of a print run says, as printed; artwork is the official mark as PNG or JPEG.

    basis is the standard or announcement number of a protected product, the registration number of a
    certification mark.
    """

    product: str
    enterprise: str
    uscc: str
    batch: str
    net_weight: str
    basis: str
    artwork: bytes | None = None

    def lines(self, *, in_full: bool) -> tuple[str, ...]:
        """A label too small for all texts has the first three: the pack itself carries the rest."""
        short = (self.product, self.enterprise, f"批次 {self.batch}")
        rest = (f"净含量 {self.net_weight}", f"信用代码 {self.uscc}", self.basis)
        return short + rest if in_full else short


def check_face(face: LabelFace) -> None:
    """All that CNIPA announcement 354 (2020) asks for is there, and the mark is an image."""
    named = {
        N_("产品名称"): face.product,
        N_("企业名称"): face.enterprise,
        N_("统一社会信用代码"): face.uscc,
        N_("批次号"): face.batch,
        N_("净含量"): face.net_weight,
        N_("公告号、标准号或商标注册号"): face.basis,
    }
    for name, text in named.items():
        if not text.strip():
            raise LabelTextMissing(missing=name)
    if face.artwork is not None:
        check_artwork(face.artwork)


def check_artwork(artwork: bytes) -> None:
    """A PNG or JPEG image of a sane size; NotAnArtwork otherwise, before it is unpacked."""
    _opened(artwork)


def face_content(lines: tuple[str, ...], layout: LabelLayout, font: Subset) -> bytes:
    """The drawing of the face in dots: texts in font /F, the mark /A, the frame of the scratch area."""
    drawing = [fitted_text(lines, layout.text, font)]
    if layout.mark:
        mark = layout.mark
        drawing.append(b"q %d 0 0 %d %d %d cm /A Do Q" % (mark.width, mark.height, mark.x, mark.y))
    if layout.hidden:
        frame = layout.hidden
        drawing.append(
            b"q 0.5 w [6 4] 0 d %d %d %d %d re S Q" % (frame.x, frame.y, frame.width, frame.height)
        )
    return b"\n".join(drawing)


def fitted_text(lines: tuple[str, ...], box: Box, font: Subset) -> bytes:
    """The lines, the first one larger, in the largest type that fits into a box; or LabelTextTooLong."""
    return b"\n".join(
        b"BT /F %d Tf %d %d Td %b Tj ET" % (type_size, box.x, y, font.encoded(line))
        for line, type_size, y in fitted_lines(lines, box, font)
    )


def add_artwork(objects: PdfObjects, artwork: bytes) -> bytes:
    """A reference to the mark as an image object, on white, no larger than it is printed."""
    image = _opened(artwork).convert("RGBA")
    image.thumbnail((ARTWORK_PRINTED_PIXELS, ARTWORK_PRINTED_PIXELS))
    page = Image.new("RGBA", (max(image.size),) * 2, "white")
    page.alpha_composite(image, ((page.width - image.width) // 2, (page.height - image.height) // 2))
    pixels = zlib.compress(page.convert("RGB").tobytes())
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
    return objects.add_stream(entries % page.size + b"/Filter/FlateDecode", pixels)


def _opened(artwork: bytes) -> Image.Image:
    if len(artwork) > ARTWORK_BYTES:
        raise NotAnArtwork()
    try:
        image = Image.open(BytesIO(artwork), formats=("PNG", "JPEG"))
        if image.width * image.height > ARTWORK_PIXELS:
            raise NotAnArtwork()
        image.load()
    except UNREADABLE as error:
        raise NotAnArtwork() from error
    return image


def fitted_lines(lines: tuple[str, ...], box: Box, font: Subset) -> list[tuple[str, int, int]]:
    """(line, type size, baseline) of every line."""
    for type_size in range(LARGEST_TYPE, SMALLEST_TYPE - 1, -1):
        placed: list[tuple[str, int, int]] = []
        top = box.y + box.height
        for number, text in enumerate(lines):
            size = type_size * 5 // 4 if number == 0 else type_size
            for line in _wrapped(text, 1000 * box.width // size, font):
                top -= round(size * LEADING)
                placed.append((line, size, top + size // 4))
        if top >= box.y and all(font.width(line) * size <= 1000 * box.width for line, size, _ in placed):
            return placed
    raise LabelTextTooLong()


def _wrapped(text: str, width: int, font: Subset) -> list[str]:
    """Lines of at most a width, in thousandths of the type size."""
    lines = [""]
    for word in _WORDS.findall(text):
        if lines[-1] and font.width(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return [line.rstrip() for line in lines]
