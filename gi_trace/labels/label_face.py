"""The fixed part of a label: its texts, the official mark and the firm's own."""

import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from gi_trace.errors import N_, Refused
from gi_trace.labels.layouts import OWED, TEXTS, LabelPart
from gi_trace.labels.pdf_file import PdfObjects

ARTWORK_BYTES, ARTWORK_PIXELS = 4_000_000, 16_000_000
ARTWORK_PRINTED_PIXELS = 600
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)
UNIT_WORD = "件号 "
_WORDS = {
    LabelPart.BATCH: "批次 ",
    LabelPart.NET_WEIGHT: "净含量 ",
    LabelPart.SEASON: "产季 ",
    LabelPart.PACKED_ON: "包装日期 ",
    LabelPart.BEST_BEFORE: "保质期至 ",
    LabelPart.USCC: "信用代码 ",
    LabelPart.ADDRESS: "地址 ",
    LabelPart.WEBSITE: "查验 ",
}


class LabelTextMissing(Refused):
    code = "label_text_missing"
    text = N_("标签缺少{missing}，不能印制。")


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
    mark_text: str = ""
    age: str = ""
    season: str = ""
    packed_on: str = ""
    best_before: str = ""
    address: str = ""
    website: str = ""
    artwork: bytes | None = None

    def text(self, part: LabelPart) -> str:
        """With the word before it; empty where there is nothing to say."""
        said = getattr(self, part)
        return f"{_WORDS.get(part, '')}{said}" if said else ""

    @property
    def characters(self) -> str:
        return UNIT_WORD + "".join(self.text(part) for part in TEXTS)


def check_face(face: LabelFace) -> None:
    """All that CNIPA announcement 354 (2020) asks for is there, and the mark is an image."""
    for part in OWED:
        if not getattr(face, part).strip():
            raise LabelTextMissing(missing=_asked(part))
    if face.artwork is not None:
        check_artwork(face.artwork)


def check_artwork(artwork: bytes) -> None:
    """A PNG or JPEG image of a sane size; NotAnArtwork otherwise, before it is unpacked."""
    opened(artwork)


def add_artwork(objects: PdfObjects, artwork: bytes) -> bytes:
    """A reference to the mark as an image object, on white, no larger than it is printed."""
    page = on_white(artwork, ARTWORK_PRINTED_PIXELS)
    pixels = zlib.compress(page.tobytes())
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
    return objects.add_stream(entries % page.size + b"/Filter/FlateDecode", pixels)


def on_white(artwork: bytes, side: int) -> Image.Image:
    """No side longer than so many pixels; in RGB."""
    image = opened(artwork).convert("RGBA")
    image.thumbnail((side, side))
    page = Image.new("RGBA", image.size, "white")
    page.alpha_composite(image)
    return page.convert("RGB")


def opened(artwork: bytes) -> Image.Image:
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


def _asked(part: LabelPart) -> str:
    return N_("公告号、标准号或商标注册号") if part is LabelPart.BASIS else part.label
