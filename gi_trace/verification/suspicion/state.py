"""What is remembered of a unit's and a batch's checks: constant size, devices and cities as hashes. Pure."""

import struct
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

DEVICES = 12
GONE = 24
CITIES = 8
TRADERS = 24

UNIT = struct.Struct("<3I2H3BHBb7f3B")
DEVICE = struct.Struct("<HHIBBB")
GONE_DEVICE = struct.Struct("<H")
CITY = struct.Struct("<HHB")
BATCH = struct.Struct("<5If")
TRADER = struct.Struct("<HH")

ALERTED, CERTAIN, EARLY, OPENED = 1, 2, 4, 8


def short_hash(text: str) -> int:
    """16 bits, never 0, which stands for "unknown"."""
    return crc32(text.encode()) % 65535 + 1


class Device(NamedTuple):
    """A device that looked: where, how doubtful that is (0..1), and what its coming back has counted for."""

    city: int
    doubt: float
    last_at: int
    credit: float = 0.0
    held: bool = False

    def pack(self, tag: int) -> bytes:
        doubt, credit = round(self.doubt * 255), min(255, round(self.credit * 50))
        return DEVICE.pack(tag, self.city, self.last_at, doubt, credit, self.held)

    @classmethod
    def unpack(cls, city: int, last_at: int, doubt: int, credit: int, held: int) -> "Device":
        return cls(city, doubt / 255, last_at, credit / 50, bool(held))


@dataclass(slots=True)
class UnitState:
    """Times are UTC seconds, evidence is in nats, keys of the tables are hashes."""

    first_at: int = 0
    last_at: int = 0  # of the latest new device
    shown_at: int = 0  # when an audience was recognised
    checks: int = 0
    people: int = 0  # distinct devices, without traders and inspectors
    places: int = 0  # distinct cities
    backs: int = 0  # new devices in an earlier city
    holders: int = 0  # devices that came back after others had looked
    last_city: int = 0
    flags: int = 0
    level: int = -1  # where the batch counts this unit; -1 is nowhere yet
    moves: float = 0.0  # expected moves of the one genuine pack
    ratios: tuple[float, ...] = (0.0, 0.0, 0.0)  # evidence of places, per market of copies
    returns: float = 0.0  # evidence of returning devices and of facts
    crowd: float = 0.0  # evidence of people alone
    recent: float = 0.0  # new devices of late, fading
    devices: dict[int, Device] = field(default_factory=dict)
    gone: tuple[int, ...] = ()  # older devices
    cities: dict[int, tuple[float, int]] = field(
        default_factory=dict
    )  # (belief that the pack is there, people)

    def copy(self) -> "UnitState":
        return UnitState(
            *(self.first_at, self.last_at, self.shown_at, self.checks, self.people, self.places),
            *(self.backs, self.holders, self.last_city, self.flags, self.level),
            *(self.moves, self.ratios, self.returns, self.crowd, self.recent),
            *(self.devices.copy(), self.gone, self.cities.copy()),
        )

    def to_bytes(self) -> bytes:
        """At most 256 bytes."""
        head = UNIT.pack(
            *(self.first_at, self.last_at, self.shown_at, min(self.checks, 65535), min(self.people, 65535)),
            *(min(self.places, 255), min(self.backs, 255), min(self.holders, 255)),
            *(self.last_city, self.flags, self.level),
            *(self.moves, *self.ratios, self.returns, self.crowd, self.recent),
            *(len(self.devices), len(self.gone), len(self.cities)),
        )
        devices = (device.pack(tag) for tag, device in self.devices.items())
        cities = (
            CITY.pack(tag, round(belief * 65535), min(people, 255))
            for tag, (belief, people) in self.cities.items()
        )
        return b"".join((head, *devices, *map(GONE_DEVICE.pack, self.gone), *cities))

    @classmethod
    def from_bytes(cls, stored: bytes) -> "UnitState":
        head = UNIT.unpack_from(stored)
        *plain, devices, gone, _ = head
        gone_from = UNIT.size + devices * DEVICE.size
        cities_from = gone_from + gone * GONE_DEVICE.size
        unit = cls(*plain[:12])
        unit.ratios, (unit.returns, unit.crowd, unit.recent) = tuple(plain[12:15]), plain[15:]
        unit.devices = {
            tag: Device.unpack(*rest) for tag, *rest in DEVICE.iter_unpack(stored[UNIT.size : gone_from])
        }
        unit.gone = tuple(tag for (tag,) in GONE_DEVICE.iter_unpack(stored[gone_from:cities_from]))
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
