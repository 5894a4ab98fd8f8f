"""What is downloaded: the units of a print run, and a file made while it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gi_trace.codes.unit_code import EpochKeys, code_letters, codes_of, hidden_codes_of


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


@dataclass(frozen=True)
class FileInParts:
    """A file in parts; its length in bytes where that is known before the parts are made."""

    parts: Iterator[bytes]
    length: int | None = None
