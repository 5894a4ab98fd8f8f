"""Two officers take a wrong decision back, correct a wrong entry, enter a right after the fact."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from gi_trace.registry.actions import change_authorisation, grant_authorisation
from gi_trace.registry.mending_actions import correct_authorisation, revoke_change
from gi_trace.registry.mending_rules import Announcement, AnnouncementMissing, NotRevocable, ProductYounger
from gi_trace.registry.models import find_product
from gi_trace.registry.rules import (
    Basis,
    BasisNotRegistered,
    ChangeKind,
    NoticeMissing,
    NumberWithoutDigit,
    PeriodOverlaps,
    RightState,
    state_on,
)
from gi_trace.registry.taken import RightTaken
from gi_trace.registry.who_may import SecondOfficerNeeded, SecondOfficerTheSame
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict
from tests.cast import (
    code,
    make_activated_batch,
    party_of,
    person,
    resume,
    right_of,
    suspend,
    two_officers,
    withdraw,
)

PAPER = {"document": "示复决〔2026〕1 号", "reason": "复议撤销"}
START = date(2020, 1, 1)


def last(right):
    return right.changes[-1]


def says(batch):
    answer = look_at(code(batch))
    return answer.verdict, answer.suspensions, all(one.holds for one in answer.findings)


def test_a_withdrawal_taken_back_leaves_old_labels_as_they_were(app):
    batch, right = make_activated_batch(), right_of("lin")
    before = says(batch)
    withdraw(right)
    assert says(batch)[0] is Verdict.RIGHT_LOST
    revoke_change(last(right), **PAPER, **two_officers())
    assert says(batch) == before == (Verdict.VALID, (), True)
    assert [change.kind for change in right.changes] == ["granted", "withdrawn", "revoked"]
    with pytest.raises(NotRevocable):
        revoke_change(right.changes[1], **PAPER, **two_officers())
    make_activated_batch(own_number="A-002")  # the firm packs again


def test_a_suspension_that_was_resumed_is_told_until_it_is_taken_back(app, at):
    batch, right = make_activated_batch(), right_of("lin")
    suspend(right)
    suspension = last(right)
    resume(right)
    assert says(batch) == (
        Verdict.VALID,
        ((suspension.effective_on, suspension.effective_on, True),),
        False,
    )
    revoke_change(suspension, **PAPER, **two_officers())
    assert says(batch) == (Verdict.VALID, (), True)


def test_taking_back_correcting_and_withdrawing_for_cause_take_two_officers(app):
    right = right_of("lin")
    words = {"reason": "外地皮", "notice": "使用外地皮", "for_cause": True}
    kinds = (ChangeKind.WITHDRAWN, ChangeKind.SUSPENDED)
    terms = replace(right.terms, number="示范第 2 号")
    for second, refusal in ((None, SecondOfficerNeeded), (person("zhao"), SecondOfficerTheSame)):
        officers = {"by": person("zhao"), "confirmed_by": second}
        for kind in kinds:
            with pytest.raises(refusal):
                change_authorisation(right, kind, **words, **officers)
        with pytest.raises(refusal):
            correct_authorisation(right, terms, **PAPER, **officers)
    withdraw(right)
    with pytest.raises(SecondOfficerNeeded):
        revoke_change(last(right), **PAPER, by=person("zhao"), confirmed_by=None)


def test_the_record_names_who_proposed_and_who_confirmed(app):
    zhao, sun = person("zhao"), person("sun")
    withdraw(right_of("lin"))
    revoke_change(last(right_of("lin")), **PAPER, **two_officers())
    for act in ("right.withdrawn", "right.change_revoked"):
        row = db.session.query(RecordRow).filter_by(act=act).one()
        assert row.by == f"account:{sun.id}" and f'"proposed_by":{zhao.id}' in row.body
    assert first_broken_row()[0] is None


def test_what_the_public_will_read_is_never_left_out(app):
    with pytest.raises(NoticeMissing):
        change_authorisation(
            right_of("lin"),
            ChangeKind.SUSPENDED,
            reason="核查",
            notice=" ",
            for_cause=True,
            **two_officers(),
        )


def test_a_corrected_start_covers_what_was_packed_before_the_wrong_one(app):
    batch, right = make_activated_batch(), right_of("lin")
    wrong = replace(right.terms, starts_on=batch.packed_on + timedelta(1))
    correct_authorisation(right, wrong, **PAPER, **two_officers())
    assert says(batch)[0] is Verdict.RIGHT_NOT_IN_FORCE
    correct_authorisation(
        right, replace(wrong, starts_on=START, number="示范第 7 号"), **PAPER, **two_officers()
    )
    assert says(batch)[0] is Verdict.VALID
    assert right.number == "示范第 7 号" and last(right).corrected == [
        ["number", "示范第 1 号", "示范第 7 号"],
        ["starts_on", wrong.starts_on.isoformat(), START.isoformat()],
    ]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"number": "待补"}, NumberWithoutDigit),
        ({"starts_on": date(2006, 10, 24)}, ProductYounger),
    ],
)
def test_a_correction_is_no_way_around_what_a_grant_refuses(app, change, refusal):
    right = right_of("lin")
    with pytest.raises(refusal):
        correct_authorisation(right, replace(right.terms, **change), **PAPER, **two_officers())


def test_a_right_granted_meanwhile_keeps_its_time(app):
    right = right_of("lin")
    withdraw(right)
    withdrawal, today = last(right), last(right).effective_on
    grant(starts_on=today)
    with pytest.raises(PeriodOverlaps):
        revoke_change(withdrawal, **PAPER, **two_officers())
    ends_on = today - timedelta(1)
    correct_authorisation(right, replace(right.terms, ends_on=ends_on), **PAPER, **two_officers())
    revoke_change(withdrawal, **PAPER, **two_officers())
    assert state_on(right.right, ends_on) is RightState.IN_FORCE


def test_a_start_is_not_corrected_to_that_of_another_right(app):
    right = right_of("lin")
    withdraw(right)
    withdrawn_on = last(right).effective_on
    grant(starts_on=withdrawn_on)
    second = right_of_day(withdrawn_on)
    withdraw(second)
    with pytest.raises(RightTaken):
        grant(starts_on=withdrawn_on)


def right_of_day(day):
    return next(right for right in party_of("lin").authorisations if right.starts_on == day)


def grant(**changes):
    facts = {"number": "示范第 9 号", "starts_on": START, "ends_on": None} | two_officers() | changes
    basis = facts.pop("basis", Basis.PROTECTED)
    return grant_authorisation(party_of("lin"), find_product("xinhui-chenpi"), basis, **facts)


def test_a_right_entered_after_the_fact_names_its_announcement_and_is_marked(app):
    facts = {"basis": Basis.CERTIFICATION, "announcement": Announcement("示范公告第 9 号", START)}
    with pytest.raises(AnnouncementMissing):
        grant(**facts | {"announcement": None})
    with pytest.raises(SecondOfficerNeeded):
        grant(**facts | {"confirmed_by": None})
    [change] = grant(**facts).changes
    assert (change.entered_late, change.document, change.announced_on) == (True, "示范公告第 9 号", START)
    assert change.confirmed_by.id == person("sun").id


def test_what_begins_today_or_later_takes_one_officer_and_no_announcement(app, at):
    at("2026-11-24T08:00Z")
    right = grant(basis=Basis.CERTIFICATION, starts_on=date(2026, 11, 24), confirmed_by=None)
    assert not right.changes[0].entered_late


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"number": "号码待补"}, NumberWithoutDigit),
        ({"starts_on": date(2006, 10, 24), "ends_on": date(2007, 1, 1)}, ProductYounger),
    ],
)
def test_what_cannot_be_is_refused(app, facts, refusal):
    with pytest.raises(refusal):
        grant(announcement=Announcement("示范公告第 9 号", START), **facts)


def test_a_basis_that_the_product_does_not_have_is_refused(app):
    with pytest.raises(BasisNotRegistered):
        grant_authorisation(
            party_of("lin"),
            find_product("xinhui-gan"),
            Basis.CERTIFICATION,
            number="示范第 9 号",
            starts_on=date(2099, 1, 1),
            ends_on=None,
            by=person("zhao"),
        )
