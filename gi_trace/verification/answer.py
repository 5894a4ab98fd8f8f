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
    last_change_for_packing_on,
    lost_for_cause,
    state_for_packing_on,
    state_on,
    suspensions_since,
)
from gi_trace.verification.history import NEVER, History
from gi_trace.verification.issued import IssuedBatch, IssuedStop, StateSince
from gi_trace.verification.suspicion import Sign, signs_of
from gi_trace.verification.verdicts import Point, SingleCheck, Verdict

ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
FOUND_THEN = {
    RightState.IN_FORCE: SingleCheck.IN_FORCE_THEN,
    RightState.NOT_YET: SingleCheck.NOT_YET_THEN,
    RightState.SUSPENDED: SingleCheck.SUSPENDED_THEN,
    RightState.WITHDRAWN: SingleCheck.WITHDRAWN_THEN,
    RightState.ENDED: SingleCheck.ENDED_THEN,
    RightState.EXPIRED: SingleCheck.EXPIRED_THEN,
}
FOUND_OF_LABEL = {
    None: SingleCheck.NOT_ACTIVATED,
    UnitState.ACTIVATED: SingleCheck.ACTIVATED,
    UnitState.VOID: SingleCheck.VOID,
    UnitState.LOST: SingleCheck.LOST,
    UnitState.RETURNED: SingleCheck.RETURNED,
    UnitState.DESTROYED: SingleCheck.DESTROYED,
}
FOUND_OF_STOP = {
    StopKind.COUNTERFEIT: SingleCheck.IMITATED,
    StopKind.RECALL: SingleCheck.RECALLED,
    StopKind.HOLD: SingleCheck.ON_HOLD,
}
TOLD_BY_A_CHANGE = (SingleCheck.SUSPENDED_THEN, SingleCheck.WITHDRAWN_THEN, SingleCheck.ENDED_THEN)
BY_LOT = {SingleCheck.RECALLED: SingleCheck.RECALLED_BY_LOT, SingleCheck.ON_HOLD: SingleCheck.ON_HOLD_BY_LOT}
VERDICT_OF_STOP: dict[StopKind, Verdict] = {kind: found.verdict for kind, found in FOUND_OF_STOP.items()}
VERDICT_OF_STATE: dict[UnitState | None, Verdict] = {
    state: found.verdict for state, found in FOUND_OF_LABEL.items() if found.verdict is not Verdict.VALID
}


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What decides the verdict of a unit of ours; days are Shanghai days."""

    right: Right
    packed_on: date
    today: date
    state: UnitState | None = UnitState.ACTIVATED
    best_before: date | None = None
    stops: frozenset[StopKind] = frozenset()  # on the unit or its batch
    cancelled: bool = False
    suspected: bool = False
    lot_stops: frozenset[StopKind] = frozenset()  # on a lot that the batch was made from

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
    def right_covered_packing(self) -> bool:
        return covers_packing_on(self.right, self.packed_on)

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
    findings: tuple[SingleCheck, ...] = ()  # in the order of their points
    because: SingleCheck | None = None  # the one that the verdict rests on
    right_today: RightState | None = None
    end_notice: str = ""  # what is told of an end of the right that is no fault
    suspensions: tuple[Suspension, ...] = ()  # of the right since packing, all over
    reason: Reason | None = None
    signs: tuple[Sign, ...] = ()  # of copies, where they are suspected
    own_checks: int | None = None  # those of the history that whoever looks made himself, where that is known
    reading: ReadText | None = None  # of what is no code in an address of ours

    @property
    def headline(self) -> str:
        """What became of a right is called by its name; else the verdict's own."""
        return headline_of(self.verdict, self.because)


def headline_of(verdict: Verdict, because: SingleCheck | None) -> str:
    return because.label if because and because.point is Point.RIGHT_SINCE else verdict.label


def verdict_of(facts: UnitFacts) -> Verdict:
    """The worst that any finding gives, in the order of `Verdict`: a counterfeit series before a recall, a recall before a
    right that did not cover the packing day, and so on down to suspicion. What is no code, elsewhere, not ours or a sample
    has no facts."""
    return min((found.verdict for found in findings_of(facts)), key=ORDER.__getitem__)


def findings_of(facts: UnitFacts) -> tuple[SingleCheck, ...]:
    """Of each point the worst, by the order of the verdicts; of the date none where there is none."""
    return (
        SingleCheck.ISSUED,
        FOUND_THEN[state_for_packing_on(facts.right, facts.packed_on)],
        *_found_of_right(facts),
        _found_of_batch(facts),
        FOUND_OF_LABEL[facts.state],
        *_found_of_date(facts),
        _found_of_checks(facts),
    )


