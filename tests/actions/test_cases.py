"""Cases: two officers, steps in order, a decision by somebody else, stops and publication that follow."""

from datetime import date

import pytest

from gi_trace.accounts.actions import close_account
from gi_trace.batches.rules import StopKind, UnitsOutsideBatch
from gi_trace.casework.actions.cases import change_officers, file_case, set_offence, take_step
from gi_trace.casework.actions.goods import settle_goods
from gi_trace.casework.actions.leads import LeadChange, amend_lead
from gi_trace.casework.actions.numbers import set_number_form
from gi_trace.casework.actions.papers import issue_paper
from gi_trace.casework.actions.publication import (
    NothingToPublish,
    NotPublished,
    NotServed,
    draft_publication,
    publish,
    withdraw_publication,
)
from gi_trace.casework.actions.stops import NotDecided, NothingOrdered, StopOrder, stop_units
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import CaseStep, NumberKind, decisions_in_public
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact
from gi_trace.casework.rules.case_numbers import NumberFormTaken, NumberFormUnfit
from gi_trace.casework.rules.fines import DecisionIncomplete, FineGround, FineTooHigh
from gi_trace.casework.rules.goods import GoodsDayWrong, GoodsOutcome, GoodsWaiting, NoGoodsKept
from gi_trace.casework.rules.hearing import HearingAsked, HearingStillOpen, HolidaysUnknown
from gi_trace.casework.rules.leads import LeadNotOpen
from gi_trace.casework.rules.leaving import LookedOver, NotLookedOver
from gi_trace.casework.rules.papers import PaperNotIssued, PaperUnnamed
from gi_trace.casework.rules.personal import StillPersonal
from gi_trace.casework.rules.steps import (
    BadgeMissing,
    CaseState,
    DeciderInvestigated,
    NotOnCase,
    PersonLeft,
    Response,
    StepDayWrong,
    StepFact,
    StepKind,
    StepOutOfOrder,
)
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db, writing
from gi_trace.patrol.rules import Measure
from gi_trace.registry.who_may import OfficersTheSame
from gi_trace.terms.actions import enter_year
from gi_trace.terms.legal import TermCode
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict
from tests.casework import (
    decide_case,
    issue_decision,
    make_case,
    make_decided_case,
    make_finding,
    make_heard_case,
    make_lead,
    make_served_case,
    offence,
    step,
)
from tests.cast import code, make_activated_batch, person, two_officers

TODAY = date(2026, 11, 24)
SAID = {fact: f"（{fact.label}）" for fact in PaperFact if fact.is_asked}


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
    db.session.rollback()
    change_officers(heard, person("chen"), person("he"), reason="换回", by=person("sun"))
    with pytest.raises(DeciderInvestigated):
        decide_case(heard, who="zhao")
    db.session.rollback()
    decide_case(heard, who="sun")


def test_nothing_is_decided_while_the_party_may_still_be_heard(at):
    case = make_case()
    step(case, StepKind.INVESTIGATED)
    step(case, StepKind.NOTIFIED)
    assert TermCode.STATEMENT in running(case)
    with pytest.raises(HearingStillOpen):
        decide_case(case)
    db.session.rollback()
    at("2026-12-02T08:00+00:00")
    decide_case(case)
    assert case.decision.number == "示市监处罚〔2026〕1号"


def test_a_decision_waits_for_the_longest_term_that_is_open(at):
    case = make_case()
    step(case, StepKind.INVESTIGATED)
    step(case, StepKind.NOTIFIED)
    at("2026-11-26T08:00+00:00")
    step(case, StepKind.HEARING_TOLD)
    step(case, StepKind.RESPONDED, facts={"response": Response.STATEMENT})
    assert TermCode.HEARING in running(case) and TermCode.STATEMENT not in running(case)
    at("2026-12-03T08:00+00:00")
    with pytest.raises(HearingStillOpen, match="2026-12-03"):
        decide_case(case)
    db.session.rollback()
    at("2026-12-04T08:00+00:00")
    decide_case(case)
    assert case.state == CaseState.DECIDED


def test_a_hearing_that_was_asked_for_is_held_before_anything_is_decided(at):
    case = make_case()
    for kind in (StepKind.INVESTIGATED, StepKind.NOTIFIED, StepKind.HEARING_TOLD):
        step(case, kind)
    step(case, StepKind.RESPONDED, facts={"response": Response.HEARING_ASKED})
    at("2026-12-24T08:00+00:00")
    with pytest.raises(HearingAsked):
        decide_case(case)
    db.session.rollback()
    step(case, StepKind.RESPONDED, facts={"response": Response.HEARD})
    decide_case(case)
    assert case.state == CaseState.DECIDED


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"violated": " "}, "违法事实"),
        ({"evidence": ["", " "]}, "证据清单"),
        ({"ground": FineGround.OTHER}, "处罚依据"),
    ],
)
def test_a_decision_without_facts_evidence_or_ground_is_not_entered(lacking, named):
    case = make_heard_case()
    with pytest.raises(DecisionIncomplete, match=named):
        decide_case(case, **lacking)
    db.session.rollback()
    assert case.decision is None and case.state == CaseState.NOTIFIED


