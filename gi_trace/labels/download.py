"""What is downloaded: the units of a print run, and a file made while it is sent."""

import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np

from gi_trace.codes.unit_code import SAMPLE_UNIT, EpochKeys, code_letters, codes_of, hidden_codes_of

PIECE = 1 << 16


@dataclass(frozen=True)
class Units:
    """Units first..last of a batch."""

    keys: EpochKeys
    batch_number: int
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def part(self, start: int, end: int) -> "Units":
        """Like a slice: the units from the start-th up to the end-th, counted from 0."""
        return Units(self.keys, self.batch_number, self.first + start, self.first + end - 1)

    def chunks(self, size: int) -> Iterator["Units"]:
        for start in range(0, len(self), size):
            yield self.part(start, min(start + size, len(self)))

    def letters(self) -> np.ndarray:
        """Codes as ASCII, shape (units, 20)."""
        return code_letters(self.keys, self.batch_number, self.first, self.last)

    def codes(self) -> list[str]:
        return codes_of(self.keys, self.batch_number, self.first, self.last)

    def hidden(self) -> list[str]:
        """Hidden codes as printed: 1234-5678."""
        hidden = hidden_codes_of(self.keys, self.batch_number, self.first, self.last)
        return [f"{digits[:4]}-{digits[4:]}" for digits in hidden]


def sample_of(keys: EpochKeys, batch_number: int = 0) -> Units:
    """The sample of a batch, or of none."""
    return Units(keys, batch_number, SAMPLE_UNIT, SAMPLE_UNIT)


def _nothing() -> None: ...


@dataclass(frozen=True)
class FileInParts:
    """A file in parts, its length in bytes, and what to do when nobody wants any of it."""

    parts: Iterator[bytes]
    length: int
    close: Callable[[], None] = _nothing

    def made(self) -> "FileInParts":
        return self


@dataclass(frozen=True)
class FileOnDisk:
    """A file whose heads tell the sizes of what follows: whole, on disk, before any of it leaves.

    What a reader meets first says how much comes, so that it may read an archive while it arrives.
    """

    write: Callable[[IO[bytes]], object]

    def made(self) -> FileInParts:
        file = tempfile.TemporaryFile()
        try:
            self.write(file)
        except BaseException:
            file.close()
            raise
        return FileInParts(_pieces(file), file.seek(0, io.SEEK_END), file.close)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while some := file.read(PIECE):
            yield some
