"""What a change of a right, or a stop, would change for the public, before anybody decides it: nothing is written. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gi_trace.batches.rules import UnitState
from gi_trace.verification.answer import unit_facts, verdict_of
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.verdicts import Verdict

DECIDING = ("right", "stops")  # what changes nothing but the verdict


@dataclass(frozen=True)
class Foresight:
    """How many units would have another verdict, or other facts beside it; and a unit to show: (batch as it would be,
    unit), one that changes where any does; None without batches."""

    units: int
    shown: tuple[IssuedBatch, int] | None


def foresee(batches: Iterable[IssuedBatch], today: date, **changed: Any) -> Foresight:
    """`changed` are facts of every batch as they would be, such as `right` or `stops`. What is suspected of units is left
    aside."""
    units, best, shown = 0, (-1, -1), None
    for batch in batches:
        after = replace(batch, **changed)
        is_restated = any(
            getattr(batch, name) != value for name, value in changed.items() if name not in DECIDING
        )
        for first, last in _alike(batch, after):
            changes = is_restated or _verdict(batch, first, today) is not _verdict(after, first, today)
            units += (last - first + 1) * changes
            if (rank := (changes, _is_in_market(batch, first))) > best:
                best, shown = rank, (after, first)
    return Foresight(units, shown)


def _alike(batch: IssuedBatch, after: IssuedBatch) -> Iterator[tuple[int, int]]:
    """First and last of units in the same state under the same stops, now and then."""
    firsts = {segment.first for segment in batch.states}
    firsts |= {
        edge for stop in (*batch.stops, *after.stops) for edge in (stop.first_unit, stop.last_unit + 1)
    }
    starts = sorted(first for first in firsts if first <= batch.units)
    for first, following in zip(starts, [*starts[1:], batch.units + 1], strict=True):
        yield first, following - 1


def _verdict(batch: IssuedBatch, unit: int, today: date) -> Verdict:
    return verdict_of(unit_facts(batch, batch.state_of(unit), batch.stops_of(unit), today))


def _is_in_market(batch: IssuedBatch, unit: int) -> bool:
    state = batch.state_of(unit)
    return state is not None and state.state is UnitState.ACTIVATED
