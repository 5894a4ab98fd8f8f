"""Cases: two officers, steps in order, a decision by somebody else, stops and publication that follow."""

from datetime import date

import pytest

from gi_trace.accounts.actions import close_account
from gi_trace.batches.rules import StopKind, UnitsOutsideBatch
from gi_trace.casework.actions.cases import change_officers, file_case
from gi_trace.casework.actions.numbers import set_number_form
from gi_trace.casework.actions.publication import (
    NothingToPublish,
    NotPublished,
    draft_publication,
    publish,
    withdraw_publication,
)
from gi_trace.casework.actions.stops import NotDecided, NothingOrdered, StopOrder, stop_units
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import CaseStep, NumberKind, decisions_in_public
from gi_trace.casework.rules.case_numbers import NumberFormUnfit
from gi_trace.casework.rules.fines import FineTooHigh
from gi_trace.casework.rules.leads import LeadNotOpen
from gi_trace.casework.rules.publication import StillPersonal
from gi_trace.casework.rules.steps import (
    BadgeMissing,
    CaseState,
    DeciderInvestigated,
    HearingStillOpen,
    NotOnCase,
    PersonLeft,
    Response,
    StepDayWrong,
    StepKind,
    StepOutOfOrder,
)
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db, writing
from gi_trace.patrol.rules import Measure
from gi_trace.registry.who_may import OfficersTheSame
from gi_trace.terms.legal import TermCode
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict
from tests.casework import (
    decide_case,
    make_case,
    make_decided_case,
    make_finding,
    make_heard_case,
    make_lead,
    offence,
    step,
)
from tests.cast import code, make_activated_batch, person, two_officers

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def autumn(at, app):
    at("2026-11-24T08:00+00:00")


def test_cases_are_numbered_in_the_offices_form_by_year(at):
    assert [make_case().number for _ in range(2)] == ["示市监立〔2026〕1号", "示市监立〔2026〕2号"]
    set_number_form(NumberKind.CASE, "示{year}案{serial}", by=person("zhao"))
    assert make_case().number == "示2026案3"
    at("2027-01-04T08:00+00:00")
    assert make_case().number == "示2027案1"


def test_a_form_without_a_serial_is_refused():
    with pytest.raises(NumberFormUnfit):
        set_number_form(NumberKind.CASE, "示〔{year}〕号", by=person("zhao"))


def test_a_case_has_two_officers_who_are_here_and_have_badges():
    lead = make_lead()
    pairs = [("chen", "chen", OfficersTheSame), ("chen", "sun", BadgeMissing)]
    for first, second, refusal in pairs:
        with pytest.raises(refusal):
            file_case(
                lead, person(first), person(second), offence=offence(), reason="有据", by=person("zhao")
            )
        db.session.rollback()
    close_account(person("he"), by=person("zhao"))
    with pytest.raises(PersonLeft):
        make_case(lead)


def test_a_lead_becomes_one_case():
    lead = make_lead()
    make_case(lead)
    with pytest.raises(LeadNotOpen):
        make_case(lead)


def test_the_whole_way_of_a_case():
    case = make_decided_case()
    step(case, StepKind.SERVED, facts={"served_how": "直接送达", "received_by": "店主"})
    step(case, StepKind.CLOSED, who="zhao")
    assert case.state == CaseState.CLOSED
    kinds = ["filed", "investigated", "notified", "responded", "decided", "served", "closed"]
    assert [one.kind for one in case.steps] == kinds


def test_a_step_out_of_order_changes_nothing():
    case = make_case()
    with pytest.raises(StepOutOfOrder):
        step(case, StepKind.SERVED)
    db.session.rollback()
    assert db.session.query(CaseStep).filter_by(case_id=case.id).count() == 1


def test_only_its_officers_investigate_and_only_another_decides():
    case = make_case()
    with pytest.raises(NotOnCase):
        step(case, StepKind.INVESTIGATED, who="zhao")
    db.session.rollback()
    heard = make_heard_case()
    with pytest.raises(NotOnCase):
        decide_case(heard, who="chen")
    db.session.rollback()
    with writing():
        person("zhao").badge_number = "示范-0009"
    change_officers(heard, person("zhao"), person("he"), reason="陈回避", by=person("sun"))
    with pytest.raises(DeciderInvestigated):
        decide_case(heard, who="zhao")


def test_nothing_is_decided_while_the_party_may_still_be_heard(at):
    case = make_case()
    step(case, StepKind.INVESTIGATED)
    step(case, StepKind.NOTIFIED)
    assert TermCode.HEARING in [one.code for one in timekeeper().of_case(case)]
    with pytest.raises(HearingStillOpen):
        decide_case(case)
    db.session.rollback()
    at("2026-12-02T08:00+00:00")
    decide_case(case)
    assert case.decision.number == "示市监处罚〔2026〕1号"


def test_a_fine_above_its_ceiling_is_refused_with_the_sum():
    with pytest.raises(FineTooHigh, match="800.00 元"):
        decide_case(make_heard_case(), fine_fen=800_01)


def test_a_crime_goes_to_the_police_and_the_case_is_closed():
    case = make_case()
    step(case, StepKind.POLICE, who="zhao", facts={"police_office": "示范公安分局"})
    step(case, StepKind.CLOSED, who="zhao")
    assert case.state == CaseState.CLOSED


