"""What is said of a code. One way leads here, and whoever shows the answer decides nothing any more. Pure.

address → opened code → issued batch and history → `answer_of` → page, JSON, inspector's view, offline pack
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.codes.reading import ReadText
from gi_trace.codes.unit_code import Origin
from gi_trace.registry.rules import (
    ChangeKind,
    Right,
    RightChange,
    RightState,
    Suspension,
    covers_packing_on,
    held_since,
    last_change,
    lost_for_cause,
    state_on,
    suspensions_since,
)
from gi_trace.verification.history import NEVER, History
from gi_trace.verification.issued import IssuedBatch, IssuedStop, StateSince
from gi_trace.verification.suspicion import Sign, signs_of
from gi_trace.verification.verdicts import Point, Verdict

ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
VERDICT_OF_STOP = {
    StopKind.COUNTERFEIT: Verdict.COUNTERFEIT,
    StopKind.RECALL: Verdict.RECALLED,
    StopKind.HOLD: Verdict.ON_HOLD,
}
VERDICT_OF_STATE = {
    None: Verdict.NOT_ACTIVATED,
    UnitState.VOID: Verdict.VOID,
    UnitState.LOST: Verdict.LOST,
    UnitState.RETURNED: Verdict.RETURNED,
    UnitState.DESTROYED: Verdict.DESTROYED,
}


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What decides the verdict of a unit of ours; days are Shanghai days."""

    right: Right
    packed_on: date
    today: date
    state: UnitState | None = UnitState.ACTIVATED
    best_before: date | None = None
    stops: frozenset[StopKind] = frozenset()  # on the unit, its batch or a lot that the batch was made from
    cancelled: bool = False
    suspected: bool = False

    @property
    def was_covered(self) -> bool:
        return covers_packing_on(self.right, self.packed_on)

    @property
    def right_loss(self) -> RightChange | None:
        return lost_for_cause(self.right, self.today)

    @property
    def right_held_since(self) -> date | None:
        return held_since(self.right, self.today)

    @property
    def suspensions(self) -> tuple[Suspension, ...]:
        """Since packing, and over: told with their days, whatever stands today."""
        return suspensions_since(self.right, self.packed_on)

    @property
    def was_right_kept(self) -> bool:
        """Never since packing suspended or withdrawn for cause; what was revoked never happened."""
        return self.right_loss is None and not any(one.for_cause for one in self.suspensions)

    @property
    def is_past_date(self) -> bool:
        return self.best_before is not None and self.today > self.best_before


