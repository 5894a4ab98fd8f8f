"""The verdict of a check: worst news first. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gi_trace.registry.rules import (
    Right,
    RightChange,
    RightState,
    covers_packing_on,
    lost_for_cause,
    state_on,
)


class Verdict(StrEnum):
    """In the order of the news, the worst first."""

    MALFORMED = "malformed"
    NOT_OURS = "not_ours"
    RIGHT_NOT_IN_FORCE = "right_not_in_force"
    CANCELLED = "cancelled"
    RIGHT_LOST = "right_lost"
    NOT_ACTIVATED = "not_activated"
    VALID = "valid"


@dataclass(frozen=True)
class UnitFacts:
    """What is known of one unit of ours when it is checked; days are Shanghai days."""

    right: Right
    packed_on: date
    today: date
    activated: bool
    cancelled: bool


@dataclass(frozen=True)
class Finding:
    """One of the single checks that the page lists: its name and whether it holds."""

    name: str
    holds: bool


def verdict_of(facts: UnitFacts) -> Verdict:
    """
    right in force on the packing date   no  → RIGHT_NOT_IN_FORCE
    batch cancelled                      yes → CANCELLED
    right suspended or withdrawn for cause since → RIGHT_LOST
    unit activated                       no  → NOT_ACTIVATED
    otherwise                                → VALID, also when the right since lapsed without fault
    """
    if not right_was_in_force(facts):
        return Verdict.RIGHT_NOT_IN_FORCE
    if facts.cancelled:
        return Verdict.CANCELLED
    if right_loss(facts):
        return Verdict.RIGHT_LOST
    return Verdict.VALID if facts.activated else Verdict.NOT_ACTIVATED


def findings_of(facts: UnitFacts) -> list[Finding]:
    return [
        Finding("issued", True),
        Finding("right_then", right_was_in_force(facts)),
        Finding("right_kept", right_loss(facts) is None),
        Finding("not_cancelled", not facts.cancelled),
        Finding("activated", facts.activated),
    ]


def right_was_in_force(facts: UnitFacts) -> bool:
    return covers_packing_on(facts.right, facts.packed_on)


def right_loss(facts: UnitFacts) -> RightChange | None:
    return lost_for_cause(facts.right, facts.today)


def right_lapsed(facts: UnitFacts) -> RightState | None:
    """How the right ended without fault since, or None while it is in force."""
    state = state_on(facts.right, facts.today)
    return None if state == RightState.IN_FORCE or right_loss(facts) else state
