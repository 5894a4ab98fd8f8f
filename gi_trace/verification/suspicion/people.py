"""Who looks, whatever the place: households, visitors, colleagues, audiences, traders, buyers. Pure."""

from functools import cache
from math import exp, log

from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.memory import (
    DEVICES,
    SAMPLE,
    TRADERS,
    Back,
    BatchMemory,
    Device,
    UnitMemory,
)


def fade_recent(unit: UnitMemory, gap: float) -> None:
    """`gap` seconds after the device before."""
    unit.recent *= exp(-gap / p.BURST_TIME)


def weight_of_next(unit: UnitMemory) -> float:
    """Weight of a new device: little in a burst, next to nothing after a public show."""
    return public_discount(unit) / (1 + (unit.recent / p.BURST_DEVICES) ** 2)


def public_discount(unit: UnitMemory) -> float:
    return p.AFTER_PUBLIC if unit.shown_at else 1.0


def count_person(unit: UnitMemory, at: int, gap: float) -> None:
    """One more person. In a burst each counts less against a household, but many are none all the same."""
    if unit.people:
        step = p.CROWD_SOON if gap < p.DAY else p.CROWD_LATER
        unit.crowd += public_discount(unit) * step / (1 + unit.recent)
    unit.people += 1
    unit.recent += 1
    unit.last_at = max(at, unit.last_at)
    if unit.recent >= p.PUBLIC_DEVICES and not unit.shown_at:
        unit.shown_at = at


def people_evidence(unit: UnitMemory) -> float:
    """How badly the best honest story explains so many people, of whom so many came back.

    A household has few people. A display or a restaurant has any number, who hardly come back; an office has
    some, who come back now and then; buyers of copies are any number, and some soon look again at home.
    """
    if not unit.crowd:
        return 0.0
    backs = list(unit.sample.values())
    soon, late = backs.count(Back.SOON), backs.count(Back.LATE)
    display, office = _against_buyers(len(backs) - soon - late, soon, late)
    too_many = max(0, unit.people - p.OFFICE_PEOPLE) / p.OFFICE_MORE
    stories = (-unit.crowd, p.DISPLAYS + display, p.OFFICES + office - too_many)
    return max(0.0, -log(sum(map(exp, stories))))


@cache  # a sample is small, so there are few different ones
def _against_buyers(never: int, soon: int, late: int) -> tuple[float, float]:
    """Log likelihood ratios of a display's visitors and of an office's colleagues to buyers of copies."""
    visitors, colleagues, buyers = (
        story.log_chance(never, soon, late) for story in (p.VISITORS, p.COLLEAGUES, p.BUYERS)
    )
    return visitors - buyers, colleagues - buyers


def note_return(unit: UnitMemory, device: int, gap: float) -> None:
    """The first return of a device counts; one within an hour is of the same visit."""
    if gap > p.VISIT and unit.sample.get(device) is Back.NEVER:
        unit.sample[device] = Back.SOON if gap < p.SOON else Back.LATE


def remember_device(unit: UnitMemory, device: int, entry: Device) -> None:
    """Keep the latest devices with what is known of them."""
    if len(unit.devices) >= DEVICES:
        del unit.devices[next(iter(unit.devices))]
    unit.devices[device] = entry


def sample_device(unit: UnitMemory, device: int) -> None:
    """Those with the lowest hashes are a fair sample of all, of which every return is seen."""
    if len(unit.sample) >= SAMPLE:
        highest = max(unit.sample)
        if device > highest:
            return
        del unit.sample[highest]
    unit.sample[device] = Back.NEVER


def count_unit(batch: BatchMemory, device: int) -> int:
    """One more unit of this batch for the device; returns how many it has looked at."""
    units = min(65535, batch.traders.pop(device, 0) + 1)
    if len(batch.traders) >= TRADERS:
        del batch.traders[min(batch.traders, key=batch.traders.__getitem__)]
    batch.traders[device] = units
    return units
