"""Who looks: households, audiences, traders and holders of packs, whatever the place. Pure."""

from math import exp

from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.state import DEVICES, GONE, TRADERS


def weight_of_next(unit, gap):
    """Weight of a new device after `gap` seconds: little in a burst, next to nothing after a public show."""
    unit.recent *= exp(-gap / p.BURST_TIME)
    return public_discount(unit) / (1 + (unit.recent / p.BURST_DEVICES) ** 2)


def public_discount(unit):
    return p.AFTER_PUBLIC if unit.shown_at else 1.0


def count_person(unit, at, gap, weight):
    if unit.people:
        step = p.CROWD_SOON if gap < p.DAY else p.CROWD_LATER
        unit.crowd = min(p.CROWD_MOST, unit.crowd + weight * step)
    unit.people += 1
    unit.recent += 1
    unit.last_at = max(at, unit.last_at)
    if unit.recent >= p.PUBLIC_DEVICES and not unit.shown_at:
        unit.shown_at = at


def crowd_evidence(unit):
    """People alone, as far as they are not all in one city: that is what a display looks like."""
    if not unit.crowd or len(unit.cities) < 2:
        return 0.0
    counts = [people for _, people in unit.cities.values()]
    beside = 1 - max(counts) / sum(counts)
    return unit.crowd * min(1.0, beside / p.CROWD_SPREAD)


def remember_device(unit, device, entry):
    """Keep the latest devices with what is known of them, and of older ones that they were there."""
    if len(unit.devices) >= DEVICES:
        oldest = next(iter(unit.devices))
        del unit.devices[oldest]
        unit.gone = (*unit.gone, oldest)[-GONE:]
    unit.devices[device] = entry


def held_evidence(unit):
    """Devices that come back between others: packs still in several hands."""
    if not unit.holders:
        return 0.0
    back, rest = unit.holders, unit.people - unit.holders
    display = p.HELD_AGAINST_DISPLAY[0] * back + p.HELD_AGAINST_DISPLAY[1] * rest
    office = p.HELD_AGAINST_OFFICE[0] * back + p.HELD_AGAINST_OFFICE[1] * rest
    whole = min(1.0, unit.people / p.HELD_PEOPLE)
    return max(0.0, min(p.HELD_MOST, display * whole, office * whole))


def is_trader(batch, device):
    """Count one more unit of this batch for the device: does it trade in them?"""
    units = batch.traders.pop(device, 0) + 1
    if len(batch.traders) >= TRADERS:
        del batch.traders[min(batch.traders, key=batch.traders.__getitem__)]
    batch.traders[device] = units
    return units >= p.TRADE_UNITS
