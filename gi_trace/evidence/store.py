"""Photos on disk, whoever took them: content under its SHA-256, parts while they arrive, copies for viewing.

What an officer took is kept untouched; of what the public sends only the picture is kept, drawn anew. A file is written
before the act whose row names it: what the act then refuses leaves a file that nobody names, which harms nothing.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from gi_trace.evidence.pictures import Undrawable, copy_of
from gi_trace.evidence.rules import NotAPhoto, PhotoHashDiffers, PhotoOutOfStep, paper_type_of

COPY_SIDE = 2048
MOST_PIXELS, MOST_PIXELS_OF_THE_PUBLIC = 120_000_000, 40_000_000


@dataclass(frozen=True)
class KeptPhoto:
    """An original in the store; without a copy for viewing when it cannot be drawn."""

    sha256: str
    media_type: str
    has_copy: bool


class EvidenceStore:
    """Under DATA_DIR/evidence. Nothing in it is ever changed or deleted, except parts of what was refused."""

    def __init__(self, data_dir: str):
        self.folder = Path(data_dir) / "evidence"

    def original(self, sha256: str) -> Path:
        return self.folder / "originals" / sha256[:2] / sha256

    def redrawn(self, sha256: str) -> Path:
        """A photo from the public: the picture alone."""
        return self.folder / "redrawn" / sha256[:2] / f"{sha256}.jpg"

    def copy(self, sha256: str) -> Path | None:
        """The copy for viewing of an original; there is none of a photo that we cannot draw."""
        copy = self._copy(sha256)
        return copy if copy.exists() else None

    def keep(self, content: bytes) -> KeptPhoto:
        """A photo that came whole. Raises NotAPhoto."""
        sha256 = hashlib.sha256(content).hexdigest()
        media_type, copy = _drawn(content)
        _write(self.original(sha256), content)
        return self._with_copy(sha256, media_type, copy)

    def keep_paper(self, content: bytes) -> tuple[str, str]:
        """(SHA-256, media type) of a PDF or photo that is kept as it came, and never unpacked here. Raises NotAPaper."""
        media_type, sha256 = paper_type_of(content), hashlib.sha256(content).hexdigest()
        _write(self.original(sha256), content)
        return sha256, media_type

    def redraw(self, content: bytes) -> str:
        """SHA-256 of the picture alone, which is kept: place, time and device of the camera are gone.

        Raises Undrawable.
        """
        _, picture = copy_of(content, side=COPY_SIDE, most_pixels=MOST_PIXELS_OF_THE_PUBLIC)
        sha256 = hashlib.sha256(picture).hexdigest()
        _write(self.redrawn(sha256), picture)
        return sha256

    @contextmanager
    def alone_with(self, photo_id: str) -> Iterator[None]:
        """One request at a time appends to a photo, also of several processes: a second one waits here for the first,
        and not in the database for everybody."""
        path = self.folder / "locks" / photo_id[:2]  # a few files for all photos: nobody needs to delete them
        _make_folder(path.parent)
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def received(self, part_name: str) -> int:
        """Bytes that have arrived so far. A part is named by its photo, and by whoever else carries it."""
        part = self._part(part_name)
        return part.stat().st_size if part.exists() else 0

    def append(self, part_name: str, offset: int, chunk: bytes, *, size: int) -> int:
        """Bytes that have arrived now, at most `size`. Raises PhotoOutOfStep when the chunk leaves a gap or is too long."""
        received = self.received(part_name)
        if offset != received or offset + len(chunk) > size:
            raise PhotoOutOfStep(received=received)
        part = self._part(part_name)
        _make_folder(part.parent)
        with part.open("ab") as file:
            file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return received + len(chunk)

    def finish(self, part_name: str, sha256: str) -> KeptPhoto:
        """The complete photo, now kept under its hash. A wrong one is dropped. Raises PhotoHashDiffers, NotAPhoto."""
        part = self._part(part_name)
        try:
            if file_sha256(part) != sha256:
                raise PhotoHashDiffers
            media_type, copy = _drawn(part)
        except (PhotoHashDiffers, NotAPhoto):
            part.unlink()
            raise
        _move(part, self.original(sha256))
        return self._with_copy(sha256, media_type, copy)

    def drop_parts(self, photo_id: str) -> None:
        """What is left of a photo that is complete: parts that others had begun to carry."""
        for part in (self.folder / "parts").glob(f"{photo_id}*"):
            part.unlink(missing_ok=True)

    def _with_copy(self, sha256: str, media_type: str, copy: bytes | None) -> KeptPhoto:
        if copy is not None:
            _write(self._copy(sha256), copy)
        return KeptPhoto(sha256, media_type, has_copy=copy is not None)

    def _copy(self, sha256: str) -> Path:
        return self.folder / "copies" / sha256[:2] / f"{sha256}.jpg"

    def _part(self, name: str) -> Path:
        return self.folder / "parts" / name


def evidence_store() -> EvidenceStore:
    return EvidenceStore(current_app.config["DATA_DIR"])


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _drawn(photo: bytes | Path) -> tuple[str, bytes | None]:
    """Media type and copy of an original; one that is damaged or too large is evidence all the same."""
    try:
        return copy_of(photo, side=COPY_SIDE, most_pixels=MOST_PIXELS)
    except Undrawable as error:
        if error.media_type is None:
            raise NotAPhoto from None
        return error.media_type, None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, however often; what is there already stays as it is."""
    if path.exists():
        return
    _make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _move(draft, path)


def _move(file: Path, path: Path) -> None:
    """To where it stays, read-only; on disk before any row names it, also should the power fail."""
    _make_folder(path.parent)
    file.chmod(0o400)
    os.replace(file, path)
    for folder in (path.parent, path.parent.parent):
        entry = os.open(folder, os.O_RDONLY)
        os.fsync(entry)
        os.close(entry)


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
