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
from gi_trace.verification.suspicion.pool import count_level
from gi_trace.verification.suspicion.state import (
    ALERTED,
    CERTAIN,
    EARLY,
    OPENED,
    BatchState,
    Device,
    UnitState,
    short_hash,
    since,
    small_clock,
)
from gi_trace.verification.suspicion.words import reasons_of


class Check(NamedTuple):
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
    reasons: tuple


def update(unit: UnitState, batch: BatchState, check: Check) -> tuple[UnitState, BatchState, Suspicion]:
    """States after one more check of the unit, and what they mean; the states passed in stay as they are."""
    unit, batch = unit.copy(), batch.copy()
    at = int(check.at.timestamp())
    unit.first_at = unit.first_at or at
    city = short_hash(_plain(check.city)) if check.city else 0
    device = short_hash(str(check.device) if check.device else f"without device {city}")
    gap = max(0, at - unit.last_at)
    if device in unit.devices:
        _look_again(unit, device, at, gap, city)
    elif device in unit.sample:
        _look_after_long(unit, device, at, city)
    else:
        _look_first(unit, batch, device, at, gap, city, check)
    _weigh_facts(unit, check)
    return unit, batch, _judge(unit, batch)


def dismissed(unit: UnitState) -> UnitState:
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


def _look_first(unit, batch, device, at, gap, city, check):
    """A device that this unit has not seen: a household member, a friend, an onlooker, or a copy's buyer."""
    first = not unit.devices
    inspects = check.channel == "inspector"
    trades = bool(check.device) and not inspects and people.is_trader(batch, device)
    weight = 0.0 if first or trades else people.weight_of_next(unit, gap)
    doubt = places.arrive(unit, city, gap, weight) if city else p.WRONG_CITY
    if not (trades or inspects):
        people.count_person(unit, at, gap)
        # Looks without a device may be different people's, so that their coming back shows nothing.
        if check.device:
            people.sample_device(unit, device)
    people.remember_device(unit, device, Device(city, doubt, small_clock(at)))


def _look_again(unit, device, at, gap, city):
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


def _look_after_long(unit, device, at, city):
    """A device comes back of which only that much is still remembered."""
    people.note_return(unit, device, p.SOON)
    people.remember_device(unit, device, Device(city, p.WRONG_CITY, small_clock(at)))


def _weigh_facts(unit, check):
    if check.two_in_hand and not unit.flags & CERTAIN:
        unit.flags = (unit.flags | CERTAIN) & ~ALERTED  # news also where there was suspicion
    early = check.activated_at and check.at < check.activated_at and check.channel != "inspector"
    if early and not unit.flags & EARLY:
        unit.flags |= EARLY
        unit.returns += p.BEFORE_ACTIVATION
    if check.hidden_code_used and unit.places > 1 and not unit.flags & OPENED:
        unit.flags |= OPENED
        unit.returns += p.AFTER_HIDDEN_CODE


def _judge(unit, batch):
    evidence = places.evidence(unit) + unit.returns + people.people_evidence(unit)
    count_level(unit, batch, evidence)
    score = evidence if unit.shown_at else evidence + batch.pool
    if unit.flags & CERTAIN:
        score = p.TWO_IN_HAND
    alert = score >= p.ALARM and not unit.flags & ALERTED
    if alert:
        unit.flags |= ALERTED
    suspected = bool(unit.flags & ALERTED)
    reasons = reasons_of(unit, batch) if suspected or unit.shown_at else ()
    return Suspicion(score, alert, suspected, bool(unit.shown_at), reasons)


def _plain(city):
    return city.strip().removesuffix("市")
