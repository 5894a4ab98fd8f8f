"""What is remembered of a unit's and a batch's checks: constant size, devices and cities as hashes. Pure."""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import chain
from typing import NamedTuple
from zlib import crc32

DEVICES = 8
SAMPLE = 56
CITIES = 8
TRADERS = 24

UNIT = struct.Struct("<3IH2BHBb7e5B")
BATCH = struct.Struct("<5If")
# Of tables with 0, 1, 2 … rows: packed in one go, since every check does it.
DEVICE, SAMPLED, CITY, TRADER = (
    [struct.Struct("<" + row * rows) for rows in range(most + 1)]
    for row, most in (("HHHBB", DEVICES), ("H", SAMPLE), ("HHB", CITIES), ("HH", TRADERS))
)

QUARTER, TURN = 900, 1 << 16
ALERTED, CERTAIN, EARLY, OPENED = 1, 2, 4, 8


def short_hash(text: str) -> int:
    """16 bits, never 0, which stands for "unknown"."""
    return crc32(text.encode()) % 65535 + 1


def small_clock(at: int) -> int:
    """UTC seconds as quarters of an hour in 16 bits, which turn over after 682 days."""
    return at // QUARTER % TURN


def since(seen: int, at: int) -> int:
    """Seconds from a time on the small clock until `at`; none where the check of `at` only comes late."""
    quarters = (small_clock(at) - seen) % TURN
    return quarters * QUARTER if quarters < TURN * 15 // 16 else 0


class Back(IntEnum):
    """Whether a device came back after its first visit."""

    NEVER = 0
    SOON = 1
    LATE = 2


class Device(NamedTuple):
    """A device that looked: where, how doubtful that is (0..1), and what its coming back has counted for."""

    city: int
    doubt: float
    seen: int  # on a small clock
    credit: float = 0.0


@dataclass(slots=True)
class UnitMemory:
    """Times are UTC seconds, evidence is in nats, keys of the tables are hashes."""

    first_at: int = 0
    last_at: int = 0  # of the latest new device
    shown_at: int = 0  # when an audience was recognised
    people: int = 0  # distinct devices, without traders and inspectors
    places: int = 0  # distinct cities
    backs: int = 0  # new devices in an earlier city
    last_city: int = 0
    flags: int = 0
    level: int = -1  # where the batch counts this unit; -1 is nowhere yet
    moves: float = 0.0  # expected moves of the one genuine pack
    ratios: tuple[float, ...] = (0.0, 0.0, 0.0)  # evidence of places, per market of copies
    returns: float = 0.0  # evidence of returning devices and of facts
    crowd: float = 0.0  # evidence of people alone
    recent: float = 0.0  # new devices of late, fading
    devices: dict[int, Device] = field(default_factory=dict)
    sample: dict[int, Back] = field(default_factory=dict)  # a fair sample of people's devices
    cities: dict[int, tuple[float, int]] = field(default_factory=dict)  # (belief that it is there, people)

    def copy(self) -> "UnitMemory":
        return UnitMemory(
            self.first_at, self.last_at, self.shown_at, self.people, self.places, self.backs, self.last_city,
            self.flags, self.level, self.moves, self.ratios, self.returns, self.crowd, self.recent,
            self.devices.copy(), self.sample.copy(), self.cities.copy(),
        )  # fmt: skip

    def to_bytes(self) -> bytes:
        """At most 256 bytes."""
        back = list(self.sample.values())
        head = UNIT.pack(
            *(self.first_at, self.last_at, self.shown_at, min(self.people, 65535)),
            *(min(self.places, 255), min(self.backs, 255), self.last_city, self.flags, self.level),
            *(self.moves, *self.ratios, self.returns, self.crowd, self.recent),
            *(len(self.devices), *map(back.count, Back), len(self.cities)),
        )
        devices: list[int] = []
        for tag, (city, doubt, seen, credit) in self.devices.items():
            devices += tag, city, seen, round(doubt * 255), min(255, round(credit * 50))
        cities: list[int] = []
        for tag, (belief, people) in self.cities.items():
            cities += tag, round(belief * 65535), min(people, 255)
        sample = sorted(self.sample, key=self.sample.__getitem__)
        return b"".join(
            (
                head,
                DEVICE[len(self.devices)].pack(*devices),
                SAMPLED[len(sample)].pack(*sample),
                CITY[len(self.cities)].pack(*cities),
            )
        )

    @classmethod
    def from_bytes(cls, stored: bytes) -> "UnitMemory":
        *plain, devices, never, soon, late, _ = UNIT.unpack_from(stored)
        sample_from = UNIT.size + DEVICE[devices].size
        cities_from = sample_from + SAMPLED[never + soon + late].size
        unit = cls(*plain[:10])
        unit.ratios, (unit.returns, unit.crowd, unit.recent) = tuple(plain[10:13]), plain[13:]
        unit.devices = {
            tag: Device(city, doubt / 255, seen, credit / 50)
            for tag, city, seen, doubt, credit in DEVICE[1].iter_unpack(stored[UNIT.size : sample_from])
        }
        tags = SAMPLED[never + soon + late].unpack(stored[sample_from:cities_from])
        backs = [Back.NEVER] * never + [Back.SOON] * soon + [Back.LATE] * late
        unit.sample = dict(zip(tags, backs, strict=True))
        cities = CITY[1].iter_unpack(stored[cities_from:])
        unit.cities = {tag: (belief / 65535, people) for tag, belief, people in cities}
        return unit


@dataclass(slots=True)
class BatchMemory:
    """Shared by the units of a batch."""

    levels: tuple[int, ...] = (0, 0, 0, 0, 0)  # units looked at, by the level that their evidence reached
    pool: float = 0.0  # nats that the batch adds to each of its units
    traders: dict[int, int] = field(default_factory=dict)  # units looked at by the busiest and latest devices

    def copy(self) -> "BatchMemory":
        return BatchMemory(self.levels, self.pool, self.traders.copy())

    def to_bytes(self) -> bytes:
        traders = TRADER[len(self.traders)].pack(*chain.from_iterable(self.traders.items()))
        return BATCH.pack(*self.levels, self.pool) + traders

    @classmethod
    def from_bytes(cls, stored: bytes) -> "BatchMemory":
        *levels, pool = BATCH.unpack_from(stored)
        return cls(tuple(levels), pool, dict(TRADER[1].iter_unpack(stored[BATCH.size :])))