def test_a_decided_case_stops_units_by_one_act_and_their_pages_follow():
    batch, other = make_activated_batch(), make_activated_batch("wu")
    case = make_decided_case()
    orders = [StopOrder(batch, StopKind.COUNTERFEIT, 3, 5), StopOrder(other, StopKind.RECALL, 1, 100)]
    stop_units(case, orders, reason="仿冒", **two_officers())
    assert look_at(code(batch, 4)).verdict == Verdict.COUNTERFEIT
    assert look_at(code(batch, 6)).verdict == Verdict.VALID
    assert look_at(code(other, 7)).verdict == Verdict.RECALLED
    assert [stop.stop.notice for stop in case.stops] == ["示市监处罚〔2026〕1号"] * 2


def test_of_several_stops_all_or_none_are_placed():
    batch = make_activated_batch()
    case = make_decided_case()
    orders = [StopOrder(batch, StopKind.HOLD, 1, 5), StopOrder(batch, StopKind.HOLD, 90, 900)]
    with pytest.raises(UnitsOutsideBatch):
        stop_units(case, orders, reason="冻结", by=person("zhao"))
    db.session.rollback()
    assert case.stops == [] and look_at(code(batch, 1)).verdict == Verdict.VALID


def test_an_undecided_case_stops_nothing():
    order = StopOrder(make_activated_batch(), StopKind.HOLD, 1, 5)
    with pytest.raises(NotDecided):
        stop_units(make_case(), [order], reason="冻结", by=person("zhao"))
    with pytest.raises(NothingOrdered):
        stop_units(make_decided_case(), [], reason="冻结", by=person("zhao"))


def test_a_published_decision_is_masked_and_goes_when_its_term_ends(at):
    case = make_decided_case()
    text = draft_publication(case, ["示范店主"])
    with pytest.raises(StillPersonal):
        publish(
            case,
            f"{text}\n电话 13800138000",
            names=[],
            kept=TermCode.KEEP_PUBLISHED_SHORT,
            by=person("zhao"),
        )
    db.session.rollback()
    publish(case, text, names=["示范店主"], kept=TermCode.KEEP_PUBLISHED_SHORT, by=person("zhao"))
    assert [one.case_id for one in decisions_in_public(TODAY)] == [case.id]
    assert decisions_in_public(date(2027, 2, 25)) == []


def test_a_quashed_decision_is_withdrawn():
    case = make_decided_case()
    publish(
        case,
        draft_publication(case, []),
        names=[],
        kept=TermCode.KEEP_PUBLISHED_LONG,
        by=person("zhao"),
    )
    withdraw_publication(case, reason="复议撤销", by=person("sun"))
    assert decisions_in_public(TODAY) == []


def running(case):
    return [one.code for one in timekeeper().of_case(case)]


def test_each_state_of_a_case_has_its_clock(at):
    make_finding(measure=Measure.PRESERVED, measure_on=TODAY)
    (lead,) = gather_leads(by=None)
    case = make_case(lead)
    assert running(case) == ["preservation"]
    step(case, StepKind.INVESTIGATED)
    step(case, StepKind.NOTIFIED)
    assert sorted(running(case)) == [TermCode.HEARING, "preservation"]
    step(case, StepKind.RESPONDED, facts={"response": Response.WAIVED})
    assert running(case) == ["preservation"]
    decide_case(case)
    assert running(case) == [TermCode.PUBLISH]
    publish_decision(case)
    assert running(case) == []


def publish_decision(case):
    text = draft_publication(case, [])
    return publish(case, text, names=[], kept=TermCode.KEEP_PUBLISHED_SHORT, by=person("zhao"))


def test_a_decision_is_public_to_the_last_day_of_its_term():
    publication = publish_decision(make_decided_case())
    last, after = date(2027, 2, 24), date(2027, 2, 25)
    for day, is_public in ((last, True), (after, False)):
        assert bool(decisions_in_public(day)) == publication.is_public_on(day) == is_public


def test_a_decision_is_published_once_and_withdrawn_once():
    case = make_decided_case()
    publish_decision(case)
    with pytest.raises(NothingToPublish):
        publish_decision(case)
    withdraw_publication(case, reason="复议撤销", by=person("sun"))
    with pytest.raises(NotPublished):
        withdraw_publication(case, reason="再次", by=person("sun"))
    assert case.publication.withdraw_reason == "复议撤销"


def test_a_step_is_not_entered_before_the_one_that_it_follows():
    case = make_case()
    with pytest.raises(StepDayWrong):
        step(case, StepKind.INVESTIGATED, on=date(2026, 11, 23))
    assert [one.kind for one in case.steps] == [StepKind.FILED]


def test_the_officers_of_a_closed_case_stay_those_who_did_it():
    case = make_case()
    step(case, StepKind.POLICE, who="zhao", facts={"police_office": "示范公安分局"})
    step(case, StepKind.CLOSED, who="zhao")
    with pytest.raises(StepOutOfOrder):
        change_officers(case, person("he"), person("chen"), reason="调离", by=person("zhao"))


def test_only_the_authority_stops_units():
    case = make_decided_case()
    order = StopOrder(make_activated_batch(), StopKind.HOLD, 1, 5)
    with pytest.raises(NotOnCase):
        stop_units(case, [order], reason="冻结", by=person("chen"))
    assert case.stops == []
