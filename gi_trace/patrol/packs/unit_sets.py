"""Exact, compressed sets of units, readable on a phone without unpacking. Pure.

A set is a sorted list of runs of consecutive units, cut into blocks of at most 1024 entries. A block codes
either its runs (gap, length) or, where that is shorter, its single units (gap), by Golomb-Rice with the
parameters that make this block shortest. At one unit in a hundred that costs 8.1 bits; entropy is 8.08.

    varint number of blocks, then per block
        varint first unit, from the last block's first unit
        varint bytes of the block's codes
        varint number of entries
        byte   7 bits Rice parameter of gaps, 1 bit: 1 = runs, 0 = single units
        byte   Rice parameter of lengths (runs only)
    codes of all blocks, each beginning at a byte
A Rice code is value >> k zeros, a one, k bits; from 24 zeros on there is no one, but the value in 40 bits.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

BLOCK_RUNS = 1024
ESCAPE, RAW_BITS = 24, 40
WIDEST = 1 << RAW_BITS
PARAMETERS = range(RAW_BITS)
Runs = tuple[np.ndarray, np.ndarray]  # first and last unit of each run


@dataclass(frozen=True)
class Block:
    first: int
    start: int  # byte at which its codes begin
    entries: int
    runs: bool
    gap_k: int
    length_k: int


# --- writing ---


def encode_units(starts: np.ndarray, ends: np.ndarray) -> bytes:
    """Bytes of the set of units starts[i]..ends[i] (both included); runs are sorted and do not touch."""
    starts, ends = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
    if len(starts) and (starts[0] < 0 or ends[-1] >= WIDEST or (ends < starts).any()):
        raise ValueError("units outside 0..2^40")
    if (starts[1:] <= ends[:-1] + 1).any():
        raise ValueError("runs are not sorted, or touch")
    heads, bodies, previous = [], [], 0
    for at in range(0, len(starts), BLOCK_RUNS):
        some = slice(at, at + BLOCK_RUNS)
        entries, kind, length_k, body = _shortest(starts[some], ends[some] - starts[some])
        first = int(starts[at])
        head = varint(first - previous) + varint(len(body)) + varint(entries) + bytes([kind])
        heads.append(head + bytes([length_k]) * (kind & 1))
        bodies.append(body)
        previous = first
    return varint(len(heads)) + b"".join(heads + bodies)


def joined(parts: list[Runs]) -> Runs:
    """The runs of parts that follow one another, as few as they can be: where two touch they become one."""
    starts, ends = (np.concatenate(side) for side in zip(*parts, strict=True))
    begins = starts > np.append(-2, ends[:-1]) + 1
    return starts[begins], ends[np.roll(begins, -1)]


def varint(number: int) -> bytes:
    """LEB128: seven bits a byte, the lowest first."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def _shortest(starts: np.ndarray, lengths: np.ndarray) -> tuple[int, int, int, bytes]:
    """(entries, kind byte, Rice parameter of lengths, codes) of a block; lengths are units minus 1."""
    gaps = starts[1:] - starts[:-1] - lengths[:-1] - 2
    gap_k, gap_bits = _best_parameter(gaps)
    length_k, length_bits = _best_parameter(lengths)
    inner = int(lengths.sum())  # units that follow their neighbour: a gap of 0 each
    single_k, single_bits = _best_parameter(gaps + 1, zeros=inner)
    if single_bits < gap_bits + length_bits:
        units = np.repeat(starts - np.r_[0, np.cumsum(lengths[:-1] + 1)], lengths + 1)
        units = units + np.arange(len(units))
        return len(units), single_k << 1, 0, _rice(np.diff(units) - 1, np.full(len(units) - 1, single_k))
    values = np.empty(2 * len(starts) - 1, np.int64)
    parameters = np.empty_like(values)
    values[0::2], values[1::2] = lengths, gaps
    parameters[0::2], parameters[1::2] = length_k, gap_k
    return len(starts), gap_k << 1 | 1, length_k, _rice(values, parameters)


