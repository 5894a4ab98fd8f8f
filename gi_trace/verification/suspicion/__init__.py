"""Does a unit's history of checks look like one pack, or like several with the same code?

`update` weighs one more check. The score is the log of a likelihood ratio (nats): evidence of places, of
returning devices, of people, of facts known elsewhere, and of the batch. Pure: constant time and space per
check. What no history can show: a copy whose buyers do not look, and the first buyer of a copy.
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion import people, places
from gi_trace.verification.suspicion.memory import (
    ALERTED,
    CERTAIN,
    EARLY,
    OPENED,
    BatchMemory,
    Device,
    UnitMemory,
    short_hash,
    since,
    small_clock,
)
from gi_trace.verification.suspicion.pool import count_level
from gi_trace.verification.suspicion.words import Sign, signs_in

__all__ = ["BatchMemory", "Sighting", "Sign", "Suspicion", "UnitMemory", "dismissed", "signs_of", "update"]


class Sighting(NamedTuple):
    """One check as stored, and facts that only the system knows. `at` is aware; a device is opaque."""

    at: datetime
    device: str | bytes | None = None
    city: str | None = None
    channel: str = "web"  # web, wechat, alipay, inspector or api
    activated_at: datetime | None = None
    hidden_code_used: bool = False
    two_in_hand: bool = False


class Suspicion(NamedTuple):
    """`alert` is true once, with the check that first reached the alarm, and once more with an inspector's find
    of two packs; `suspected` from the first on."""

    score: float
    alert: bool
    suspected: bool
    publicly_shown: bool
    signs: tuple[Sign, ...]


def update(unit: UnitMemory, batch: BatchMemory, seen: Sighting) -> tuple[UnitMemory, BatchMemory, Suspicion]:
    """Memories after one more check of the unit, and what they mean; those passed in stay as they are."""
    unit, batch = unit.copy(), batch.copy()
    at = int(seen.at.timestamp())
    unit.first_at = unit.first_at or at
    city = short_hash(_plain(seen.city)) if seen.city else 0
    device = short_hash(str(seen.device) if seen.device else f"without device {city}")
    gap = max(0, at - unit.last_at)
    if device in unit.devices:
        _look_again(unit, device, at, gap, city)
    elif device in unit.sample:
        _look_after_long(unit, device, at, city)
    else:
        _look_first(unit, batch, device, at, gap, city, seen)
    _weigh_facts(unit, seen)
    return unit, batch, _judge(unit, batch)


def signs_of(stored: bytes | None) -> tuple[Sign, ...]:
    """Of a unit's stored memory alone."""
    return signs_in(UnitMemory.from_bytes(stored)) if stored else ()


def dismissed(unit: UnitMemory) -> UnitMemory:
    """After an officer found an explanation: places and devices stay known, evidence counts afresh."""
    return replace(
        unit,
        first_at=unit.last_at,
        people=0,
        backs=0,
        flags=0,
        ratios=(0.0, 0.0, 0.0),
        returns=0.0,
        crowd=0.0,
        sample={},
    )


def _look_first(
    unit: UnitMemory, batch: BatchMemory, device: int, at: int, gap: int, city: int, seen: Sighting
) -> None:
    """A device that this unit has not seen: a household member, a friend, an onlooker, or a copy's buyer."""
    inspects = seen.channel == "inspector"
    trades = bool(seen.device) and not inspects and people.count_unit(batch, device) >= p.TRADE_UNITS
    weight = 0.0
    if unit.devices and not trades:
        people.fade_recent(unit, gap)
        weight = people.weight_of_next(unit)
    doubt = places.arrive(unit, city, gap, weight) if city else p.WRONG_CITY
    if not (trades or inspects):
        people.count_person(unit, at, gap)
        # Looks without a device may be different people's, so that their coming back shows nothing.
        if seen.device:
            people.sample_device(unit, device)
    people.remember_device(unit, device, Device(city, doubt, small_clock(at)))


def _look_again(unit: UnitMemory, device: int, at: int, gap: int, city: int) -> None:
    """A device comes back: does it still have the pack that others have had since?"""
    known, doubt, seen, credit = unit.devices.pop(device)
    if city and not known:
        known, doubt = city, places.arrive(unit, city, gap, people.public_discount(unit))
    elif known in unit.cities and city in (0, known):
        evidence, doubt = places.come_back(unit, known, doubt, gap)
        evidence *= people.public_discount(unit)
        unit.returns += max(0.0, evidence - credit)
        credit = max(credit, evidence)
    people.note_return(unit, device, since(seen, at))
    unit.devices[device] = Device(known, doubt, small_clock(at), credit)


def _look_after_long(unit: UnitMemory, device: int, at: int, city: int) -> None:
    """A device comes back of which only that much is still remembered."""
    people.note_return(unit, device, p.SOON)
    people.remember_device(unit, device, Device(city, p.WRONG_CITY, small_clock(at)))


def _weigh_facts(unit: UnitMemory, seen: Sighting) -> None:
    if seen.two_in_hand and not unit.flags & CERTAIN:
        unit.flags = (unit.flags | CERTAIN) & ~ALERTED  # news also where there was suspicion
    early = seen.activated_at and seen.at < seen.activated_at and seen.channel != "inspector"
    if early and not unit.flags & EARLY:
        unit.flags |= EARLY
        unit.returns += p.BEFORE_ACTIVATION
    if seen.hidden_code_used and unit.places > 1 and not unit.flags & OPENED:
        unit.flags |= OPENED
        unit.returns += p.AFTER_HIDDEN_CODE


def _judge(unit: UnitMemory, batch: BatchMemory) -> Suspicion:
    evidence = places.evidence(unit) + unit.returns + people.people_evidence(unit)
    count_level(unit, batch, evidence)
    score = evidence if unit.shown_at else evidence + batch.pool
    if unit.flags & CERTAIN:
        score = p.TWO_IN_HAND
    alert = score >= p.ALARM and not unit.flags & ALERTED
    if alert:
        unit.flags |= ALERTED
    suspected = bool(unit.flags & ALERTED)
    signs = signs_in(unit, pool=batch.pool) if suspected or unit.shown_at else ()
    return Suspicion(score, alert, suspected, bool(unit.shown_at), signs)


def _plain(city: str) -> str:
    return city.strip().removesuffix("市")