def test_a_decision_against_nobody_is_not_entered():
    with pytest.raises(DecisionIncomplete, match="当事人"):
        decide_case(make_heard_case(make_lead(respondent_name="")))


def test_a_case_is_decided_within_ninety_days_of_its_filing(at):
    case = make_case()
    (clock_of_decision,) = timekeeper().of_case(case)
    assert clock_of_decision.code == TermCode.DECIDE_CASE
    assert clock_of_decision.deadline.day == date(2027, 2, 22)


def test_goods_kept_for_proof_have_their_clock_until_it_is_said_what_became_of_them(at):
    finding = make_finding(measure=Measure.PRESERVED, measure_on=TODAY)
    (lead,) = gather_leads(by=None)
    case = make_decided_case(lead)
    assert "preservation" in running(case)
    what = {"on": TODAY, "text": "清点后返还", "by": person("sun")}
    with pytest.raises(GoodsDayWrong):
        settle_goods(lead, finding, GoodsOutcome.RETURNED, **what | {"on": date(2026, 11, 23)})
    db.session.rollback()
    step(case, StepKind.SERVED)
    with pytest.raises(GoodsWaiting):
        step(case, StepKind.CLOSED, who="zhao")
    db.session.rollback()
    settle_goods(lead, finding, GoodsOutcome.RETURNED, **what)
    assert "preservation" not in running(case)
    step(case, StepKind.CLOSED, who="zhao")
    with pytest.raises(NoGoodsKept):
        settle_goods(lead, finding, GoodsOutcome.SEIZED, **what)


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
    case = make_served_case()
    text = draft_publication(case, ["示范店主"])
    with pytest.raises(StillPersonal):
        publish(
            case,
            f"{text}\n电话 13800138000",
            names=[],
            kept=TermCode.KEEP_PUBLISHED_SHORT,
            looked=LookedOver((), True),
            by=person("zhao"),
        )
    db.session.rollback()
    publish_decision(case, names=["示范店主"])
    assert [one.case_id for one in decisions_in_public(TODAY)] == [case.id]
    assert decisions_in_public(date(2027, 2, 25)) == []


def test_a_decision_is_not_published_before_it_was_served():
    with pytest.raises(NotServed):
        publish_decision(make_decided_case())


def test_a_likely_name_in_a_text_to_be_published_is_masked_or_said_to_be_none():
    case = make_served_case()
    text = draft_publication(case, []) + "\n店主陈大文承认上述事实。"
    told = {"names": [], "kept": TermCode.KEEP_PUBLISHED_SHORT, "by": person("zhao")}
    with pytest.raises(NotLookedOver):
        publish(case, text, **told)
    db.session.rollback()
    publish(case, text, **told, looked=LookedOver(("陈大文",), True))
    assert "陈某某承认" in case.publication.text and "陈大文" not in case.publication.text


def test_what_the_informant_is_called_never_stands_in_a_published_text():
    case = make_served_case(make_lead(identity="龙吉祥示范 微信 longjixiang"))
    text = draft_publication(case, []) + "\n龙吉祥示范反映属实。"
    told = {"names": [], "kept": TermCode.KEEP_PUBLISHED_SHORT, "by": person("zhao")}
    with pytest.raises(NotLookedOver):
        publish(case, text, **told)
    db.session.rollback()
    publish(case, text, **told, looked=LookedOver((), True))
    assert "龙吉祥示范" not in case.publication.text


def test_a_quashed_decision_is_withdrawn():
    case = make_served_case()
    publish_decision(case)
    withdraw_publication(case, reason="复议撤销", by=person("sun"))
    assert decisions_in_public(TODAY) == []


def running(case):
    return [one.code for one in timekeeper().of_case(case)]


def test_each_state_of_a_case_has_its_clock(at):
    make_finding(measure=Measure.PRESERVED, measure_on=TODAY)
    (lead,) = gather_leads(by=None)
    case = make_case(lead)
    assert running(case) == ["preservation", TermCode.DECIDE_CASE]
    step(case, StepKind.INVESTIGATED)
    step(case, StepKind.NOTIFIED)
    assert set(running(case)) == {TermCode.STATEMENT, TermCode.DECIDE_CASE, "preservation"}
    step(case, StepKind.RESPONDED, facts={"response": Response.WAIVED})
    assert running(case) == ["preservation", TermCode.DECIDE_CASE]
    (kept,) = lead.findings
    what = {"on": TODAY, "text": "随案没收", "by": person("chen")}
    settle_goods(lead, kept, GoodsOutcome.CONFISCATED, **what)
    decide_case(case)
    assert running(case) == [TermCode.PUBLISH]
    step(case, StepKind.SERVED, facts={"served_how": "直接送达"})
    publish_decision(case)
    assert running(case) == []


def publish_decision(case, *, names=()):
    told = {"kept": TermCode.KEEP_PUBLISHED_SHORT, "looked": LookedOver((), True), "by": person("zhao")}
    return publish(case, draft_publication(case, names), names=names, **told)