def _best_parameter(values: np.ndarray, zeros: int = 0) -> tuple[int, int]:
    """(Rice parameter, bits) that code the values, and as many zeros more, shortest."""
    middle = max(0, int(values.mean()).bit_length() - 1) if len(values) else 0
    tried = [k for k in range(0 if zeros else middle - 3, middle + 3) if k in PARAMETERS]
    costs = [(int(_bits(values, k).sum()) + zeros * (k + 1), k) for k in tried]
    bits, parameter = min(costs)
    return parameter, bits


def _bits(values: np.ndarray, parameters: np.ndarray | int) -> np.ndarray:
    zeros = values >> parameters
    return np.where(zeros >= ESCAPE, ESCAPE + RAW_BITS, zeros + 1 + parameters)


def _rice(values: np.ndarray, parameters: np.ndarray) -> bytes:
    bits = _bits(values, parameters)
    begins = np.cumsum(bits) - bits
    written = np.zeros(int(bits.sum()), np.uint8)
    zeros = values >> parameters
    raw = zeros >= ESCAPE
    ones = begins + np.where(raw, ESCAPE - 1, zeros)
    written[ones[~raw]] = 1
    widths = np.where(raw, RAW_BITS, parameters)
    for place in range(int(widths.max(initial=0))):
        has = widths > place
        written[ones[has] + 1 + place] = values[has] >> (widths[has] - 1 - place) & 1
    return np.packbits(written).tobytes()


# --- reading ---


class UnitSet:
    """Membership by one block's codes: `5 in UnitSet(encoded)`."""

    def __init__(self, encoded: bytes):
        self.encoded = encoded
        self.blocks = list(_blocks(encoded))
        self.firsts = [block.first for block in self.blocks]

    def __contains__(self, unit: int) -> bool:
        place = bisect_right(self.firsts, unit) - 1
        if place < 0:
            return False
        return any(first <= unit <= last for first, last in self._runs_in(self.blocks[place]))

    def runs(self) -> Iterator[tuple[int, int]]:
        """(first, last) of runs in order; runs of single-unit blocks come unit by unit."""
        for block in self.blocks:
            yield from self._runs_in(block)

    def _runs_in(self, block: Block) -> Iterator[tuple[int, int]]:
        bits = Bits(self.encoded, block.start)
        first = block.first
        last = first + (bits.rice(block.length_k) if block.runs else 0)
        yield first, last
        for _ in range(block.entries - 1):
            first = last + bits.rice(block.gap_k) + (2 if block.runs else 1)
            last = first + (bits.rice(block.length_k) if block.runs else 0)
            yield first, last


class Bits:
    """Bits of a byte string from a byte on, the highest first."""

    def __init__(self, source: bytes, start: int):
        self.source, self.at = source, start * 8

    def one(self) -> int:
        bit = self.source[self.at >> 3] >> (7 - (self.at & 7)) & 1
        self.at += 1
        return bit

    def number(self, width: int) -> int:
        value = 0
        for _ in range(width):
            value = value << 1 | self.one()
        return value

    def rice(self, parameter: int) -> int:
        for zeros in range(ESCAPE):
            if self.one():
                return zeros << parameter | self.number(parameter)
        return self.number(RAW_BITS)


def read_varint(source: bytes, at: int) -> tuple[int, int]:
    """(number, place after it)."""
    number = shift = 0
    while True:
        byte = source[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at


def _blocks(encoded: bytes) -> Iterator[Block]:
    count, at = read_varint(encoded, 0)
    heads, first, start = [], 0, 0
    for _ in range(count):
        step, at = read_varint(encoded, at)
        size, at = read_varint(encoded, at)
        entries, at = read_varint(encoded, at)
        kind = encoded[at]
        runs = bool(kind & 1)
        first += step
        heads.append((first, start, entries, runs, kind >> 1, encoded[at + 1] if runs else 0))
        at, start = at + 1 + runs, start + size
    for first, start, entries, runs, gap_k, length_k in heads:
        yield Block(first, at + start, entries, runs, gap_k, length_k)
