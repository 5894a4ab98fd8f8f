"""The process that unpacks one picture and ends: `pictures.py` starts it, by its path, so that it loads nothing else.

    drawing.py copy|artwork|symbols SIDE MOST_PIXELS < photo

First a line with the media type that the photo is of, then the copy as JPEG, as PNG to be printed, or as JSON the texts
of all QR symbols and why there are none. What it takes is bounded here, before anything is read; status 1 when there is
nothing to show.
"""

import io
import json
import os
import resource
import sys
import warnings
from typing import Any

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# MPO: a JPEG with more pictures behind the first (depth, brightness), as many phones write them.
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}
CPU_SECONDS, MEMORY = 10, 1024**3  # a HEIC of 48 million pixels takes 4 s and 0.8 GB
MOST_SCANS = 40  # of a JPEG; cameras write 1 or some 10, and each costs as much as a picture
QUALITY = 85
LOOKED_AT = 1000  # pixels of the longer side, where light and sharpness are measured
FLAT = 1.5  # spread of light, of 255, below which there is nothing that could be sharp
# Share of that spread within 1 to 3 pixels: 0.3 of a sharp label, 0.13 of the last that is read, 0.04 of one out of focus,
# whatever the grain of the film.
BLURRED = 0.1
DARK, GLARING, MOST_GLARE = (
    45,
    250,
    0.05,
)  # mean light; light of a lamp's reflection; its share of the picture
SMALL = 0.06  # of the shorter side: a symbol that the decoder found and could not read
UNREADABLE = (OSError, SyntaxError, ValueError, MemoryError, Warning, Image.DecompressionBombError)


class NoPicture(ValueError):
    """Nothing of the kinds above, or too much of it."""


def main(task: str, side: int, most_pixels: int) -> None:
    photo, answer = sys.stdin.buffer.read(), sys.stdout.buffer
    answer.write(f"{media_type_of(photo)}\n".encode())
    answer.flush()  # told also when the rest takes too long
    if task == "copy":
        picture_of(photo, side, most_pixels).save(answer, "JPEG", quality=QUALITY)
    elif task == "artwork":
        picture_of(photo, side, most_pixels).save(answer, "PNG")
    else:
        answer.write(json.dumps(symbols_of(photo, side, most_pixels)).encode())


def take_little() -> None:
    """A picture in thousand pieces, or none of ours, ends here and not the machine."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # whoever checks a code goes first
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def media_type_of(photo: bytes) -> str:
    """By what the bytes are. Of a HEIC photo its name is enough: one that cannot be drawn is a photo all the same."""
    if photo[4:8] == b"ftyp" and photo[8:12] in (
        b"heic",
        b"heix",
        b"hevc",
        b"heim",
        b"heis",
        b"mif1",
        b"msf1",
    ):
        from pillow_heif import register_heif_opener

        register_heif_opener()
        return MEDIA_TYPES["HEIF"]
    with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as opened:
        opened.verify()
        return MEDIA_TYPES[opened.format or ""]


def picture_of(photo: bytes, side: int, most_pixels: int, paper: str = "white") -> Image.Image:
    """Upright, in RGB on paper of that colour, no side longer than `side`, without metadata."""
    with Image.open(io.BytesIO(photo), formats=FORMATS) as opened:
        scans = photo.count(b"\xff\xda") if MEDIA_TYPES[opened.format or ""] == "image/jpeg" else 1
        if opened.width * opened.height > most_pixels or scans > MOST_SCANS:
            raise NoPicture
        opened.draft("RGB", (side, side))
        opened.thumbnail((side, side))
        upright = ImageOps.exif_transpose(opened)
    plain, drawn = Image.new("RGB", upright.size, paper), upright.convert("RGBA")
    plain.paste(drawn, mask=drawn)
    return plain


def symbols_of(photo: bytes, side: int, most_pixels: int) -> tuple[list[str], str]:
    """Texts of all QR symbols, and where there are none why: small, dark, glare, blurred or none."""
    import zxingcpp

    formats = zxingcpp.barcode_formats_from_str("QRCode")
    light = picture_of(photo, side, most_pixels).convert("L")
    found = zxingcpp.read_barcodes(light, formats=formats, return_errors=True)
    if not any(one.valid for one in found) and _has_holes(
        photo
    ):  # white modules on nothing are white on white
        light = picture_of(photo, side, most_pixels, paper="black").convert("L")
        found = zxingcpp.read_barcodes(light, formats=formats, return_errors=True)
    texts = list(dict.fromkeys(one.text for one in found if one.valid))
    return texts, "" if texts else trouble_of(light, [_width(one.position) for one in found])


def trouble_of(light: Image.Image, widths: list[int]) -> str:
    """What a person would do better: by the symbol that was found and not read, else by the light and its edges."""
    small = light.copy()
    small.thumbnail((LOOKED_AT, LOOKED_AT))
    told = ImageStat.Stat(small)
    spread, mean = told.stddev[0], told.mean[0]
    if mean < DARK:
        return "dark"
    if spread < FLAT:
        return "none"
    if sum(small.histogram()[GLARING:]) > MOST_GLARE * small.width * small.height:
        return "glare"
    near, far = (small.filter(ImageFilter.GaussianBlur(pixels)) for pixels in (1, 3))
    if ImageStat.Stat(ImageChops.subtract(near, far, 1, 128)).stddev[0] < BLURRED * spread:
        return "blurred"
    return "small" if widths and max(widths) < SMALL * min(light.size) else "none"


def _has_holes(photo: bytes) -> bool:
    with Image.open(io.BytesIO(photo), formats=FORMATS) as opened:
        return "A" in opened.getbands() or "transparency" in opened.info


def _width(position: Any) -> int:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return max(corner.x for corner in corners) - min(corner.x for corner in corners)


if __name__ == "__main__":
    take_little()
    try:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    except UNREADABLE:
        sys.exit(1)
