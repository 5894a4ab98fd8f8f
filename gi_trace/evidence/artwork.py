"""Marks and logos that are uploaded to be printed: drawn anew in a process of their own, as photos are."""

from gi_trace.evidence.pictures import Undrawable, artwork_of
from gi_trace.labels.label_face import (
    ARTWORK_BYTES,
    ARTWORK_PIXELS,
    ARTWORK_PRINTED_PIXELS,
    NotAnArtwork,
)

PRINTABLE = ("image/png", "image/jpeg")


def drawn_anew(uploaded: bytes) -> bytes:
    """As PNG on white, no larger than it is printed. Raises NotAnArtwork, TooManyPictures."""
    if len(uploaded) > ARTWORK_BYTES:
        raise NotAnArtwork()
    try:
        media_type, drawn = artwork_of(uploaded, side=ARTWORK_PRINTED_PIXELS, most_pixels=ARTWORK_PIXELS)
    except Undrawable as why:
        raise NotAnArtwork() from why
    if media_type not in PRINTABLE:
        raise NotAnArtwork()
    return drawn
