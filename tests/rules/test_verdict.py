"""The verdict of a check: the worst news comes first, in every combination."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product

import pytest

from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.registry.rules import (
    ChangeKind,
    Right,
    RightChange,
    RightState,
    last_change_for_packing_on,
    state_on,
)
from gi_trace.verification.answer import UnitFacts, findings_of, verdict_of
from gi_trace.verification.verdicts import Point, SingleCheck, Verdict

PACKED, TODAY = date(2026, 3, 1), date(2026, 11, 24)
GOOD = Right(date(2020, 1, 1), None)
BEGAN_LATER = Right(date(2026, 3, 2), None)
LOST = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.WITHDRAWN, date(2026, 5, 1), True, "外地皮"),))
SUSPENDED = Right(
    date(2020, 1, 1), None, (RightChange(ChangeKind.SUSPENDED, date(2026, 5, 1), True, "核查"),)
)
HELD = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.HELD, date(2026, 5, 1)),))
ENDED = Right(date(2020, 1, 1), None, (RightChange(ChangeKind.ENDED, date(2026, 5, 1)),))
LAPSED = Right(date(2020, 1, 1), date(2026, 6, 30))
HONEST = UnitFacts(right=GOOD, packed_on=PACKED, today=TODAY)
OF_OURS = list(Verdict)[list(Verdict).index(Verdict.SAMPLE) + 1 :]

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
    assert all(found.kind == "good" for found in findings_of(HONEST))
    assert [found.point for found in findings_of(replace(HONEST, best_before=TODAY))] == list(Point)


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
    assert {SingleCheck.IN_FORCE_THEN, SingleCheck.RIGHT_OVER} <= set(findings_of(facts))
    assert all(found.holds for found in findings_of(facts))


def test_of_a_right_that_did_not_cover_the_packing_nothing_later_comforts():
    paused = (
        RightChange(ChangeKind.SUSPENDED, date(2026, 5, 1), True, "核查"),
        RightChange(ChangeKind.RESUMED, date(2026, 5, 9)),
    )
    for right in (BEGAN_LATER, replace(BEGAN_LATER, changes=paused)):
        facts = replace(HONEST, right=right)
        assert not [found for found in findings_of(facts) if found.point is Point.RIGHT_SINCE]


@pytest.mark.parametrize("kind", [ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN])
def test_the_change_that_left_a_packing_without_a_right_is_the_one_of_the_day_before(kind):
    change = RightChange(kind, PACKED - timedelta(days=1), True, "核查")
    assert last_change_for_packing_on(replace(GOOD, changes=(change,)), PACKED) is change
    same_day = replace(change, on=PACKED)
    assert last_change_for_packing_on(replace(GOOD, changes=(same_day,)), PACKED) is None


def test_the_last_day_of_the_date_is_still_good():
    assert verdict_of(replace(HONEST, best_before=TODAY)) is Verdict.VALID


def then(kind):
    return Right(date(2020, 1, 1), None, (RightChange(kind, date(2026, 2, 1)),))


@pytest.mark.parametrize(
    ("news", "found"),
    [
        ({"right": BEGAN_LATER}, SingleCheck.NOT_YET_THEN),
        ({"right": Right(date(2020, 1, 1), date(2026, 2, 1))}, SingleCheck.EXPIRED_THEN),
        ({"right": then(ChangeKind.SUSPENDED)}, SingleCheck.SUSPENDED_THEN),
        ({"right": then(ChangeKind.WITHDRAWN)}, SingleCheck.WITHDRAWN_THEN),
        ({"right": then(ChangeKind.ENDED)}, SingleCheck.ENDED_THEN),
        ({"right": LOST}, SingleCheck.RIGHT_WITHDRAWN),
        ({"right": SUSPENDED}, SingleCheck.RIGHT_SUSPENDED),
        ({"right": HELD}, SingleCheck.RIGHT_HELD),
        ({"stops": {StopKind.HOLD}}, SingleCheck.ON_HOLD),
        ({"stops": {StopKind.RECALL, StopKind.HOLD}}, SingleCheck.RECALLED),
        ({"lot_stops": {StopKind.HOLD}}, SingleCheck.ON_HOLD_BY_LOT),
        ({"lot_stops": {StopKind.RECALL}, "stops": {StopKind.HOLD}}, SingleCheck.RECALLED_BY_LOT),
        ({"cancelled": True}, SingleCheck.CANCELLED),
        ({"state": None}, SingleCheck.NOT_ACTIVATED),
        ({"state": UnitState.VOID}, SingleCheck.VOID),
        ({"state": UnitState.LOST}, SingleCheck.LOST),
        ({"state": UnitState.RETURNED}, SingleCheck.RETURNED),
        ({"state": UnitState.DESTROYED}, SingleCheck.DESTROYED),
        ({"best_before": TODAY - timedelta(days=1)}, SingleCheck.PAST_DATE),
        ({"suspected": True}, SingleCheck.COPY_LIKELY),
        ({"stops": {StopKind.COUNTERFEIT}}, SingleCheck.IMITATED),
    ],
)
def test_each_piece_of_bad_news_fails_its_own_single_check_by_its_name(news, found):
    facts = replace(HONEST, **news)
    failing = [one for one in findings_of(facts) if not one.holds]
    assert found in failing and verdict_of(facts) is found.verdict
    # A right that was not in force on the packing day seldom is today.
    assert {one.point for one in failing} - {Point.RIGHT_SINCE} <= {found.point}


def test_every_bad_finding_gives_a_verdict_and_every_verdict_of_ours_has_one():
    """A sentence of a single check says what is: a failing one needs no "no" beside it."""
    assert all((found.kind == "bad") == (found.verdict is not Verdict.VALID) for found in SingleCheck)
    assert {found.verdict for found in SingleCheck} == set(OF_OURS)
    assert not [
        found for found in SingleCheck if "没有" in found.label or "未" in found.label.replace("尚未", "")
    ]


def test_of_eating_no_verdict_speaks_and_whoever_accuses_says_at_once_who_is_not_accused():
    for verdict in Verdict:
        assert "食用" not in verdict.why + verdict.todo and "吃" not in verdict.why + verdict.todo
        if verdict.accuses:
            assert "标签上写的企业有错" in verdict.why and "您有错" in verdict.why


@pytest.mark.parametrize("verdict", OF_OURS[:-1])
def test_every_bad_verdict_says_whether_to_buy_what_to_keep_and_whom_to_ask(verdict):
    assert "购买" in verdict.todo and "票据" in verdict.todo
    assert any(whom in verdict.todo for whom in ("销售者", "12315", "告诉我们"))
