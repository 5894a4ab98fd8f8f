"""The weight of one pack, carried back through the chain to what was picked. Pure, in whole micrograms.

A child's number is higher than its parents', so lots are passed once, from the last made to the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gi_trace.stock.rules.age import Stays, age_of, seen_rank, until
from gi_trace.stock.rules.postings import shares

MICROGRAMS = 1_000_000  # of a gram
Draws = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class PublicPlace:
    """Where something was grown or kept, as the public may know it; `town` is the code of the area that it lies in."""

    name: str
    town: str


@dataclass(frozen=True)
class TracedLot:
    """`made_g` were made of its parents; `place`, `season` (its code) and `claimed_year` are of what has none."""

    id: int
    material: str
    ages: bool
    made_on: date
    made_g: int = 0
    place: PublicPlace | None = None
    season: str = ""
    claimed_year: int | None = None
    stays: Stays = ()
    losses: Sequence[tuple[date, int]] = ()


@dataclass(frozen=True)
class TracedChain:
    """All lots by id, and of each the (id, grams) that went into it."""

    lots: Mapping[int, TracedLot]
    parents: Mapping[int, Draws]

    def is_beginning(self, lot_id: int) -> bool:
        return not self.parents.get(lot_id)

    def made_by_processing(self, lot_id: int) -> bool:
        made_of = self.parents.get(lot_id, ())
        return any(self.lots[one].material != self.lots[lot_id].material for one, grams in made_of if grams)


@dataclass
class Load:
    """What of a pack came through a lot: `pack` of its weight, for which the lot had to be made with `raw` of its own
    material; until which day it lay there; and on which day it was first seen inside."""

    pack: int = 0
    raw: int = 0
    used_on: date = date.min
    stored_on: date | None = None

    def add(self, pack: int, raw: int, used_on: date, stored_on: date | None) -> None:
        self.pack += pack
        self.raw += raw
        self.used_on = max(self.used_on, used_on)
        self.stored_on = min((day for day in (self.stored_on, stored_on) if day), default=None)


def carried_back(chain: TracedChain, draws: Draws, net_weight_g: int, packed_on: date) -> dict[int, Load]:
    """By lot. What a lot lost before it was used is borne by all of it alike."""
    loads = {lot_id: Load() for lot_id in chain.lots}
    whole = net_weight_g * MICROGRAMS
    for lot_id, part in _divided(whole, draws):
        loads[lot_id].add(part, part, packed_on, None)
    for lot_id in sorted(chain.lots, reverse=True):
        lot, load = chain.lots[lot_id], loads[lot_id]
        made_of = chain.parents.get(lot_id, ())
        if lot.ages:
            load.stored_on = age_of(lot.stays, load.used_on).stored_on or load.stored_on
        load.raw = _before_losses(lot, load)
        for (parent, grams), (_, part) in zip(made_of, _divided(load.pack, made_of), strict=True):
            loads[parent].add(part, load.raw * grams // lot.made_g, lot.made_on, load.stored_on)
    return loads


def deciding_lot(chain: TracedChain, draws: Draws, packed_on: date) -> int | None:
    """Of what ages, the first lot of the part whose seen days are the pack's age: the rule of `age.youngest`, upward."""
    found, made_of, day = None, draws, packed_on
    while lots := [chain.lots[one] for one, _ in made_of if chain.lots[one].stays]:
        youngest = min(lots, key=lambda lot: seen_rank(until(lot.stays, day), day))
        found, made_of, day = youngest.id, chain.parents.get(youngest.id, ()), youngest.made_on
    return found


def beginnings_of(chain: TracedChain, lot_id: int) -> set[int]:
    """The lots without parents that a lot comes from."""
    reached = {lot_id}
    for one in sorted(chain.lots, reverse=True):
        if one in reached:
            reached.update(parent for parent, _ in chain.parents.get(one, ()))
    return {one for one in reached if chain.is_beginning(one)}


def _divided(whole: int, parts: Draws) -> Iterator[tuple[int, int]]:
    weights = [grams for _, grams in parts]
    given = shares(whole, weights) if any(weights) else [whole // len(weights) for _ in weights]
    return zip((lot_id for lot_id, _ in parts), given, strict=True)


def _before_losses(lot: TracedLot, load: Load) -> int:
    lost_g = sum(grams for on, grams in lot.losses if on <= load.used_on)
    left_g = lot.made_g - lost_g
    return load.raw * lot.made_g // left_g if 0 < left_g else load.raw
