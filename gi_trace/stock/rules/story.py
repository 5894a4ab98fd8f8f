"""What the public is told of the chain of one pack: its parts, where and when they grew, dried and lay. Pure.

A rival reads it too. So it tells of one pack, in percents and in weights of two significant digits: an exact share or
weight, held against those of other packs, would give the sizes of lots, and these a firm's stock. Of a part only its
whole percent is told, and its weight is that percent of the pack. No lot, grower, plot, site or firm is named.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from gi_trace.stock.rules.age import until
from gi_trace.stock.rules.carrying import (
    MICROGRAMS,
    Draws,
    Load,
    PublicPlace,
    TracedChain,
    TracedLot,
    beginnings_of,
    carried_back,
    deciding_lot,
)

MOST_PARTS, MOST_PLACES, MOST_TESTS = 6, 5, 5
Told = TypeVar("Told")
Days = tuple[date, date]  # first and last
PartKey = tuple[str, int | None]  # season and claimed year: of opening stock the first is empty


class ChainStepKind(StrEnum):
    HARVEST = "harvest"
    PROCESSING = "processing"
    STORING = "storing"
    OPENING = "opening"
    PACKING = "packing"


@dataclass(frozen=True)
class Grown:
    """`percent` of the pack; of opening stock the place where it was seen."""

    place: PublicPlace
    percent: int


@dataclass(frozen=True)
class Part:
    """`season` is a code, empty of opening stock, whose year is `claimed_year`. `percent` and `grams` are of the pack;
    a percent of 0 is less than one. `stored_on`: seen inside since, as is every gram of it."""

    season: str
    claimed_year: int | None
    percent: int
    grams: int
    stored_on: date | None
    is_deciding: bool  # of the age that the pack says
    places: tuple[Grown, ...]
    more_places: int

    @property
    def is_opening(self) -> bool:
        return not self.season


@dataclass(frozen=True)
class ChainStep:
    """What happened to the pack's contents; `grams` of `material` about, None where nothing was weighed."""

    kind: ChainStepKind
    material: str
    grams: int | None
    days: Days
    places: tuple[PublicPlace, ...] = ()
    was_outside: bool = False  # some of it lay outside of the protected area for a while


@dataclass(frozen=True)
class LabFinding:
    """On a lot that the pack comes from."""

    number: str
    laboratory: str
    tested_on: date
    passed: bool


@dataclass(frozen=True)
class Story:
    """`more_…` are not told one by one; `more_percent` is what more parts hold together."""

    net_weight_g: int
    steps: tuple[ChainStep, ...]
    parts: tuple[Part, ...]
    more_parts: int
    more_percent: int
    tests: tuple[LabFinding, ...]
    more_tests: int

    @property
    def is_blend(self) -> bool:
        return len(self.parts) + self.more_parts > 1

    @property
    def deciding(self) -> Part | None:
        return next((part for part in self.parts if part.is_deciding), None)

    @property
    def grown_in(self) -> tuple[PublicPlace, ...]:
        return tuple({grown.place: None for part in self.parts if part.season for grown in part.places})

    @property
    def stored_in(self) -> tuple[PublicPlace, ...]:
        return tuple({place: None for step in self.steps for place in step.places})


def story_of(
    chain: TracedChain,
    draws: Draws,
    *,
    net_weight_g: int,
    packed_on: date,
    tests: Iterable[LabFinding] = (),
    sites: Mapping[int, PublicPlace | None] | None = None,
) -> Story:
    """`sites` are the places of stores by id."""
    loads = carried_back(chain, draws, net_weight_g, packed_on)
    groups = _grouped(chain, loads)
    deciding = _deciding_key(chain, draws, packed_on, groups)
    shown, more = _foremost({key: sum(group.values()) for key, group in groups.items()}, deciding)
    left = sum(sum(groups[key].values()) for key in more)
    *percents, more_percent = in_hundred([*(sum(groups[key].values()) for key in shown), left])
    grams = in_hundred([*percents, more_percent], whole=net_weight_g)
    parts = tuple(
        _part(key, percent, weight, groups[key], loads, is_deciding=key == deciding)
        for key, percent, weight in zip(shown, percents, grams, strict=False)
    )
    told = sorted(tests, key=lambda test: (test.passed, -test.tested_on.toordinal()))
    shown_reports = _first(told, MOST_TESTS)
    return Story(
        net_weight_g=net_weight_g,
        steps=tuple(_steps(chain, loads, net_weight_g, packed_on, sites or {}, draws)),
        parts=parts,
        more_parts=len(more),
        more_percent=more_percent,
        tests=tuple(shown_reports),
        more_tests=len(told) - len(shown_reports),
    )


