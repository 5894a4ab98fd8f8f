"""Many units of one batch with the same weak signs: what the batch adds to each of them. Pure."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from math import log

from gi_trace.verification.suspicion import parameters as p
from gi_trace.verification.suspicion.memory import BatchMemory, UnitMemory

HONEST = [[log(share) for share in shares] for shares in p.LEVELS_HONEST]
COPIED = [
    [log((1 - part) * honest + part * copied) for honest, copied in zip(shares, p.LEVELS_COPIED, strict=True)]
    for shares in p.LEVELS_HONEST
    for part in p.COPIED_PARTS
]


def count_level(unit: UnitMemory, batch: BatchMemory, evidence: float) -> None:
    """Move the unit up to the level that its own evidence has reached, and weigh the batch anew."""
    level = 0 if unit.shown_at or not unit.people else bisect(p.LEVELS, evidence)
    if level <= unit.level:
        return
    levels = list(batch.levels)
    if unit.level >= 0:
        levels[unit.level] = max(
            0, levels[unit.level] - 1
        )  # the batch's memory may be younger than the unit's
    levels[level] += 1
    unit.level, batch.levels = level, tuple(levels)
    if level:  # most units are looked at once, and each of them hardly changes the balance
        batch.pool = pool_evidence(levels)


def pool_evidence(levels: Sequence[int]) -> float:
    """Nats for copying in the batch, capped: the best copied story against the best honest one."""
    copied, honest = _best(levels, COPIED), _best(levels, HONEST)
    return min(p.POOL_MOST, max(0.0, copied - honest - p.POOL_PRIOR))


def _best(levels: Sequence[int], stories: Iterable[Sequence[float]]) -> float:
    return max(sum(units * weight for units, weight in zip(levels, story, strict=True)) for story in stories)
