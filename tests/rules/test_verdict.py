"""The verdict of a check: the worst news comes first, in every combination."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product

import pytest

from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.registry.rules import ChangeKind, Right, RightChange, RightState, state_on
from gi_trace.verification.answer import UnitFacts, points_holding, verdict_of
from gi_trace.verification.verdicts import Point, Verdict

PACKED, TODAY = date(2026, 3, 1), date(2026, 11, 24)
GOOD = Right(date(2020, 1, 1), None)
BEGAN_LATER = Right(date(2026, 3, 2), None)
LOST = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.WITHDRAWN, date(2026, 5, 1), True, "外地皮"),))
ENDED = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.ENDED, date(2026, 5, 1)),))
LAPSED = Right(date(2020, 1, 1), date(2026, 6, 30))
HONEST = UnitFacts(right=GOOD, packed_on=PACKED, today=TODAY)

# What each piece of bad news does to the facts, in the order in which it must be told.
NEWS = {
    Verdict.COUNTERFEIT: {"stops": {StopKind.COUNTERFEIT}},
    Verdict.RECALLED: {"stops": {StopKind.RECALL}},
    Verdict.RIGHT_NOT_IN_FORCE: {"right": BEGAN_LATER},
    Verdict.ON_HOLD: {"stops": {StopKind.HOLD}},
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
    assert points_holding(HONEST) == set(Point)


@pytest.mark.parametrize("told", NEWS)
def test_each_piece_of_bad_news_alone_is_told(told):
    assert verdict_of(replace(HONEST, **NEWS[told])) is told


def test_of_any_combination_of_bad_news_the_worst_is_told():
    """Every combination that can be: a unit has one state and a batch one right."""
    order = list(Verdict)
    subsets = [frozenset(some) for n in range(4) for some in combinations(StopKind, n)]
    switches = product(
        subsets, (False, True), (False, True), (False, True),
        (GOOD, ENDED, BEGAN_LATER, LOST), (UnitState.ACTIVATED, None, *list(UnitState)[1:]),
    )  # fmt: skip
    tried = 0
    for stops, cancelled, past, suspected, right, state in switches:
        best_before = TODAY - timedelta(days=1) if past else None
        facts = UnitFacts(right, PACKED, TODAY, state, best_before, stops, cancelled, suspected)
        bad = [told for told, change in NEWS.items() if all(is_told(facts, *one) for one in change.items())]
        assert verdict_of(facts) is min(bad, key=order.index, default=Verdict.VALID)
        tried += 1
    assert tried == 2**6 * 4 * 6


def is_told(facts, name, value):
    return value <= facts.stops if name == "stops" else getattr(facts, name) == value


@pytest.mark.parametrize("right", [ENDED, LAPSED])
def test_a_right_that_ended_without_fault_leaves_an_old_pack_valid_and_both_days_are_told(right):
    facts = replace(HONEST, right=right)
    assert verdict_of(facts) is Verdict.VALID
    assert state_on(facts.right, TODAY) is not RightState.IN_FORCE
    assert {Point.RIGHT_THEN, Point.RIGHT_KEPT} <= points_holding(facts)


def test_the_last_day_of_the_date_is_still_good():
    assert verdict_of(replace(HONEST, best_before=TODAY)) is Verdict.VALID


@pytest.mark.parametrize(
    ("news", "fails"),
    [
        ({"right": BEGAN_LATER}, Point.RIGHT_THEN),
        ({"right": LOST}, Point.RIGHT_KEPT),
        ({"stops": {StopKind.HOLD}}, Point.NOT_STOPPED),
        ({"stops": {StopKind.RECALL}}, Point.NOT_STOPPED),
        ({"cancelled": True}, Point.NOT_STOPPED),
        ({"state": None}, Point.ACTIVATED),
        ({"state": UnitState.LOST}, Point.ACTIVATED),
        ({"best_before": TODAY - timedelta(days=1)}, Point.IN_DATE),
        ({"suspected": True}, Point.NOT_COPIED),
        ({"stops": {StopKind.COUNTERFEIT}}, Point.NOT_COPIED),
    ],
)
def test_each_piece_of_bad_news_fails_its_own_single_check_alone(news, fails):
    assert points_holding(replace(HONEST, **news)) == set(Point) - {fails}