class Reason(NamedTuple):
    """Since when a verdict stands, and what the authority tells the public of it; None: the enterprise registered it."""

    since: date
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a code that is not of ours, or a sample, only verdict, code and origin are told."""

    verdict: Verdict
    code: str
    origin: Origin = Origin.OURS  # why it is not of ours
    batch: IssuedBatch | None = None
    unit: int = 0
    history: History = NEVER
    holding: frozenset[Point] = frozenset()  # of the single checks
    right_today: RightState | None = None  # told apart: its end may be no fault
    is_right_lost: bool = False  # for cause, today
    is_right_held: bool = False  # until it is decided
    end_notice: str = ""  # what is told of an end of the right that is no fault
    suspensions: tuple[Suspension, ...] = ()  # of the right since packing, all over
    reason: Reason | None = None
    signs: tuple[Sign, ...] = ()  # of copies, where they are suspected
    reading: ReadText | None = None  # of what is no code in an address of ours

    @property
    def is_stopped_by_lot(self) -> bool:
        return self.verdict in (Verdict.RECALLED, Verdict.ON_HOLD) and self.reason is None


def verdict_of(facts: UnitFacts) -> Verdict:
    """The first line that applies (what is no code, elsewhere, not ours or a sample has no facts):

    officer confirmed a counterfeit series with this unit  → COUNTERFEIT
    batch or unit recalled                                 → RECALLED
    right not in force on the packing date                 → RIGHT_NOT_IN_FORCE
    batch, unit or right on hold                           → ON_HOLD
    batch cancelled by its enterprise                      → CANCELLED
    unit void, lost, returned or destroyed                 → VOID, LOST, RETURNED, DESTROYED
    right suspended or withdrawn for cause since           → RIGHT_LOST
    unit never activated                                   → NOT_ACTIVATED
    today after best before                                → PAST_DATE
    history of checks looks copied                         → SUSPECTED_COPY
    otherwise, also when the right lapsed without fault    → VALID
    """
    news = [VERDICT_OF_STOP[kind] for kind in facts.stops]
    news.append(VERDICT_OF_STATE.get(facts.state, Verdict.VALID))
    lines = (
        (not facts.was_covered, Verdict.RIGHT_NOT_IN_FORCE),
        (facts.right_held_since is not None, Verdict.ON_HOLD),
        (facts.cancelled, Verdict.CANCELLED),
        (facts.right_loss is not None, Verdict.RIGHT_LOST),
        (facts.is_past_date, Verdict.PAST_DATE),
        (facts.suspected, Verdict.SUSPECTED_COPY),
    )
    return min([*news, *(verdict for applies, verdict in lines if applies)], key=ORDER.__getitem__)


def points_holding(facts: UnitFacts) -> frozenset[Point]:
    copied = facts.suspected or StopKind.COUNTERFEIT in facts.stops
    stopped = facts.cancelled or facts.right_held_since or not facts.stops <= {StopKind.COUNTERFEIT}
    lines = (
        (True, Point.ISSUED),
        (facts.was_covered, Point.RIGHT_THEN),
        (facts.was_right_kept, Point.RIGHT_KEPT),
        (not stopped, Point.NOT_STOPPED),
        (facts.state is UnitState.ACTIVATED, Point.ACTIVATED),
        (not facts.is_past_date, Point.IN_DATE),
        (not copied, Point.NOT_COPIED),
    )
    return frozenset(point for holds, point in lines if holds)


def answer_of(code: str, batch: IssuedBatch, unit: int, history: History, today: date) -> Answer:
    """Of a unit of ours; `history` is that of the checks before this one."""
    judged = _judged(batch, batch.state_of(unit), batch.stops_of(unit), history.suspected, today)
    answer = judged(code=code, unit=unit, history=history)
    if answer.verdict is Verdict.SUSPECTED_COPY:
        return replace(answer, signs=signs_of(history.suspicion))
    return answer


@lru_cache(maxsize=2000)
def _judged(
    batch: IssuedBatch, state: StateSince | None, stops: tuple[IssuedStop, ...], suspected: bool, today: date
) -> partial[Answer]:
    """As far as all units of the batch in that state share it."""
    facts = unit_facts(batch, state, stops, today, suspected=suspected)
    verdict = verdict_of(facts)
    return partial(
        Answer,
        verdict,
        batch=batch,
        holding=points_holding(facts),
        right_today=state_on(batch.right, today),
        is_right_lost=facts.right_loss is not None,
        is_right_held=facts.right_held_since is not None,
        end_notice=_end_notice(facts),
        suspensions=facts.suspensions,
        reason=_reason_of(verdict, facts, state, stops),
    )


def unit_facts(
    batch: IssuedBatch,
    state: StateSince | None,
    stops: tuple[IssuedStop, ...],
    today: date,
    *,
    suspected: bool = False,
) -> UnitFacts:
    through_lots = {StopKind.HOLD: batch.lot_holds, StopKind.RECALL: batch.lot_recalls}
    return UnitFacts(
        right=batch.right,
        packed_on=batch.packed_on,
        today=today,
        state=state.state if state else None,
        best_before=batch.best_before,
        stops=frozenset(kind for kind, count in through_lots.items() if count)
        | {stop.kind for stop in stops},
        cancelled=batch.cancelled_at is not None,
        suspected=suspected,
    )


def _end_notice(facts: UnitFacts) -> str:
    last = last_change(facts.right, facts.today)
    return last.notice if last and not facts.right_loss and last.kind is not ChangeKind.RESUMED else ""


def _reason_of(
    verdict: Verdict, facts: UnitFacts, state: StateSince | None, stops: tuple[IssuedStop, ...]
) -> Reason | None:
    for stop in stops:
        if VERDICT_OF_STOP[stop.kind] is verdict:
            return Reason(stop.placed_on, stop.notice)
    if verdict is Verdict.ON_HOLD and (held := facts.right_held_since):
        return Reason(held, "")
    if verdict is Verdict.RIGHT_LOST and (loss := facts.right_loss):
        return Reason(loss.on, loss.notice)
    if state and VERDICT_OF_STATE.get(state.state) is verdict:
        return Reason(state.on)
    return None
