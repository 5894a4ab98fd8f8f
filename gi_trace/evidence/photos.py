"""Photos as people's phones take them, unpacked with care. Pure."""

from functools import cache
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)


class Undrawable(ValueError):
    """No photo of these kinds, a damaged one, or one of too many pixels."""


def picture_of(photo: Path | BinaryIO, *, side: int, most_pixels: int) -> Image.Image:
    """Upright, in RGB on white, no side longer than `side`, without metadata. Raises Undrawable."""
    _learn_heic()
    try:
        with Image.open(photo, formats=FORMATS) as opened:
            if opened.width * opened.height > most_pixels:
                raise Undrawable
            opened.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(opened)
    except UNREADABLE as error:
        raise Undrawable from error
    upright.thumbnail((side, side))
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright.convert("RGB"))
    return plain


@cache
def _learn_heic() -> None:
    from pillow_heif import register_heif_opener  # 20 MB that only a process which meets photos should hold

    register_heif_opener()
