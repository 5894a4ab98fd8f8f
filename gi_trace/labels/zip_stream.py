"""A ZIP archive written front to back, with one fixed date, so that it is the same each time."""

from collections.abc import Iterator
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

FIXED_DATE = (1980, 1, 1, 0, 0, 0)


class ZipStream:
    """Entries go in, `written` gives what is ready to be sent."""

    def __init__(self) -> None:
        self._ready = bytearray()
        self._archive = ZipFile(cast(IO[bytes], self), "w")

    def write(self, some: bytes) -> int:
        self._ready += some
        return len(some)

    def flush(self) -> None:
        """ZipFile asks for it; there is nothing below to flush."""

    def store(self, name: str, content: bytes) -> None:
        self._archive.writestr(ZipInfo(name, FIXED_DATE), content, ZIP_STORED)

    def compress(self, name: str, parts: Iterator[bytes]) -> Iterator[bytes]:
        """One entry in parts; yields what is ready meanwhile."""
        entry = ZipInfo(name, FIXED_DATE)
        entry.compress_type = ZIP_DEFLATED
        with self._archive.open(entry, "w", force_zip64=True) as inside:
            for part in parts:
                inside.write(part)
                yield self.written()

    def finish(self) -> bytes:
        self._archive.close()
        return self.written()

    def written(self) -> bytes:
        some = bytes(self._ready)
        self._ready.clear()
        return some