def test_a_decision_is_public_to_the_last_day_of_its_term():
    publication = publish_decision(make_served_case())
    last, after = date(2027, 2, 24), date(2027, 2, 25)
    for day, is_public in ((last, True), (after, False)):
        assert bool(decisions_in_public(day)) == publication.is_public_on(day) == is_public


def test_a_decision_is_published_once_and_withdrawn_once():
    case = make_served_case()
    publish_decision(case)
    with pytest.raises(NothingToPublish):
        publish_decision(case)
    withdraw_publication(case, reason="复议撤销", by=person("sun"))
    with pytest.raises(NotPublished):
        withdraw_publication(case, reason="再次", by=person("sun"))
    assert case.publication.withdraw_reason == "复议撤销"


def test_a_published_text_is_corrected_by_withdrawing_it_and_publishing_it_again():
    case = make_served_case()
    publish_decision(case)
    withdraw_publication(case, reason="文字有误", by=person("sun"))
    publish_decision(case)
    assert [one.case_id for one in decisions_in_public(TODAY)] == [case.id]
    with pytest.raises(NothingToPublish):
        publish_decision(case)


def test_a_decision_asks_for_what_its_paper_could_not_be_issued_without():
    lead = make_lead(respondent_address="")
    case = file_case(lead, person("chen"), person("he"), offence=None, reason="有据", by=person("zhao"))
    for kind in (StepKind.INVESTIGATED, StepKind.NOTIFIED):
        step(case, kind)
    step(case, StepKind.RESPONDED, facts={"response": Response.WAIVED})
    with pytest.raises(DecisionIncomplete, match="地址"):
        decide_case(case)
    db.session.rollback()
    known = LeadChange("", "示范档口", "", "示范市场", None, None, 0)
    amend_lead(lead, known, by=person("chen"))
    with pytest.raises(DecisionIncomplete, match="违反的条款"):
        decide_case(case)
    db.session.rollback()
    with pytest.raises(NotOnCase):
        set_offence(case, offence(), by=person("lin"))
    db.session.rollback()
    set_offence(case, offence(), by=person("chen"))
    decide_case(case)
    with pytest.raises(LeadNotOpen):
        set_offence(case, offence(), by=person("chen"))


def test_the_days_of_a_year_whose_holidays_are_unknown_end_no_term_of_the_party(at):
    at("2026-12-31T08:00+00:00")
    case = make_case()
    for kind in (StepKind.INVESTIGATED, StepKind.NOTIFIED):
        step(case, kind)
    at("2027-01-09T08:00+00:00")
    with pytest.raises(HolidaysUnknown):
        decide_case(case)
    db.session.rollback()
    enter_year(2027, "2027-01-01 至 2027-01-03 休", source="示范通知", by=person("zhao"))
    decide_case(case)


def test_one_number_never_stands_on_two_papers():
    with pytest.raises(NumberFormTaken):
        set_number_form(NumberKind.DECISION, NumberKind.CASE.first_form, by=person("zhao"))
    db.session.rollback()
    first = make_case().number
    set_number_form(NumberKind.CASE, "示新{year}-{serial}", by=person("zhao"))
    set_number_form(NumberKind.DECISION, NumberKind.CASE.first_form, by=person("zhao"))
    case = make_decided_case()
    assert first == "示市监立〔2026〕1号" and case.decision.number == "示市监立〔2026〕2号"


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


def test_no_term_of_the_party_begins_before_its_notice_was_written(at):
    case = make_case()
    at("2026-12-10T08:00+00:00")
    step(case, StepKind.INVESTIGATED, on=TODAY)
    with pytest.raises(PaperUnnamed):
        step(case, StepKind.NOTIFIED, facts={})
    db.session.rollback()
    with pytest.raises(StepDayWrong):
        step(case, StepKind.NOTIFIED, on=TODAY)
    db.session.rollback()
    issue_paper(CasePaperKind.INTERVIEW, case.lead, said=SAID, by=person("chen"))
    looked = LookedOver((), True)
    notice = issue_paper(CasePaperKind.PENALTY_NOTICE, case.lead, said=SAID, looked=looked, by=person("chen"))
    at("2026-12-14T08:00+00:00")
    with pytest.raises(StepDayWrong, match="2026-12-10"):
        step(case, StepKind.NOTIFIED, on=date(2026, 12, 9))
    db.session.rollback()
    step(case, StepKind.NOTIFIED, on=date(2026, 12, 11), facts={StepFact.DOCUMENT_NUMBER: "随便"})
    assert case.steps[-1].facts[StepFact.DOCUMENT_NUMBER] == notice.number


def test_a_decision_is_served_once_its_paper_is_issued():
    case = make_decided_case()
    with pytest.raises(PaperNotIssued):
        take_step(case, StepKind.SERVED, on=TODAY, text="已送达", by=person("chen"))
    db.session.rollback()
    paper = issue_decision(case)
    take_step(case, StepKind.SERVED, on=TODAY, text="已送达", by=person("chen"))
    assert case.steps[-1].facts[StepFact.DOCUMENT_NUMBER] == paper.number == case.decision.number
