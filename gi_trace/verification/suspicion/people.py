"""Who looks, whatever the place: households, visitors, colleagues, audiences, traders, buyers. Pure."""

from functools import cache
from math import exp, log

from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.state import DEVICES, SAMPLE, TRADERS, Back


def weight_of_next(unit, gap):
    """Weight of a new device after `gap` seconds: little in a burst, next to nothing after a public show."""
    unit.recent *= exp(-gap / p.BURST_TIME)
    return public_discount(unit) / (1 + (unit.recent / p.BURST_DEVICES) ** 2)


def public_discount(unit):
    return p.AFTER_PUBLIC if unit.shown_at else 1.0


def count_person(unit, at, gap):
    """One more person. In a burst each counts less against a household, but many are none all the same."""
    if unit.people:
        step = p.CROWD_SOON if gap < p.DAY else p.CROWD_LATER
        unit.crowd += public_discount(unit) * step / (1 + unit.recent)
    unit.people += 1
    unit.recent += 1
    unit.last_at = max(at, unit.last_at)
    if unit.recent >= p.PUBLIC_DEVICES and not unit.shown_at:
        unit.shown_at = at


def people_evidence(unit):
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
def _against_buyers(never, soon, late):
    """Log likelihood ratios of a display's visitors and of an office's colleagues to buyers of copies."""
    buyers = p.BUYERS.log_chance(never, soon, late)
    return tuple(story.log_chance(never, soon, late) - buyers for story in (p.VISITORS, p.COLLEAGUES))


def note_return(unit, device, gap):
    """The first return of a device counts; one within an hour is of the same visit."""
    if gap > p.VISIT and unit.sample.get(device) is Back.NEVER:
        unit.sample[device] = Back.SOON if gap < p.SOON else Back.LATE


def remember_device(unit, device, entry):
    """Keep the latest devices with what is known of them."""
    if len(unit.devices) >= DEVICES:
        del unit.devices[next(iter(unit.devices))]
    unit.devices[device] = entry


def sample_device(unit, device):
    """Those with the lowest hashes are a fair sample of all, of which every return is seen."""
    if len(unit.sample) >= SAMPLE:
        highest = max(unit.sample)
        if device > highest:
            return
        del unit.sample[highest]
    unit.sample[device] = Back.NEVER


def is_trader(batch, device):
    """Count one more unit of this batch for the device: does it trade in them?"""
    units = batch.traders.pop(device, 0) + 1
    if len(batch.traders) >= TRADERS:
        del batch.traders[min(batch.traders, key=batch.traders.__getitem__)]
    batch.traders[device] = units
    return units >= p.TRADE_UNITS
