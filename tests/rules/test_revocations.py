"""What was decided by mistake is as if it had not been, and what was entered wrongly as if it had been right."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.registry.mending_rules import (
    REVOCABLE,
    AnnouncedLater,
    Announcement,
    AnnouncementMissing,
    BeforeAnnouncement,
    DocumentMissing,
    NothingCorrected,
    NotRevocable,
    ProductYounger,
    Terms,
    check_announcement,
    check_correction,
    check_revocation,
    check_terms,
    differences,
    is_entered_late,
    without,
)
from gi_trace.registry.rules import (
    ALLOWED_FROM,
    Basis,
    ChangeKind,
    NumberWithoutDigit,
    ReasonMissing,
    Right,
    RightChange,
    RightHeld,
    RightState,
    check_change,
    covers_packing_on,
    held_since,
    last_day,
    lost_for_cause,
    may_change,
    needs_second_officer,
    state_on,
    suspensions_since,
    with_change,
)
from gi_trace.verification.answer import UnitFacts, findings_of, verdict_of
from gi_trace.verification.verdicts import Point, Verdict

START, END = date(2024, 1, 1), date(2026, 12, 31)
DAY, TODAY = date(2025, 6, 1), date(2026, 3, 1)
SUSPENDED = RightChange(ChangeKind.SUSPENDED, DAY, True, "核查", id=1)
RESUMED = RightChange(ChangeKind.RESUMED, DAY + timedelta(9), id=2)
WITHDRAWN = RightChange(ChangeKind.WITHDRAWN, DAY, True, "外地皮", id=1)
PAPERS = {"document": "示复决〔2026〕1 号", "reason": "复议撤销"}
TERMS = Terms(Basis.PROTECTED, "第354号", START, END)


def right(*changes, ends_on=END):
    return Right(START, ends_on, changes)


def revoked(any_right, change):
    check_revocation(any_right, change, **PAPERS)
    return without(any_right, change, TODAY)


def failing(facts):
    return {found.point for found in findings_of(facts) if not found.holds}


def told(any_right, packed_on, today=TODAY):
    """All that a label says by its right."""
    facts = UnitFacts(any_right, packed_on, today)
    loss = facts.right_loss
    return (
        verdict_of(facts),
        failing(facts),
        facts.suspensions,
        loss and (loss.kind, loss.on, loss.notice),
    )


def test_a_withdrawal_taken_back_reads_at_once_as_if_it_had_not_been():
    gone = right(WITHDRAWN)
    assert told(gone, START)[0] is Verdict.RIGHT_LOST
    back = revoked(gone, WITHDRAWN)
    assert state_on(back, DAY) == state_on(back, TODAY) == RightState.IN_FORCE
    assert covers_packing_on(back, DAY + timedelta(1)) and last_day(back) == END
    assert told(back, START) == told(right(), START) and told(back, START)[0] is Verdict.VALID


def test_a_suspension_that_was_resumed_is_told_with_its_days():
    held = right(SUSPENDED, RESUMED)
    verdict, fails, suspensions, _ = told(held, START)
    assert verdict is Verdict.VALID and Point.RIGHT_SINCE in fails
    assert suspensions == ((DAY, DAY + timedelta(9), True),)


def test_a_suspension_taken_back_is_told_no_more_also_when_the_right_was_resumed_before():
    back = revoked(right(SUSPENDED, RESUMED), SUSPENDED)
    assert told(back, START) == told(right(), START) and Point.RIGHT_SINCE not in told(back, START)[1]


def test_a_suspension_without_fault_is_told_too_but_the_right_was_kept():
    _, fails, suspensions, _ = told(right(replace(SUSPENDED, for_cause=False), RESUMED), START)
    assert suspensions and not fails


def test_what_is_held_stops_every_label_and_says_nothing_of_fault_until_it_is_decided():
    held = right(RightChange(ChangeKind.HELD, DAY, id=1))
    verdict, fails, suspensions, loss = told(held, START)
    assert verdict is Verdict.ON_HOLD and fails == {Point.RIGHT_SINCE}
    assert not suspensions and loss is None
    assert told(held, START, DAY - timedelta(1))[0] is Verdict.VALID
    ended = with_change(held, RightChange(ChangeKind.ENDED, DAY, id=2))
    assert told(ended, START)[0] is Verdict.ON_HOLD
    assert told(without(held, held.changes[0], TODAY), START) == told(right(), START)


def test_of_what_was_packed_after_a_suspension_nothing_of_it_is_told():
    held = right(SUSPENDED, RESUMED)
    assert told(held, DAY)[2] and told(held, DAY - timedelta(1))[2]
    assert told(held, DAY + timedelta(9)) == told(right(), DAY + timedelta(9))


def test_beneath_a_withdrawal_taken_back_the_suspension_still_stands():
    withdrawal = replace(WITHDRAWN, on=DAY + timedelta(3), id=2)
    back = revoked(right(SUSPENDED, withdrawal), withdrawal)
    assert state_on(back, TODAY) is RightState.SUSPENDED and told(back, START)[3][:2] == (
        ChangeKind.SUSPENDED,
        DAY,
    )


@pytest.mark.parametrize("kind", ChangeKind)
def test_only_what_takes_a_right_away_can_be_taken_back_and_only_once(kind):
    change = RightChange(kind, DAY, id=1)
    if kind not in REVOCABLE:
        with pytest.raises(NotRevocable):
            check_revocation(right(change), change, **PAPERS)
        return
    back = revoked(right(change), change)
    with pytest.raises(NotRevocable):
        check_revocation(back, change, **PAPERS)


def test_taking_back_and_correcting_name_a_document_and_a_reason():
    for missing, refusal in (("document", DocumentMissing), ("reason", ReasonMissing)):
        with pytest.raises(refusal):
            check_revocation(right(WITHDRAWN), WITHDRAWN, **PAPERS | {missing: " "})
        with pytest.raises(refusal):
            check_correction(TERMS, replace(TERMS, number="第355号"), **PAPERS | {missing: " "})


def test_a_correction_changes_something_and_keeps_what_stood_before():
    with pytest.raises(NothingCorrected):
        check_correction(TERMS, TERMS, **PAPERS)
    after = replace(TERMS, number="第355号", ends_on=None)
    check_correction(TERMS, after, **PAPERS)
    assert differences(TERMS, after) == [["number", "第354号", "第355号"], ["ends_on", "2026-12-31", None]]


@pytest.mark.parametrize("number", ["第354号", "第三五四号", "３５４"])
def test_a_number_has_digits_as_people_write_them(number):
    check_terms(replace(TERMS, number=number), None, TODAY)


@pytest.mark.parametrize("number", ["", "待补", "公告号"])
def test_a_number_without_a_digit_is_refused(number):
    with pytest.raises(NumberWithoutDigit):
        check_terms(replace(TERMS, number=number), None, TODAY)


def test_no_right_and_no_announcement_is_older_than_the_products_protection():
    for since in (None, START):
        check_terms(TERMS, since, TODAY, Announcement("示范公告第 1 号", START))
    with pytest.raises(ProductYounger, match="2024-01-01 早于该产品取得这一保护的日期 2024-01-02"):
        check_terms(TERMS, START + timedelta(1), TODAY)
    with pytest.raises(ProductYounger, match="2023-12-31"):
        check_terms(TERMS, START, TODAY, Announcement("示范公告第 1 号", START - timedelta(1)))


def test_an_announcement_is_not_of_a_day_to_come():
    check_terms(replace(TERMS, starts_on=TODAY), None, TODAY, Announcement("示范公告第 1 号", TODAY))
    with pytest.raises(AnnouncedLater):
        check_terms(TERMS, None, TODAY, Announcement("示范公告第 1 号", TODAY + timedelta(1)))


def test_a_right_begins_not_before_its_announcement_unless_that_says_so():
    later = START + timedelta(1)
    check_terms(TERMS, None, TODAY, Announcement("示范公告第 1 号", START))
    check_terms(TERMS, None, TODAY, Announcement("示范公告第 1 号", later, "自 2024 年 1 月 1 日起"))
    for nothing in ("", " "):
        with pytest.raises(BeforeAnnouncement, match="2024-01-01 早于公告日期 2024-01-02"):
            check_terms(TERMS, None, TODAY, Announcement("示范公告第 1 号", later, nothing))


def test_what_began_before_it_is_entered_rests_on_an_announcement():
    assert [is_entered_late(TODAY + timedelta(n), TODAY) for n in (-1, 0, 1)] == [True, False, False]
    check_announcement(START, Announcement("示范公告第 1 号", START))
    for missing in (None, Announcement(" ", START)):
        with pytest.raises(AnnouncementMissing, match="2024-01-01"):
            check_announcement(START, missing)


@st.composite
def lives(draw):
    """A right with what acts may have made of it, revocations among it, one a day or several."""
    life, day = Right(START, draw(st.sampled_from([END, None]))), date(2023, 6, 1)
    for number in range(1, draw(st.integers(1, 7)) + 1):
        day += timedelta(draw(st.integers(0, 300)))
        kinds = [kind for kind in ALLOWED_FROM if may_change(life, kind, day)]
        made = [RightChange(kind, day, draw(st.booleans()), "说明", number) for kind in kinds]
        made += [
            RightChange(ChangeKind.REVOKED, day, id=number, revokes=change.id)
            for change in life.standing
            if change.kind in (*REVOCABLE, ChangeKind.HELD)
        ]
        if made:
            life = with_change(life, draw(st.sampled_from(made)))
    return life


def never_had(life, change):
    """The same life without the change, what took it back, and a resumption that nothing else called for."""
    kept, suspended = [], False
    for each in life.changes:
        if change.id in (each.id, each.revokes):
            continue
        if each.kind is ChangeKind.RESUMED:
            if not suspended:
                continue
            suspended = False
        suspended = suspended or each.kind in (ChangeKind.SUSPENDED, ChangeKind.HELD)
        kept.append(each)
    return replace(life, changes=tuple(kept))


@given(lives(), st.dates(date(2023, 1, 1), date(2029, 1, 1)), st.dates(date(2023, 1, 1), date(2029, 1, 1)))
def test_a_change_taken_back_leaves_what_a_right_says_that_never_had_it(life, packed_on, today):
    for revocation in (each for each in life.changes if each.kind is ChangeKind.REVOKED):
        change = next(each for each in life.changes if each.id == revocation.revokes)
        clean = never_had(life, change)
        assert told(life, packed_on, today) == told(clean, packed_on, today)
        assert state_on(life, today) == state_on(clean, today) and last_day(life) == last_day(clean)


@given(lives(), st.dates(date(2023, 1, 1), date(2029, 1, 1)))
def test_whatever_happens_later_a_days_past_is_told_alike_but_for_what_takes_back(life, packed_on):
    today = max((change.on for change in life.changes), default=START)
    later = today + timedelta(1)
    for kind in set(ALLOWED_FROM) | {ChangeKind.CORRECTED}:
        grown = with_change(life, RightChange(kind, later, True, id=99))
        assert covers_packing_on(grown, packed_on) == covers_packing_on(life, packed_on) or packed_on >= later
        assert lost_for_cause(grown, today) == lost_for_cause(life, today)
        if packed_on <= today:
            assert (
                suspensions_since(life, packed_on)
                == suspensions_since(grown, packed_on)[: len(suspensions_since(life, packed_on))]
            )


@given(lives(), st.sampled_from(list(ALLOWED_FROM)), st.booleans(), st.integers(0, 900))
def test_whatever_one_officer_does_alone_loosens_nothing(life, kind, for_cause, later):
    """No fault grows less, no hold ends, and no label reads better, at once and ever after."""
    day = max((change.on for change in life.changes), default=START)
    if not may_change(life, kind, day) or needs_second_officer(life, kind, day, for_cause=for_cause):
        return
    alone = with_change(life, RightChange(kind, day, for_cause, "说明", id=99))
    today = day + timedelta(later)
    assert lost_for_cause(alone, today) == lost_for_cause(life, today)
    assert held_since(alone, today) in (held_since(life, today), day)
    assert failing(UnitFacts(alone, START, today)) >= failing(UnitFacts(life, START, today))


@given(lives(), st.sampled_from(list(ALLOWED_FROM)), st.booleans())
def test_a_fault_stands_until_the_right_is_resumed_or_the_decision_taken_back(life, kind, for_cause):
    day = max((change.on for change in life.changes), default=START)
    if lost_for_cause(life, day) and kind is not ChangeKind.RESUMED:
        changed = with_change(life, RightChange(kind, day, for_cause, "说明", id=99))
        assert lost_for_cause(changed, day)
        assert Point.RIGHT_SINCE in failing(UnitFacts(changed, START, day))


@given(lives())
def test_of_a_held_right_nothing_is_changed_until_the_hold_is_decided(life):
    day = max((change.on for change in life.changes), default=START)
    for kind in ALLOWED_FROM if held_since(life, day) else ():
        with pytest.raises(RightHeld):
            check_change(life, kind, day, "理由")


@given(lives(), st.dates(START, END), st.dates(date(2023, 1, 1), date(2029, 1, 1)))
def test_corrected_dates_are_told_as_if_the_right_had_been_granted_with_them(life, starts_on, packed_on):
    granted_so = replace(life, starts_on=starts_on)
    corrected = with_change(granted_so, RightChange(ChangeKind.CORRECTED, TODAY, id=99))
    assert told(corrected, packed_on) == told(granted_so, packed_on)
    assert covers_packing_on(corrected, packed_on) <= (packed_on >= starts_on)
