"""Photos on disk: originals untouched under their SHA-256, parts while they arrive, copies for viewing."""

import hashlib
import os
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from gi_trace.evidence.photos import Undrawable, picture_of
from gi_trace.evidence.rules import NotAPhoto, PhotoHashDiffers, PhotoOutOfStep

COPY_SIDE, COPY_QUALITY = 2048, 82
MOST_PIXELS = 120_000_000
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


class EvidenceStore:
    """Under DATA_DIR/evidence. Nothing in it is ever changed or deleted, except parts of what was refused."""

    def __init__(self, data_dir: str):
        self.folder = Path(data_dir) / "evidence"

    def original(self, sha256: str) -> Path:
        return self.folder / "originals" / sha256[:2] / sha256

    def copy(self, sha256: str) -> Path:
        """The copy for viewing; there is none of a photo that we cannot draw."""
        return self.folder / "copies" / sha256[:2] / f"{sha256}.jpg"

    def received(self, photo_id: str) -> int:
        """Bytes of the photo that have arrived so far."""
        part = self._part(photo_id)
        return part.stat().st_size if part.exists() else 0

    def append(self, photo_id: str, offset: int, chunk: bytes) -> int:
        """Bytes that have arrived now. Raises PhotoOutOfStep when the chunk leaves a gap."""
        received = self.received(photo_id)
        if offset != received:
            raise PhotoOutOfStep(received=received)
        part = self._part(photo_id)
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("ab") as file:
            file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return received + len(chunk)

    def keep(self, sha256: str, content: bytes) -> str:
        """As `finish`, of a photo that came whole."""
        part = self._part(sha256)
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_bytes(content)
        return self.finish(sha256, sha256)

    def finish(self, photo_id: str, sha256: str) -> str:
        """Media type of the complete photo, now kept under its hash. A wrong one is dropped."""
        part = self._part(photo_id)
        try:
            if file_sha256(part) != sha256:
                raise PhotoHashDiffers
            media_type = media_type_of(part)
        except (PhotoHashDiffers, NotAPhoto):
            part.unlink()
            raise
        original = self.original(sha256)
        original.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(part, original)
        original.chmod(0o400)
        self._make_copy(sha256)
        return media_type

    def _part(self, photo_id: str) -> Path:
        return self.folder / "parts" / photo_id

    def _make_copy(self, sha256: str) -> None:
        """Upright, at most 2048 pixels a side, without metadata; none of a photo that is damaged or too large."""
        copy = self.copy(sha256)
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            picture = picture_of(self.original(sha256), side=COPY_SIDE, most_pixels=MOST_PIXELS)
        except Undrawable:
            return
        picture.save(copy, "JPEG", quality=COPY_QUALITY)


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def media_type_of(path: Path) -> str:
    """By what the bytes are, not by name. Raises NotAPhoto."""
    with path.open("rb") as file:
        start = file.read(12)
    if start[4:8] == b"ftyp" and start[8:12] in HEIC_BRANDS:
        return "image/heic"
    try:
        with Image.open(path, formats=tuple(MEDIA_TYPES)) as photo:
            media_type = MEDIA_TYPES[photo.format or ""]
            photo.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, Image.DecompressionBombError):
        raise NotAPhoto from None
    return media_type
