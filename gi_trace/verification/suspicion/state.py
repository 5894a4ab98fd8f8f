"""What is remembered of a unit's and a batch's checks: constant size, devices and cities as hashes. Pure."""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple
from zlib import crc32

DEVICES = 8
SAMPLE = 56
CITIES = 8
TRADERS = 24

UNIT = struct.Struct("<3IH2BHBb7e5B")
DEVICE = struct.Struct("<HHHBB")
SAMPLED = struct.Struct("<H")
CITY = struct.Struct("<HHB")
BATCH = struct.Struct("<5If")
TRADER = struct.Struct("<HH")

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

    def pack(self, tag: int) -> bytes:
        doubt, credit = round(self.doubt * 255), min(255, round(self.credit * 50))
        return DEVICE.pack(tag, self.city, self.seen, doubt, credit)

    @classmethod
    def unpack(cls, city: int, seen: int, doubt: int, credit: int) -> "Device":
        return cls(city, doubt / 255, seen, credit / 50)


@dataclass(slots=True)
class UnitState:
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
    cities: dict[int, tuple[float, int]] = field(
        default_factory=dict
    )  # (belief that the pack is there, people)

    def copy(self) -> "UnitState":
        return UnitState(
            self.first_at, self.last_at, self.shown_at, self.people, self.places, self.backs, self.last_city,
            self.flags, self.level, self.moves, self.ratios, self.returns, self.crowd, self.recent,
            self.devices.copy(), self.sample.copy(), self.cities.copy(),
        )  # fmt: skip

    def to_bytes(self) -> bytes:
        """At most 256 bytes."""
        sample = sorted(self.sample.items(), key=lambda entry: entry[1])
        back = list(self.sample.values())
        head = UNIT.pack(
            *(self.first_at, self.last_at, self.shown_at, min(self.people, 65535)),
            *(min(self.places, 255), min(self.backs, 255), self.last_city, self.flags, self.level),
            *(self.moves, *self.ratios, self.returns, self.crowd, self.recent),
            *(len(self.devices), *map(back.count, Back), len(self.cities)),
        )
        devices = (device.pack(tag) for tag, device in self.devices.items())
        cities = (
            CITY.pack(tag, round(belief * 65535), min(people, 255))
            for tag, (belief, people) in self.cities.items()
        )
        return b"".join((head, *devices, *(SAMPLED.pack(tag) for tag, _ in sample), *cities))

    @classmethod
    def from_bytes(cls, stored: bytes) -> "UnitState":
        head = UNIT.unpack_from(stored)
        *plain, devices, never, soon, late, _ = head
        sample_from = UNIT.size + devices * DEVICE.size
        cities_from = sample_from + (never + soon + late) * SAMPLED.size
        unit = cls(*plain[:10])
        unit.ratios, (unit.returns, unit.crowd, unit.recent) = tuple(plain[10:13]), plain[13:]
        unit.devices = {
            tag: Device.unpack(*rest) for tag, *rest in DEVICE.iter_unpack(stored[UNIT.size : sample_from])
        }
        backs = [Back.NEVER] * never + [Back.SOON] * soon + [Back.LATE] * late
        tags = SAMPLED.iter_unpack(stored[sample_from:cities_from])
        unit.sample = {tag: back for (tag,), back in zip(tags, backs, strict=True)}
        unit.cities = {tag: (belief / 65535, n) for tag, belief, n in CITY.iter_unpack(stored[cities_from:])}
        return unit


@dataclass(slots=True)
class BatchState:
    """Shared by the units of a batch."""

    levels: tuple[int, ...] = (0, 0, 0, 0, 0)  # units looked at, by the level that their evidence reached
    pool: float = 0.0  # nats that the batch adds to each of its units
    traders: dict[int, int] = field(default_factory=dict)  # units looked at by the busiest and latest devices

    def copy(self) -> "BatchState":
        return BatchState(self.levels, self.pool, self.traders.copy())

    def to_bytes(self) -> bytes:
        traders = (TRADER.pack(tag, min(units, 65535)) for tag, units in self.traders.items())
        return BATCH.pack(*self.levels, self.pool) + b"".join(traders)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "BatchState":
        *levels, pool = BATCH.unpack_from(stored)
        return cls(tuple(levels), pool, dict(TRADER.iter_unpack(stored[BATCH.size :])))
