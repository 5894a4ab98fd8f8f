"""The verdict of a check: worst news first. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from gi_trace.batches.rules import UnitState
from gi_trace.errors import N_
from gi_trace.registry.rules import (
    Right,
    RightChange,
    RightState,
    covers_packing_on,
    lost_for_cause,
    state_on,
)
from gi_trace.words import Worded


class Channel(Worded):
    WEB = "web", N_("网页")
    WECHAT = "wechat", N_("微信")
    ALIPAY = "alipay", N_("支付宝")
    INSPECTOR = "inspector", N_("巡查")
    API = "api", N_("接口")


class Verdict(StrEnum):
    """In the order of the news, the worst first. The values are the machine codes of the API."""

    MALFORMED = "malformed"
    NOT_OURS = "not_ours"
    COUNTERFEIT = "counterfeit"
    RECALLED = "recalled"
    RIGHT_NOT_IN_FORCE = "right_not_in_force"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    VOID = "void"
    LOST = "lost"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    RIGHT_LOST = "right_lost"
    NOT_ACTIVATED = "not_activated"
    PAST_DATE = "past_date"
    SUSPECTED_COPY = "suspected_copy"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known of one unit of ours when it is checked; days are Shanghai days."""

    right: Right
    packed_on: date
    today: date
    state: UnitState | None = UnitState.ACTIVATED
    best_before: date | None = None
    counterfeit: bool = False
    recalled: bool = False
    on_hold: bool = False
    cancelled: bool = False
    suspected: bool = False


class Finding(NamedTuple):
    """One of the single checks that the page lists: its name and whether it holds."""

    name: str
    holds: bool


TAKEN_OUT: dict[UnitState | None, Verdict] = {
    UnitState.VOID: Verdict.VOID,
    UnitState.LOST: Verdict.LOST,
    UnitState.RETURNED: Verdict.RETURNED,
    UnitState.DESTROYED: Verdict.DESTROYED,
}


@lru_cache(maxsize=2000)
def verdict_of(facts: UnitFacts) -> Verdict:
    """The first line that applies (a code that is malformed or not ours has no facts):

    officer confirmed a counterfeit series with this unit  → COUNTERFEIT
    batch or unit recalled                                 → RECALLED
    right not in force on the packing date                 → RIGHT_NOT_IN_FORCE
    batch or unit on hold                                  → ON_HOLD
    batch cancelled by its enterprise                      → CANCELLED
    unit void, lost, returned or destroyed                 → VOID, LOST, RETURNED, DESTROYED
    right suspended or withdrawn for cause since           → RIGHT_LOST
    unit never activated                                   → NOT_ACTIVATED
    today after best before                                → PAST_DATE
    history of checks looks copied                         → SUSPECTED_COPY
    otherwise, also when the right lapsed without fault    → VALID
    """
    lines = (
        (facts.counterfeit, Verdict.COUNTERFEIT),
        (facts.recalled, Verdict.RECALLED),
        (not right_was_in_force(facts), Verdict.RIGHT_NOT_IN_FORCE),
        (facts.on_hold, Verdict.ON_HOLD),
        (facts.cancelled, Verdict.CANCELLED),
        (facts.state in TAKEN_OUT, TAKEN_OUT.get(facts.state, Verdict.VOID)),
        (right_loss(facts) is not None, Verdict.RIGHT_LOST),
        (facts.state is None, Verdict.NOT_ACTIVATED),
        (is_past_date(facts), Verdict.PAST_DATE),
        (facts.suspected, Verdict.SUSPECTED_COPY),
    )
    return next((verdict for applies, verdict in lines if applies), Verdict.VALID)


@lru_cache(maxsize=2000)
def findings_of(facts: UnitFacts) -> tuple[Finding, ...]:
    """The single checks in the order of the page. The right today is told apart: its end may be no fault."""
    return (
        Finding("issued", True),
        Finding("right_then", right_was_in_force(facts)),
        Finding("right_kept", right_loss(facts) is None),
        Finding("not_stopped", not (facts.recalled or facts.on_hold or facts.cancelled)),
        Finding("activated", facts.state is UnitState.ACTIVATED),
        Finding("in_date", not is_past_date(facts)),
        Finding("not_copied", not (facts.suspected or facts.counterfeit)),
    )


def right_was_in_force(facts: UnitFacts) -> bool:
    return covers_packing_on(facts.right, facts.packed_on)


def right_loss(facts: UnitFacts) -> RightChange | None:
    return lost_for_cause(facts.right, facts.today)


def right_today(facts: UnitFacts) -> RightState:
    return state_on(facts.right, facts.today)


def is_past_date(facts: UnitFacts) -> bool:
    return facts.best_before is not None and facts.today > facts.best_before