def _found_of_right(facts: UnitFacts) -> list[SingleCheck]:
    """Since packing; a suspension that is over is told beside how the right stands today. Of a right that did not cover
    the packing, how it stands now would only comfort."""
    if facts.right_held_since:
        return [SingleCheck.RIGHT_HELD]
    if loss := facts.right_loss:
        return [
            SingleCheck.RIGHT_SUSPENDED if loss.kind is ChangeKind.SUSPENDED else SingleCheck.RIGHT_WITHDRAWN
        ]
    if not facts.right_covered_packing:
        return []
    is_in_force = state_on(facts.right, facts.today) is RightState.IN_FORCE
    today = SingleCheck.RIGHT_IN_FORCE if is_in_force else SingleCheck.RIGHT_OVER
    if not facts.suspensions:
        return [today]
    is_fault = any(one.for_cause for one in facts.suspensions)
    return [SingleCheck.RIGHT_RESUMED if is_fault else SingleCheck.RIGHT_PAUSED, today]


def _found_of_batch(facts: UnitFacts) -> SingleCheck:
    for kind in (StopKind.RECALL, StopKind.HOLD):
        if kind in facts.stops:
            return FOUND_OF_STOP[kind]
        if kind in facts.lot_stops:
            return BY_LOT[FOUND_OF_STOP[kind]]
    return SingleCheck.CANCELLED if facts.cancelled else SingleCheck.IN_ORDER


def _found_of_date(facts: UnitFacts) -> list[SingleCheck]:
    if facts.best_before is None:
        return []
    return [SingleCheck.PAST_DATE if facts.is_past_date else SingleCheck.IN_DATE]


def _found_of_checks(facts: UnitFacts) -> SingleCheck:
    if StopKind.COUNTERFEIT in facts.stops:
        return SingleCheck.IMITATED
    return SingleCheck.COPY_LIKELY if facts.suspected else SingleCheck.ONE_PACK


def answer_of(
    code: str,
    batch: IssuedBatch,
    unit: int,
    history: History,
    today: date,
    *,
    own_checks: int | None = None,
) -> Answer:
    """Of a unit of ours; `history` is that of the checks before this one."""
    judged = _judged(batch, batch.state_of(unit), batch.stops_of(unit), history.suspected, today)
    answer = judged(code=code, unit=unit, history=history, own_checks=own_checks)
    if answer.verdict is Verdict.SUSPECTED_COPY:
        return replace(answer, signs=signs_of(history.suspicion))
    return answer


@lru_cache(maxsize=2000)
def _judged(
    batch: IssuedBatch, state: StateSince | None, stops: tuple[IssuedStop, ...], suspected: bool, today: date
) -> partial[Answer]:
    """As far as all units of the batch in that state share it."""
    facts = unit_facts(batch, state, stops, today, suspected=suspected)
    findings = findings_of(facts)
    because = min(findings, key=lambda found: ORDER[found.verdict])
    verdict = because.verdict
    return partial(
        Answer,
        verdict,
        batch=batch,
        findings=findings,
        because=None if verdict is Verdict.VALID else because,
        right_today=state_on(batch.right, today),
        end_notice=_end_notice(facts),
        suspensions=facts.suspensions if facts.right_covered_packing else (),
        reason=_reason_of(because, facts, batch, state, stops),
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
        stops=frozenset(stop.kind for stop in stops),
        lot_stops=frozenset(kind for kind, count in through_lots.items() if count),
        cancelled=batch.cancelled_on is not None,
        suspected=suspected,
    )


def _end_notice(facts: UnitFacts) -> str:
    if not facts.right_covered_packing:
        return ""
    last = last_change(facts.right, facts.today)
    return last.notice if last and not facts.right_loss and last.kind is not ChangeKind.RESUMED else ""


def _reason_of(
    because: SingleCheck,
    facts: UnitFacts,
    batch: IssuedBatch,
    state: StateSince | None,
    stops: tuple[IssuedStop, ...],
) -> Reason | None:
    if because.point in (Point.RIGHT_THEN, Point.RIGHT_SINCE):
        return _reason_of_right(because, facts)
    if because is SingleCheck.CANCELLED and batch.cancelled_on:
        return Reason(batch.cancelled_on)
    if because.point is Point.LABEL:
        return Reason(state.on) if state else None
    return _reason_of_stop(because, batch, stops)


def _reason_of_stop(because: SingleCheck, batch: IssuedBatch, stops: tuple[IssuedStop, ...]) -> Reason | None:
    for stop in stops:
        if FOUND_OF_STOP[stop.kind] is because:
            return Reason(stop.placed_on, stop.notice)
    for kind, placed_on in batch.lot_stopped_on.items():
        if BY_LOT.get(FOUND_OF_STOP[kind]) is because:
            return Reason(placed_on, "")
    return None


def _reason_of_right(because: SingleCheck, facts: UnitFacts) -> Reason | None:
    if because.verdict is Verdict.RIGHT_NOT_IN_FORCE:
        change = last_change_for_packing_on(facts.right, facts.packed_on)
        return Reason(change.on, change.notice) if change and because in TOLD_BY_A_CHANGE else None
    if because is SingleCheck.RIGHT_HELD and (held := facts.right_held_since):
        return Reason(held, "")
    loss = facts.right_loss
    return Reason(loss.on, loss.notice) if loss and because.verdict is Verdict.RIGHT_LOST else None
