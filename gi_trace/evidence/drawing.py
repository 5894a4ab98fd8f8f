"""The process that unpacks one picture and ends: `pictures.py` starts it, by its path, so that it loads nothing else.

    drawing.py copy|artwork|symbols SIDE MOST_PIXELS < photo

First a line with the media type that the photo is of, then the copy as JPEG, as PNG to be printed, or the texts of QR
symbols as JSON. What it takes is bounded here, before anything is read; status 1 when there is nothing to show.
"""

import io
import json
import os
import resource
import sys
import warnings

from PIL import Image, ImageOps

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
UNREADABLE = (OSError, SyntaxError, ValueError, MemoryError, Warning, Image.DecompressionBombError)


class NoPicture(ValueError):
    """Nothing of the kinds above, or too much of it."""


def main(task: str, side: int, most_pixels: int) -> None:
    photo, answer = sys.stdin.buffer.read(), sys.stdout.buffer
    answer.write(f"{media_type_of(photo)}\n".encode())
    answer.flush()  # told also when the rest takes too long
    picture = picture_of(photo, side, most_pixels)
    if task == "copy":
        picture.save(answer, "JPEG", quality=QUALITY)
    elif task == "artwork":
        picture.save(answer, "PNG")
    else:
        answer.write(json.dumps(symbols_in(picture)).encode())


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


def picture_of(photo: bytes, side: int, most_pixels: int) -> Image.Image:
    """Upright, in RGB on white, no side longer than `side`, without metadata."""
    with Image.open(io.BytesIO(photo), formats=FORMATS) as opened:
        scans = photo.count(b"\xff\xda") if MEDIA_TYPES[opened.format or ""] == "image/jpeg" else 1
        if opened.width * opened.height > most_pixels or scans > MOST_SCANS:
            raise NoPicture
        opened.draft("RGB", (side, side))
        opened.thumbnail((side, side))
        upright = ImageOps.exif_transpose(opened)
    plain, drawn = Image.new("RGB", upright.size, "white"), upright.convert("RGBA")
    plain.paste(drawn, mask=drawn)
    return plain


def symbols_in(picture: Image.Image) -> list[str]:
    import zxingcpp

    formats = zxingcpp.barcode_formats_from_str("QRCode")
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"), formats=formats)]


if __name__ == "__main__":
    take_little()
    try:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    except UNREADABLE:
        sys.exit(1)
