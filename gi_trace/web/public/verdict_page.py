"""What a verdict's page shows: its shape, which the template branches on, and its values, in words."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gi_trace.batches.rules import StopKind
from gi_trace.codes.unit_code import batch_text
from gi_trace.registry.rules import Basis, RightState
from gi_trace.verification.looking.issued import IssuedBatch, StopFacts
from gi_trace.verification.looking.look import Look
from gi_trace.verification.rules import (
    TAKEN_OUT,
    Finding,
    UnitFacts,
    Verdict,
    findings_of,
    right_loss,
    right_today,
)
from gi_trace.verification.suspicion import BatchState, UnitState
from gi_trace.verification.suspicion import words as suspicion_words
from gi_trace.web.verdict_words import VERDICT_WORDS, Words
from gi_trace.web.words import day_text, grams_number, grouped, moment_text, number_text

STEPS = ("harvest", "processing", "opening")
STOP_OF = {
    Verdict.COUNTERFEIT: StopKind.COUNTERFEIT,
    Verdict.RECALLED: StopKind.RECALL,
    Verdict.ON_HOLD: StopKind.HOLD,
}
PLAIN = {Verdict.NOT_ACTIVATED, Verdict.PAST_DATE, Verdict.VALID}  # nothing to tell but the verdict itself


class Shape(NamedTuple):
    """`findings` and what follows are empty for a code that is not of ours."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    basis: Basis | None = None
    right_today: RightState | None = None
    is_lost: bool = False
    has_best_before: bool = False
    has_reason: bool = False
    is_taken_out: bool = False
    in_kilograms: bool = False
    season: str = ""  # its code
    has_notice: bool = False
    is_lot_stopped: bool = False
    reasons: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()  # texts and their facts
    is_shown: bool = False
    has_towns: bool = False
    steps: tuple[str, ...] = ()  # those of whose days something is known
    is_aged: bool = False
    is_opening_stock: bool = False
    was_checked: bool = False
    has_cities: bool = False

    @property
    def words(self) -> Words:
        return VERDICT_WORDS[self.verdict]

    @property
    def is_ours(self) -> bool:
        return self.basis is not None


def shape_of(look: Look) -> Shape:
    batch, facts, history = look.batch, look.facts, look.history
    if batch is None or facts is None:
        return Shape(look.verdict)
    shape = _shape_of_batch(batch, facts, look.verdict)
    shown, checked = history.publicly_shown, history.checks > 0
    cities = bool(history.first_city and history.last_city)
    if look.verdict in PLAIN:
        return shape._replace(is_shown=shown, was_checked=checked, has_cities=cities)
    stop = stop_of(look)
    return shape._replace(
        has_reason=bool(reason_of(look)[1]),
        has_notice=stop is not None and bool(stop.notice),
        is_lot_stopped=look.verdict in (Verdict.RECALLED, Verdict.ON_HOLD) and stop is None,
        reasons=reasons_of(look),
        is_shown=shown,
        was_checked=checked,
        has_cities=cities,
    )


@lru_cache(maxsize=2000)
def _shape_of_batch(batch: IssuedBatch, facts: UnitFacts, verdict: Verdict) -> Shape:
    """As far as all units of the batch in that state have it."""
    return Shape(
        verdict=verdict,
        findings=findings_of(facts),
        basis=batch.basis,
        right_today=right_today(facts),
        is_lost=right_loss(facts) is not None,
        has_best_before=batch.best_before is not None,
        is_taken_out=verdict in TAKEN_OUT.values(),
        season=batch.season,
        in_kilograms=batch.net_weight_g >= 1000,
        has_towns=bool(batch.origin.get("towns")),
        steps=tuple(step for step in STEPS if step in batch.origin),
        is_aged=bool(batch.aged_years),
        is_opening_stock=batch.claimed_year is not None,
    )


def values_of(look: Look) -> dict[str, str]:
    batch, history = look.batch, look.history
    if batch is None or look.unit is None:
        return {"code": look.code, "typed": look.code}
    since, reason = reason_of(look)
    stop = stop_of(look)
    return _values_of_batch(batch) | {
        "code": grouped(look.code),
        "typed": look.code,
        "since": since,
        "reason": reason,
        "notice": stop.notice if stop else "",
        "checks": number_text(history.checks),
        "first_at": moment_text(history.first_at),
        "first_city": history.first_city or "",
        "last_at": moment_text(history.last_at),
        "last_city": history.last_city or "",
    }


@lru_cache(maxsize=2000)
def _values_of_batch(batch: IssuedBatch) -> dict[str, str]:
    return {
        "product": batch.product,
        "net_weight": grams_number(batch.net_weight_g),
        "party": batch.party,
        "uscc": batch.uscc,
        "right_number": batch.right_number or "—",
        "number": batch_text(batch.number),
        "own_number": batch.own_number,
        "packed_on": day_text(batch.packed_on),
        "best_before": day_text(batch.best_before),
        "towns": "、".join(batch.origin.get("towns", ())),
        "stored_year": str(batch.stored_on.year) if batch.stored_on else "",
        "aged_years": str(batch.aged_years or 0),
        "claimed_year": str(batch.claimed_year or ""),
        **{step: days_text(batch.origin.get(step, ())) for step in STEPS},
    }


def days_text(days: Sequence[str]) -> str:
    """2024-10-01 – 2024-11-20, or one day."""
    return " – ".join(dict.fromkeys(days))


def stop_of(look: Look) -> StopFacts | None:
    """The officer's stop behind the verdict; None too where it flows down from a lot."""
    kind = STOP_OF.get(look.verdict)
    if kind is None or look.batch is None or look.unit is None:
        return None
    return look.batch.stop_on(look.unit, kind)


def reason_of(look: Look) -> tuple[str, str]:
    """(since when, why) of a verdict that has them: of the stop, of the lost right, of the unit taken out."""
    assert look.batch is not None and look.facts is not None and look.unit is not None
    if stop := stop_of(look):
        return day_text(stop.placed_at.date()), stop.reason
    if look.verdict is Verdict.RIGHT_LOST and (loss := right_loss(look.facts)):
        return day_text(loss.on), loss.reason
    if look.verdict in TAKEN_OUT.values() and (latest := look.batch.range_of(look.unit)):
        return day_text(latest.at.date()), ""
    return "", ""


def reasons_of(look: Look) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Why the checks look like those of copies."""
    state = look.history.suspicion
    if look.verdict is not Verdict.SUSPECTED_COPY or not state:
        return ()
    reasons = suspicion_words.reasons_of(UnitState.from_bytes(state), BatchState())
    return tuple((text, tuple(facts.items())) for text, facts in reasons)
