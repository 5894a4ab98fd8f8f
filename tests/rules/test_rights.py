"""When a right to the mark is in force."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.registry.rules import (
    ALLOWED_FROM,
    ChangeKind,
    ChangeNotAllowed,
    ReasonMissing,
    Right,
    RightChange,
    RightNotInForce,
    RightState,
    check_change,
    check_in_force,
    covers_packing_on,
    lost_for_cause,
    needs_second_officer,
    state_on,
    turning_days,
)

START, END = date(2024, 1, 1), date(2026, 12, 31)
DAY = date(2025, 6, 1)


def right(*changes, ends_on=END):
    return Right(START, ends_on, tuple(RightChange(*change) for change in changes))


def test_a_right_is_in_force_from_its_first_to_its_last_day():
    assert [state_on(right(), day) for day in (START - timedelta(1), START, END, END + timedelta(1))] == [
        RightState.NOT_YET,
        RightState.IN_FORCE,
        RightState.IN_FORCE,
        RightState.EXPIRED,
    ]
    assert state_on(right(ends_on=None), date(2099, 1, 1)) == RightState.IN_FORCE


def test_a_suspension_counts_from_its_day_until_the_right_is_resumed():
    held = right((ChangeKind.SUSPENDED, DAY, True, "核查"), (ChangeKind.RESUMED, DAY + timedelta(9)))
    assert state_on(held, DAY - timedelta(1)) == RightState.IN_FORCE
    assert state_on(held, DAY) == state_on(held, DAY + timedelta(8)) == RightState.SUSPENDED
    assert state_on(held, DAY + timedelta(9)) == RightState.IN_FORCE


def test_of_two_changes_on_one_day_the_later_made_counts():
    changed = right((ChangeKind.SUSPENDED, DAY), (ChangeKind.RESUMED, DAY), (ChangeKind.WITHDRAWN, DAY, True))
    assert state_on(changed, DAY) == RightState.WITHDRAWN


def test_a_withdrawn_right_stays_withdrawn_also_after_its_last_day():
    gone = right((ChangeKind.WITHDRAWN, DAY, True, "外地皮"))
    assert state_on(gone, END + timedelta(999)) == RightState.WITHDRAWN
    loss = lost_for_cause(gone, END + timedelta(999))
    assert loss and loss.notice == "外地皮"


def test_what_was_packed_before_the_right_was_lost_that_day_was_covered():
    gone = right((ChangeKind.ENDED, DAY))
    assert covers_packing_on(gone, DAY) and not covers_packing_on(gone, DAY + timedelta(1))


def test_only_a_loss_for_cause_is_one():
    assert lost_for_cause(right((ChangeKind.WITHDRAWN, DAY, False)), END) is None
    assert lost_for_cause(right((ChangeKind.ENDED, DAY, True)), END) is None
    assert lost_for_cause(right((ChangeKind.SUSPENDED, DAY, True), (ChangeKind.RESUMED, DAY)), END) is None


@pytest.mark.parametrize("end", [(ChangeKind.ENDED, DAY), (ChangeKind.WITHDRAWN, DAY, False)])
def test_a_fault_outlasts_an_end_that_is_none_and_such_an_end_takes_two(end):
    suspended = right((ChangeKind.SUSPENDED, DAY, True, "外地皮"))
    loss = lost_for_cause(right((ChangeKind.SUSPENDED, DAY, True, "外地皮"), end), END)
    assert loss and (loss.kind, loss.notice) == (ChangeKind.SUSPENDED, "外地皮")
    assert needs_second_officer(suspended, end[0], DAY, for_cause=False)
    for faultless in (right(), right((ChangeKind.SUSPENDED, DAY, False))):
        assert not needs_second_officer(faultless, end[0], DAY, for_cause=False)


def test_a_refusal_names_the_day_and_the_state():
    with pytest.raises(RightNotInForce, match="2025-06-01.*暂停"):
        check_in_force(right((ChangeKind.SUSPENDED, DAY)), DAY)


@pytest.mark.parametrize("kind", ALLOWED_FROM)
def test_every_change_needs_a_reason_and_a_fitting_state(kind):
    for state in RightState:
        changes = {
            RightState.SUSPENDED: [(ChangeKind.SUSPENDED, START)],
            RightState.WITHDRAWN: [(ChangeKind.WITHDRAWN, START)],
            RightState.ENDED: [(ChangeKind.ENDED, START)],
        }.get(state, [])
        day = {RightState.NOT_YET: START - timedelta(1), RightState.EXPIRED: END + timedelta(1)}.get(
            state, DAY
        )
        assert state_on(right(*changes), day) == state
        if state in ALLOWED_FROM[kind]:
            check_change(right(*changes), kind, day, "理由")
            with pytest.raises(ReasonMissing):
                check_change(right(*changes), kind, day, "  ")
        else:
            with pytest.raises(ChangeNotAllowed, match=state.label):
                check_change(right(*changes), kind, day, "理由")


days = st.dates(date(2023, 1, 1), date(2028, 1, 1))
kinds = st.sampled_from(list(ChangeKind))


@given(st.lists(st.builds(RightChange, kinds, days, st.booleans()), max_size=6), days)
def test_whatever_happened_a_right_has_one_state_and_a_loss_is_never_in_force(changes, day):
    any_right = Right(START, END, tuple(changes))
    state = state_on(any_right, day)
    if lost_for_cause(any_right, day):
        assert state != RightState.IN_FORCE
    later = Right(START, END, (*changes, RightChange(ChangeKind.SUSPENDED, day + timedelta(1))))
    assert state_on(later, day) == state  # what comes later never changes the past


@given(st.lists(st.builds(RightChange, kinds, days, st.booleans()), max_size=6), days, st.booleans())
def test_between_two_turning_days_a_right_covers_packing_always_or_never(changes, day, ends):
    any_right = Right(START, END if ends else None, tuple(changes))
    before = max((turn for turn in turning_days(any_right) if turn <= day), default=START - timedelta(1))
    assert covers_packing_on(any_right, day) == covers_packing_on(any_right, before)
