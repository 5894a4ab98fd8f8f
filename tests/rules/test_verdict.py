"""The verdict of a check: the worst news comes first, in every combination."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from gi_trace.batches.rules import UnitState
from gi_trace.registry.rules import ChangeKind, Right, RightChange
from gi_trace.verification.rules import UnitFacts, Verdict, findings_of, right_today, verdict_of

PACKED, TODAY = date(2026, 3, 1), date(2026, 11, 24)
GOOD = Right(date(2020, 1, 1), None)
BEGAN_LATER = Right(date(2026, 3, 2), None)
LOST = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.WITHDRAWN, date(2026, 5, 1), True, "外地皮"),))
ENDED = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.ENDED, date(2026, 5, 1)),))
LAPSED = Right(date(2020, 1, 1), date(2026, 6, 30))
HONEST = UnitFacts(right=GOOD, packed_on=PACKED, today=TODAY)

# What each piece of bad news does to the facts, in the order in which it must be told.
NEWS = {
    Verdict.COUNTERFEIT: {"counterfeit": True},
    Verdict.RECALLED: {"recalled": True},
    Verdict.RIGHT_NOT_IN_FORCE: {"right": BEGAN_LATER},
    Verdict.ON_HOLD: {"on_hold": True},
    Verdict.CANCELLED: {"cancelled": True},
    Verdict.VOID: {"state": UnitState.VOID},
    Verdict.LOST: {"state": UnitState.LOST},
    Verdict.RETURNED: {"state": UnitState.RETURNED},
    Verdict.DESTROYED: {"state": UnitState.DESTROYED},
    Verdict.RIGHT_LOST: {"right": LOST},
    Verdict.NOT_ACTIVATED: {"state": None},
    Verdict.PAST_DATE: {"best_before": TODAY - timedelta(days=1)},
    Verdict.SUSPECTED_COPY: {"suspected": True},
}


def test_an_honest_unit_is_valid():
    assert verdict_of(HONEST) is Verdict.VALID
    assert all(finding.holds for finding in findings_of(HONEST))


@pytest.mark.parametrize("told", NEWS)
def test_each_piece_of_bad_news_alone_is_told(told):
    assert verdict_of(replace(HONEST, **NEWS[told])) is told


def test_of_any_combination_of_bad_news_the_worst_is_told():
    """Every combination that can be: a unit has one state and a batch one right."""
    order = list(Verdict)
    switches = product(
        (False, True), (False, True), (False, True), (False, True), (False, True), (False, True),
        (GOOD, ENDED, BEGAN_LATER, LOST), (UnitState.ACTIVATED, None, *list(UnitState)[1:]),
    )  # fmt: skip
    combinations = 0
    for counterfeit, recalled, on_hold, cancelled, past, suspected, right, state in switches:
        facts = UnitFacts(
            right, PACKED, TODAY, state, TODAY - timedelta(days=1) if past else None,
            counterfeit, recalled, on_hold, cancelled, suspected,
        )  # fmt: skip
        bad = [
            told
            for told, change in NEWS.items()
            if all(getattr(facts, name) == value for name, value in change.items())
        ]
        assert verdict_of(facts) is min(bad, key=order.index, default=Verdict.VALID)
        combinations += 1
    assert combinations == 2**6 * 4 * 6


@pytest.mark.parametrize("right", [ENDED, LAPSED])
def test_a_right_that_ended_without_fault_leaves_an_old_pack_valid_and_both_days_are_told(right):
    facts = replace(HONEST, right=right)
    assert verdict_of(facts) is Verdict.VALID
    assert right_today(facts) != "in_force"
    assert {finding.name: finding.holds for finding in findings_of(facts)}["right_then"]


def test_the_last_day_of_the_date_is_still_good():
    assert verdict_of(replace(HONEST, best_before=TODAY)) is Verdict.VALID
