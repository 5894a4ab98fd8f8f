"""A batch as its labels tell it, with all that happened to it. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple, TypeVar

from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.batches.unit_states import Segment
from gi_trace.registry.glossary import Glossary
from gi_trace.registry.rules import Basis, Right

Said = TypeVar("Said")


class StateSince(NamedTuple):
    state: UnitState
    on: date


@dataclass(frozen=True, slots=True)
class IssuedStop:
    """An officer's stop that stands; `notice` is what the public reads."""

    kind: StopKind
    first_unit: int
    last_unit: int
    notice: str
    placed_on: date


@dataclass(frozen=True, slots=True, eq=False)
class IssuedBatch:
    """Product, party, code and right number are those on its packs.

    `states` and `activations` are in order and hold every unit. One that was read anew is another one."""

    right: Right
    stops: Sequence[IssuedStop]
    states: Sequence[Segment[StateSince]]
    activations: Sequence[Segment[datetime]]
    number: int
    epoch: int
    units: int
    own_number: str
    season: str
    net_weight_g: int
    packed_on: date
    best_before: date | None
    cancelled_on: date | None
    lot_holds: int
    lot_recalls: int
    product: str
    gtin: str | None
    party: str
    uscc: str
    basis: Basis
    right_number: str
    # What is called otherwise now than it was printed, else empty; and who stands for the enterprise now.
    product_now: str
    party_now: str
    uscc_now: str
    right_number_now: str
    successors: str
    aged_years: int | None
    stored_on: date | None
    claimed_year: int | None
    lot_stopped_on: Mapping[StopKind, date] = field(default_factory=dict)  # the earliest day of each kind
    glossary: Glossary = field(default_factory=Glossary)  # as it was when the batch was read

    def state_of(self, unit: int) -> StateSince | None:
        return _said_of(self.states, unit)

    def activated_at(self, unit: int) -> datetime | None:
        """When it last came into the market, wherever it is now."""
        return _said_of(self.activations, unit)

    def stops_of(self, unit: int) -> tuple[IssuedStop, ...]:
        return tuple(stop for stop in self.stops if stop.first_unit <= unit <= stop.last_unit)


def _said_of(segments: Sequence[Segment[Said]], unit: int) -> Said | None:
    return segments[bisect_right(segments, unit, key=attrgetter("first")) - 1].state