def about(grams: int) -> int:
    """To two significant digits, which tell no yield exactly: 2174 → 2200."""
    unit = 10 ** max(0, len(str(grams)) - 2)
    return (grams + unit // 2) // unit * unit


def in_hundred(weights: Sequence[int], *, whole: int = 100) -> list[int]:
    """Whole numbers in proportion to weights that add up to the whole, each less than one away from its exact share."""
    total = sum(weights) or 1
    given = [whole * weight // total for weight in weights]
    rests = [-(whole * weight % total) for weight in weights]
    for place in sorted(range(len(weights)), key=rests.__getitem__)[
        : whole - sum(given) if sum(weights) else 0
    ]:
        given[place] += 1
    return given


def _grouped(chain: TracedChain, loads: Mapping[int, Load]) -> dict[PartKey, dict[TracedLot, int]]:
    """The beginnings of the pack by part, with what each holds of its weight."""
    groups: dict[PartKey, dict[TracedLot, int]] = {}
    begun = [chain.lots[one] for one in sorted(loads) if chain.is_beginning(one) and loads[one].pack]
    all_claimed = not any(lot.season for lot in begun)
    for lot in begun:
        groups.setdefault(_key(lot, all_claimed), {})[lot] = loads[lot.id].pack
    return groups


def _key(lot: TracedLot, all_claimed: bool) -> PartKey:
    """Of what is mixed with traced goods no claimed year is told, as on its label."""
    return lot.season, lot.claimed_year if all_claimed else None


def _deciding_key(
    chain: TracedChain,
    draws: Draws,
    packed_on: date,
    groups: Mapping[PartKey, Collection[TracedLot]],
) -> PartKey | None:
    """Of several harvests that were dried together the latest."""
    found = deciding_lot(chain, draws, packed_on)
    if found is None:
        return None
    begun = {chain.lots[one] for one in beginnings_of(chain, found)}
    return max(
        (key for key, lots in groups.items() if not begun.isdisjoint(lots)), key=_in_time, default=None
    )


def _foremost(weights: Mapping[PartKey, int], first: PartKey | None) -> tuple[list[PartKey], list[PartKey]]:
    """The heaviest parts, and the one that must be told, in the order of time; and all others."""
    ranked = sorted(weights, key=lambda key: (key != first, -weights[key], _in_time(key)))
    shown = _first(ranked, MOST_PARTS)
    return sorted(shown, key=_in_time), ranked[len(shown) :]


def _first(ranked: Sequence[Told], most: int) -> Sequence[Told]:
    """One more rather than "one other"."""
    return ranked[:most] if len(ranked) > most + 1 else ranked


def _in_time(key: PartKey) -> tuple[str, int]:
    return key[0], key[1] or 0


def _part(
    key: PartKey,
    percent: int,
    grams: int,
    group: Mapping[TracedLot, int],
    loads: Mapping[int, Load],
    *,
    is_deciding: bool,
) -> Part:
    weights: dict[PublicPlace, int] = {}
    for lot, pack in group.items():
        if lot.place:
            weights[lot.place] = weights.get(lot.place, 0) + pack
    ranked = sorted(weights, key=lambda place: (-weights[place], place.name))
    shown = _first(ranked, MOST_PLACES)
    left = sum(group.values()) - sum(weights[place] for place in shown)
    percents = in_hundred([*(weights[place] for place in shown), left], whole=percent)
    days = [day for lot in group if (day := loads[lot.id].stored_on)]
    return Part(
        *key,
        percent=percent,
        grams=grams,
        stored_on=max(days, default=None),
        is_deciding=is_deciding,
        places=tuple(map(Grown, shown, percents)),
        more_places=len(ranked) - len(shown),
    )


def _steps(
    chain: TracedChain,
    loads: Mapping[int, Load],
    net_weight_g: int,
    packed_on: date,
    sites: Mapping[int, PublicPlace | None],
    draws: Draws,
) -> Iterable[ChainStep]:
    used = [chain.lots[one] for one, load in sorted(loads.items()) if load.pack]
    begun = [lot for lot in used if chain.is_beginning(lot.id)]
    yield from _weighed(ChainStepKind.HARVEST, [lot for lot in begun if lot.season], loads)
    yield from _weighed(
        ChainStepKind.PROCESSING, [lot for lot in used if chain.made_by_processing(lot.id)], loads
    )
    yield from _weighed(ChainStepKind.OPENING, [lot for lot in begun if not lot.season], loads)
    yield from _stored(used, loads, packed_on, sites)
    material = chain.lots[draws[0][0]].material
    yield ChainStep(ChainStepKind.PACKING, material, net_weight_g, (packed_on, packed_on))


def _weighed(
    kind: ChainStepKind, lots: Sequence[TracedLot], loads: Mapping[int, Load]
) -> Iterable[ChainStep]:
    """One step for each material, in the order in which they came to be."""
    by_material: dict[str, list[TracedLot]] = {}
    for lot in lots:
        by_material.setdefault(lot.material, []).append(lot)
    for material, made in by_material.items():
        grams = sum(loads[lot.id].raw for lot in made) // MICROGRAMS
        yield ChainStep(kind, material, about(grams), _span(lot.made_on for lot in made))


def _stored(
    lots: Sequence[TracedLot],
    loads: Mapping[int, Load],
    packed_on: date,
    sites: Mapping[int, PublicPlace | None],
) -> Iterable[ChainStep]:
    """Where what ages lay while it was on its way into the pack, and since when that was seen."""
    stays = [
        stay
        for lot in lots
        for stay in until(lot.stays, loads[lot.id].used_on)
        if not stay.claimed and stay.site_id in sites
    ]
    if stays:
        inside = [stay for stay in stays if stay.inside]
        first = min(stay.starts_on for stay in inside or stays)
        places = {place for stay in inside if stay.site_id and (place := sites[stay.site_id])}
        shown = tuple(sorted(places, key=lambda place: place.name))[:MOST_PLACES]
        material = next(lot.material for lot in lots if lot.ages)
        was_outside = len(inside) < len(stays)
        yield ChainStep(ChainStepKind.STORING, material, None, (first, packed_on), shown, was_outside)


def _span(days: Iterable[date]) -> Days:
    found = sorted(days)
    return found[0], found[-1]
