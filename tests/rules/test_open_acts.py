"""What the pages of leads, cases and transfers offer, to whom."""

import pytest

from gi_trace.casework.rules.open_acts import (
    OF_OFFICE,
    CaseAct,
    LeadAct,
    case_acts,
    complaint_acts,
    informant_acts,
    lead_acts,
    open_steps,
)
from gi_trace.casework.rules.steps import CaseState, StepKind
from gi_trace.offices.open_acts import TransferAct, transfer_acts

FRESH = {"is_open": True, "is_paused": False, "is_extended": False, "is_complaint": False}
FRESH |= {"can_be_assigned": True}
UNDECIDED = {
    **{"is_closed": False, "decided": False, "served": False, "published": False, "in_public": False},
    **{"is_running": True, "is_paused": False},
}


def test_the_authority_disposes_of_a_lead_and_who_works_on_it_adds_to_it():
    office = lead_acts(**FRESH, is_office=True, on_it=False)
    assert set(office) == OF_OFFICE | {LeadAct.AMEND, LeadAct.PAUSE} and office[0] is LeadAct.FILE
    assert lead_acts(**FRESH, is_office=False, on_it=True) == [LeadAct.AMEND, LeadAct.PAUSE]
    assert lead_acts(**FRESH, is_office=False, on_it=False) == []


@pytest.mark.parametrize(
    ("fact", "gone", "instead"),
    [
        ("is_paused", {LeadAct.PAUSE}, {LeadAct.RESUME}),
        ("is_extended", {LeadAct.EXTEND}, set()),
        ("is_complaint", {LeadAct.MERGE}, set()),
    ],
)
def test_what_was_done_is_not_offered_again(fact, gone, instead):
    before = set(lead_acts(**FRESH, is_office=True, on_it=True))
    after = set(lead_acts(**FRESH | {fact: True}, is_office=True, on_it=True))
    assert (before - after, after - before) == (gone, instead)


def test_a_settled_lead_is_given_to_somebody_as_long_as_who_told_us_waits():
    settled = FRESH | {"is_open": False}
    assert lead_acts(**settled, is_office=True, on_it=True) == [LeadAct.ASSIGN]
    assert lead_acts(**settled, is_office=False, on_it=True) == []
    assert lead_acts(**settled | {"can_be_assigned": False}, is_office=True, on_it=True) == []


def test_a_complaint_is_accepted_or_refused_and_then_mediated_once():
    nothing = {"accepted": False, "refused": False, "ended": False}
    assert complaint_acts(**nothing, may_act=True) == [LeadAct.ACCEPT, LeadAct.REFUSE]
    assert complaint_acts(**nothing | {"accepted": True}, may_act=True) == [LeadAct.MEDIATE]
    for over in ({"refused": True}, {"accepted": True, "ended": True}):
        assert complaint_acts(**nothing | over, may_act=True) == []
    assert complaint_acts(**nothing, may_act=False) == []


def test_only_who_works_on_a_lead_is_offered_to_see_who_told_us():
    assert informant_acts(told=False, on_it=False) == []
    assert informant_acts(told=False, on_it=True) == [LeadAct.REVEAL, LeadAct.TELL]
    assert informant_acts(told=True, on_it=True) == [LeadAct.REVEAL]


def test_officers_investigate_and_the_authority_decides():
    assert open_steps(CaseState.NOTIFIED, is_office=False, on_case=True) == [
        StepKind.RESPONDED,
        StepKind.HEARING_TOLD,
    ]
    office = open_steps(CaseState.NOTIFIED, is_office=True, on_case=False)
    assert office == [StepKind.DECIDED, StepKind.POLICE]
    assert case_acts(office, **UNDECIDED, is_office=True, investigated=False) == [
        CaseAct.DECIDE,
        CaseAct.EXTEND,
        CaseAct.PAUSE,
        CaseAct.CHANGE_OFFICERS,
    ]
    assert CaseAct.RESUME in case_acts(
        office, **UNDECIDED | {"is_paused": True}, is_office=True, investigated=False
    )
    assert CaseAct.DECIDE not in case_acts(office, **UNDECIDED, is_office=True, investigated=True)
    assert case_acts(office, **UNDECIDED, is_office=False, investigated=True) == []


def test_a_decision_is_published_once_and_withdrawn_while_it_is_public():
    decided = UNDECIDED | {"decided": True, "served": True, "is_running": False}

    def acts(**facts):
        return set(case_acts([], **decided | facts, is_office=True, investigated=False))

    assert acts() == {CaseAct.STOP, CaseAct.PUBLISH, CaseAct.CHANGE_OFFICERS}
    assert acts(served=False) == {CaseAct.STOP, CaseAct.CHANGE_OFFICERS}, (
        "nothing is public before its party has it"
    )
    assert acts(published=True, in_public=True) == {CaseAct.STOP, CaseAct.WITHDRAW, CaseAct.CHANGE_OFFICERS}
    assert acts(published=True) == {CaseAct.STOP, CaseAct.CHANGE_OFFICERS}
    assert acts(published=True, is_closed=True) == {CaseAct.STOP}


ON_ITS_WAY = {"received": False, "waits_for_answer": True, "waits_for_result": False, "is_there": False}
ANSWERED = {"received": True, "waits_for_answer": False, "waits_for_result": True, "is_there": True}


def test_an_incoming_lead_is_answered_and_then_reported_on():
    assert transfer_acts(**ON_ITS_WAY, incoming=True, on_paper=False) == [TransferAct.ANSWER]
    assert transfer_acts(**ANSWERED, incoming=True, on_paper=False) == [TransferAct.RESULT]


def test_of_a_lead_that_we_sent_only_letters_are_entered():
    assert transfer_acts(**ON_ITS_WAY, incoming=False, on_paper=False) == []
    first = transfer_acts(**ON_ITS_WAY, incoming=False, on_paper=True)
    assert first == [TransferAct.PAPER_RECEIPT, TransferAct.PAPER_ANSWER]
    there = transfer_acts(**ANSWERED, incoming=False, on_paper=True)
    assert there == [TransferAct.PAPER_RETURN, TransferAct.PAPER_RESULT]
