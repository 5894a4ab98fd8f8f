"""Leads: where they come from, whose they are, how their clocks run, and who may know the informant."""

from datetime import date

import pytest
from sqlalchemy import event

from gi_trace import clock
from gi_trace.accounts.actions import close_account
from gi_trace.batches.reconciliation import reconcile
from gi_trace.casework.actions.cases import change_officers, file_case
from gi_trace.casework.actions.complaints import accept_complaint, end_mediation, refuse_complaint
from gi_trace.casework.actions.informants import (
    check_may_see,
    hidden_informant,
    reveal_informant,
    tell_informant,
)
from gi_trace.casework.actions.leads import (
    LeadChange,
    amend_lead,
    assign_lead,
    close_lead,
    extend_lead,
    merge_lead,
    note_lead,
    pause_clock,
    resume_clock,
)
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import (
    Lead,
    LeadState,
    MediationOutcome,
    PauseKind,
    count_leads_in_hand,
    leads_in_hand,
)
from gi_trace.casework.queue import case_queue, lead_queue
from gi_trace.casework.rules.goods import GoodsWaiting
from gi_trace.casework.rules.leads import (
    AgreementMissing,
    AlreadyTold,
    ComplaintNotAccepted,
    ComplaintSettled,
    ExtensionTooLate,
    ExtensionTwice,
    InformantHidden,
    LeadNotMergeable,
    LeadNotOpen,
    OwnExtension,
    PauseDayWrong,
    PauseOpen,
    ReceivedDayWrong,
    WordsMissing,
)
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.rules.steps import NotOnCase, PersonLeft
from gi_trace.casework.shops_to_visit import all_shops, shops_to_visit
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db, writing
from gi_trace.patrol.rules import Measure
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions.harvests import object_to
from gi_trace.stock.actions.holds import hold_lot
from gi_trace.stock.models import Slip
from gi_trace.stock.rules.seasons import Season
from gi_trace.stock.season_balance import DiscrepancyKind
from gi_trace.terms.actions import TermBelowLaw, enter_year, set_term
from gi_trace.terms.deadlines import Term, TermUnit, published_until
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import LegalTerm, terms_now
from gi_trace.verification.models import Alert, AlertKind, Report, ReportKind
from tests.casework import SHOP, make_case, make_decided_case, make_finding, make_lead, new_lead
from tests.cast import LIN_USCC, WU_USCC, make_activated_batch, person
from tests.farm import KG, make_harvest, offer

NOW = "2026-11-24T08:00+00:00"


@pytest.fixture(autouse=True)
def autumn(at, app):
    at(NOW)


def raise_alert(batch):
    alert = Alert(
        kind=AlertKind.COPY,
        subject=f"{batch.number}:3",
        batch_number=batch.number,
        unit=3,
        raised_at=clock.now(),
        evidence={},
    )
    with writing():
        db.session.add(alert)


def send_report(kind=ReportKind.REPORT, contact=""):
    report = Report(
        receipt=f"R-{kind}", kind=kind, what="颜色不对", bought_at=SHOP, contact=contact, sent_at=clock.now()
    )
    with writing():
        db.session.add(report)


def due(lead, code):
    return next(one.deadline.day for one in timekeeper().of_lead(lead) if one.code == code)


def test_every_source_gives_its_lead_once():
    make_finding()
    raise_alert(make_activated_batch())
    send_report()
    send_report(ReportKind.COMPLAINT, contact="示范甲 某处")
    slip = db.session.query(Slip).filter_by(harvest_id=make_harvest().id).one()
    object_to(slip, "这不是我家的柑")
    leads = gather_leads(by=person("zhao"))
    sources = [lead.source for lead in leads]
    assert sorted(sources) == sorted(
        [LeadSource.FINDING, LeadSource.ALERT, LeadSource.REPORT, LeadSource.REPORT, LeadSource.STOCK]
    )
    assert gather_leads(by=person("zhao")) == []


def test_a_growers_objection_becomes_a_lead_also_where_the_lot_is_held_already():
    harvest = make_harvest()
    hold_lot(harvest.lot, reason="抽检", by=person("zhao"))
    slip = db.session.query(Slip).filter_by(harvest_id=harvest.id).one()
    object_to(slip, "这不是我家的柑")
    (lead,) = gather_leads(by=None)
    assert (lead.source, lead.what, lead.respondent_name) == (LeadSource.STOCK, "这不是我家的柑", "")
    assert gather_leads(by=None) == []


def test_two_growers_objections_to_one_lot_are_two_leads_and_name_the_buyer():
    harvest = make_harvest()
    transfer = offer(harvest.lot, 100 * KG, to="lin", by="liang")
    for slip in db.session.query(Slip).order_by(Slip.id).all():
        object_to(slip, "重量不对")
    of_harvest, of_sale = gather_leads(by=None)
    assert (of_harvest.party_id, of_sale.party_id) == (None, transfer.receiver_id)


def test_what_the_books_cannot_explain_becomes_a_lead_once(at):
    number = make_harvest().lot.number
    at("2027-03-01T08:00+00:00")
    (lead,) = gather_leads(by=None)
    assert (lead.source, lead.title) == (LeadSource.STOCK, f"产季结束后仍在账的鲜货：{number}")
    assert "1,000 千克" in lead.what
    assert gather_leads(by=None) == []


def test_a_finding_brings_its_shop_value_and_evidence_along():
    finding = make_finding(measure=Measure.PRESERVED, measure_on=clock.today())
    (lead,) = gather_leads(by=person("zhao"))
    assert (lead.respondent_name, lead.value_fen) == (SHOP, 800_00)
    assert [one.id for one in lead.findings] == [finding.id]
    assert "物品已先行登记保存或抽样，等待处理" in [text for text, _ in lead.risk_reasons]
    assert due(lead, "preservation") == date(2026, 12, 1)


def test_the_clock_runs_from_the_day_the_matter_reached_us():
    send_report()
    lead = gather_leads(by=None)[0]
    assert due(lead, TermCode.CHECK_LEAD) == date(2026, 12, 15)


def test_a_complaint_has_its_own_clocks_and_ends_in_mediation():
    send_report(ReportKind.COMPLAINT, contact="示范甲")
    lead = gather_leads(by=None)[0]
    assert due(lead, TermCode.ACCEPT_COMPLAINT) == date(2026, 12, 3)
    with pytest.raises(ComplaintNotAccepted):
        end_mediation(lead, MediationOutcome.FAILED, agreement="", confirmed_on=None, by=person("chen"))
    accept_complaint(lead, by=person("chen"))
    assert due(lead, TermCode.MEDIATION) == date(2027, 1, 8)
    with pytest.raises(ComplaintSettled):
        refuse_complaint(lead, reason="迟了", by=person("chen"))
    with pytest.raises(AgreementMissing):
        end_mediation(lead, MediationOutcome.AGREED, agreement="退款", confirmed_on=None, by=person("chen"))
    end_mediation(
        lead, MediationOutcome.AGREED, agreement="退款", confirmed_on=clock.today(), by=person("chen")
    )
    assert [one.code for one in timekeeper().of_lead(lead)] == [TermCode.CHECK_LEAD]


def test_a_test_lets_the_clock_stand(at):
    lead = make_lead()
    before = due(lead, TermCode.CHECK_LEAD)
    pause_clock(lead, PauseKind.TEST, date(2026, 11, 24), note="送检", by=person("chen"))
    with pytest.raises(PauseOpen):
        pause_clock(lead, PauseKind.TEST, date(2026, 11, 24), note="", by=person("chen"))
    at("2026-12-04T08:00+00:00")
    resume_clock(lead, date(2026, 12, 4), by=person("chen"))
    assert (before, due(lead, TermCode.CHECK_LEAD)) == (date(2026, 12, 15), date(2026, 12, 25))


def test_an_extension_needs_another_person_and_comes_once_and_in_time(at):
    lead, late = make_lead(), make_lead()
    with pytest.raises(OwnExtension):
        extend_lead(lead, reason="待鉴定", by=person("chen"))
    extend_lead(lead, reason="待鉴定", by=person("zhao"))
    assert due(lead, TermCode.CHECK_LEAD) == date(2027, 1, 6), "New Year's Day is free by law"
    with pytest.raises(ExtensionTwice):
        extend_lead(lead, reason="再延", by=person("zhao"))
    at("2026-12-16T08:00+00:00")
    with pytest.raises(ExtensionTooLate):
        extend_lead(late, reason="忘了", by=person("zhao"))


def test_terms_and_next_years_holidays_are_data():
    lead = make_lead()
    set_term(TermCode.CHECK_LEAD, Term(20, TermUnit.WORKDAYS), source="示范规定", by=person("zhao"))
    assert due(lead, TermCode.CHECK_LEAD) == date(2026, 12, 22)
    set_term(TermCode.CHECK_LEAD, Term(28, TermUnit.WORKDAYS), source="示范规定", by=person("zhao"))
    assert timekeeper().of_lead(lead)[0].deadline.provisional
    enter_year(2027, "2027-01-01 至 2027-01-03 休", source="示范通知", by=person("zhao"))
    clock_now = timekeeper().of_lead(lead)[0].deadline
    assert (clock_now.day, clock_now.provisional) == (date(2027, 1, 4), False)


def test_nobody_gives_the_party_less_time_than_the_law(app):
    for term in (Term(1, TermUnit.WORKDAYS), Term(7, TermUnit.DAYS)):
        with pytest.raises(TermBelowLaw, match="5个工作日"):
            set_term(TermCode.HEARING, term, source="示范规定", by=person("zhao"))
        db.session.rollback()
    with writing():
        db.session.add(LegalTerm(code=TermCode.STATEMENT, amount=1, unit=TermUnit.DAYS, source="旧规定"))
    assert terms_now()[TermCode.STATEMENT] == TermCode.STATEMENT.first
    set_term(TermCode.HEARING, Term(10, TermUnit.WORKDAYS), source="示范规定", by=person("zhao"))
    assert terms_now()[TermCode.HEARING].amount == 10


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2024, 11, 23), date(2026, 11, 25)])
def test_a_lead_was_received_within_two_years_and_not_in_the_future(day):
    with pytest.raises(ReceivedDayWrong):
        note_lead(new_lead(received_on=day), by=person("zhao"))


def test_entering_a_year_again_replaces_it():
    enter_year(2027, "2027-01-01 休", source="示范通知", by=person("zhao"))
    enter_year(2027, "2027-01-01 休\n2027-01-02 班", source="示范通知 更正", by=person("zhao"))
    assert len(enter_year(2027, "2027-01-01 班", source="再更正", by=person("sun")).days) == 1


def test_a_lead_is_not_given_to_a_person_who_left_and_passes_on_when_its_holder_leaves():
    lead = make_lead()
    close_account(person("chen"), by=person("zhao"))
    assert lead.holder_left
    with pytest.raises(PersonLeft):
        assign_lead(lead, person("chen"), by=person("zhao"))
    assign_lead(lead, person("he"), by=person("zhao"))
    assert not lead.holder_left


def test_a_lead_is_closed_once_and_with_a_reason():
    lead = make_lead()
    with pytest.raises(WordsMissing):
        close_lead(lead, reason=" ", by=person("zhao"))
    db.session.rollback()
    close_lead(lead, reason="查无实据", by=person("zhao"))
    assert lead.state == LeadState.CLOSED
    with pytest.raises(LeadNotOpen):
        close_lead(lead, reason="再次", by=person("zhao"))


def test_who_told_us_is_seen_by_those_on_the_matter_alone_and_each_look_is_recorded():
    send_report(contact="示范甲 13800138000")
    lead = gather_leads(by=None)[0]
    assign_lead(lead, person("chen"), by=person("zhao"))
    for other in ("he", "zhao", "lin"):
        with pytest.raises(InformantHidden):
            reveal_informant(lead, reason="想知道", by=person(other))
    assert "13800138000" in reveal_informant(lead, reason="核实情况", by=person("chen")).identity
    refused = db.session.query(RecordRow).filter_by(act="informant.refused").all()
    assert [row.by for row in refused] == [f"account:{person(one).id}" for one in ("he", "zhao", "lin")]
    rows = db.session.query(RecordRow).filter_by(act="informant.revealed").all()
    assert [(row.by, row.facts) for row in rows] == [(f"account:{person('chen').id}", {"reason": "核实情况"})]
    everything = "".join(row.body for row in db.session.query(RecordRow))
    assert "13800138000" not in everything


def test_the_informant_is_told_within_five_workdays_of_the_decision_to_file():
    send_report(contact="示范甲")
    lead = gather_leads(by=None)[0]
    make_case(lead)
    assert due(lead, TermCode.TELL_INFORMANT) == date(2026, 12, 1)
    tell_informant(lead, how="电话告知已立案", by=person("he"))
    assert timekeeper().of_lead(lead) == []
    with pytest.raises(AlreadyTold):
        tell_informant(lead, how="再次", by=person("he"))


def test_who_was_taken_off_a_case_sees_nothing_of_it_any_more():
    lead = make_lead(identity="示范甲")
    case = file_case(lead, person("chen"), person("he"), offence=None, reason="有据", by=person("zhao"))
    with writing():
        person("sun").badge_number = "粤 J 示范 9"
    change_officers(case, person("he"), person("sun"), reason="陈回避", by=person("zhao"))
    assert lead.assigned_to == person("he")
    with pytest.raises(InformantHidden):
        reveal_informant(lead, reason="想知道", by=person("chen"))
    with pytest.raises(NotOnCase):
        check_may_see(lead, person("chen"))
    assert reveal_informant(lead, reason="核实", by=person("sun")).identity == "示范甲"


def test_who_told_us_of_a_merged_lead_is_hidden_in_the_texts_of_the_other():
    lead, same = make_lead(identity="示范甲甲"), make_lead(identity="陈大文 13800138000")
    merge_lead(same, lead, by=person("zhao"))
    assert {"示范甲甲", "陈大文", "13800138000"} <= set(hidden_informant(lead).pieces)


def test_after_a_lead_was_closed_without_anybody_on_it_somebody_tells_who_told_us():
    lead = note_lead(new_lead(identity="示范甲"), by=person("zhao"))
    close_lead(lead, reason="查无实据", by=person("zhao"))
    assign_lead(lead, person("chen"), by=person("zhao"))
    tell_informant(lead, how="电话", by=person("chen"))
    with pytest.raises(LeadNotOpen):
        assign_lead(lead, person("he"), by=person("zhao"))


def test_what_is_known_better_is_amended_until_the_decision():
    lead = make_lead(respondent_name="")
    known = LeadChange("查明经营者", "示范档口", "", "示范市场", None, None, 60_000_00)
    amend_lead(lead, known, by=person("chen"))
    assert (lead.respondent_name, lead.value_fen) == ("示范档口", 60_000_00)
    row = db.session.query(RecordRow).filter_by(act="lead.amended").one()
    assert row.facts["respondent_name"] == ["", "示范档口"]
    make_decided_case(lead)
    with pytest.raises(LeadNotOpen):
        amend_lead(lead, known, by=person("chen"))


def test_leads_of_one_matter_become_one_with_all_findings_and_a_complaint_stays_apart():
    make_finding()
    make_finding()
    first, second = gather_leads(by=None)
    merge_lead(second, first, by=person("zhao"))
    assert len(first.findings) == 2 and second.settle_reason == first.number
    for wrong in (first, make_lead(claim="退款")):
        with pytest.raises(LeadNotMergeable):
            merge_lead(wrong, first, by=person("zhao"))
        db.session.rollback()


def test_more_leads_of_one_respondent_weigh_more():
    first, second = make_lead(), make_lead()
    assert second.risk_points > first.risk_points
    assert db.session.query(Lead).count() == 2


def test_the_most_urgent_clock_of_a_lead_comes_first():
    make_finding(measure=Measure.PRESERVED, measure_on=clock.today())
    (lead,) = gather_leads(by=None)
    assert [one.code for one in timekeeper().of_lead(lead)] == ["preservation", TermCode.CHECK_LEAD]


def test_a_pause_in_the_extension_moves_its_end_too(at):
    lead = make_lead()
    extend_lead(lead, reason="待鉴定", by=person("zhao"))
    at("2026-12-22T08:00+00:00")
    pause_clock(lead, PauseKind.TEST, date(2026, 12, 21), note="送检", by=person("chen"))
    resume_clock(lead, date(2026, 12, 22), by=person("chen"))
    assert due(lead, TermCode.CHECK_LEAD) == date(2027, 1, 8)


def test_a_pause_lies_between_the_day_of_the_lead_and_today():
    lead = make_lead()
    for wrong in (date(2026, 11, 23), date(2026, 11, 25)):
        with pytest.raises(PauseDayWrong):
            pause_clock(lead, PauseKind.TEST, wrong, note="", by=person("chen"))
    pause_clock(lead, PauseKind.TEST, date(2026, 11, 24), note="", by=person("chen"))
    with pytest.raises(PauseDayWrong):
        resume_clock(lead, date(2026, 11, 25), by=person("chen"))


def complaint_lead():
    send_report(ReportKind.COMPLAINT, contact="示范甲")
    return gather_leads(by=None)[0]


def end(lead, outcome=MediationOutcome.FAILED, confirmed_on=None):
    end_mediation(lead, outcome, agreement="退款", confirmed_on=confirmed_on, by=person("chen"))


def test_mediation_runs_from_the_day_on_which_the_complaint_was_accepted(at):
    lead = complaint_lead()
    at("2026-11-30T08:00+00:00")
    accept_complaint(lead, by=person("chen"))
    assert due(lead, TermCode.MEDIATION) == date(2027, 1, 14)


def test_an_extension_is_provisional_where_its_first_term_is(at):
    unknown = published_until() + 1
    at(f"{unknown}-12-28T08:00+00:00")
    enter_year(unknown + 1, f"{unknown + 1}-01-01 休", source="示范通知", by=person("zhao"))
    lead = make_lead()
    extend_lead(lead, reason="待鉴定", by=person("zhao"))
    assert timekeeper().deadline_of_lead(lead).provisional


def test_a_complaint_that_was_refused_is_not_accepted_afterwards():
    lead = complaint_lead()
    refuse_complaint(lead, reason="不属管辖", by=person("chen"))
    for again in (
        lambda: accept_complaint(lead, by=person("chen")),
        lambda: refuse_complaint(lead, reason="再次", by=person("chen")),
    ):
        with pytest.raises(ComplaintSettled):
            again()
    assert lead.complaint.accepted_on is None and lead.complaint.refuse_reason == "不属管辖"


def test_a_mediation_ends_once_and_is_confirmed_after_it_began():
    lead = complaint_lead()
    accept_complaint(lead, by=person("chen"))
    with pytest.raises(PauseDayWrong):
        end(lead, MediationOutcome.AGREED, confirmed_on=date(2026, 11, 23))
    end(lead, MediationOutcome.AGREED, confirmed_on=date(2026, 11, 24))
    with pytest.raises(ComplaintSettled):
        end(lead)
    assert lead.complaint.outcome == MediationOutcome.AGREED


def in_hand():
    return [lead.id for lead in leads_in_hand()], count_leads_in_hand()


def test_a_closed_lead_stays_in_hand_until_its_complaint_is_answered_and_its_informant_told():
    lead = complaint_lead()
    assign_lead(lead, person("chen"), by=person("zhao"))
    close_lead(lead, reason="查无实据", by=person("zhao"))
    tell_informant(lead, how="电话", by=person("chen"))
    assert in_hand() == ([lead.id], 1)
    refuse_complaint(lead, reason="不属管辖", by=person("chen"))
    assert in_hand() == ([], 0)


def test_a_closed_lead_whose_informant_waits_is_in_hand():
    send_report(contact="示范甲")
    (lead,) = gather_leads(by=None)
    close_lead(lead, reason="查无实据", by=person("zhao"))
    assert in_hand() == ([lead.id], 1)


def test_the_queue_asks_no_more_of_many_leads_than_of_few():
    def statements() -> int:
        asked = []
        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", count := lambda *_: asked.append(1))
        leads, cases = lead_queue(), case_queue()
        shown = [(one.lead.assigned_to.name, one.clock) for one in leads]
        shown += [(one.case.first_officer.name, one.clock) for one in cases]
        event.remove(db.engine, "before_cursor_execute", count)
        assert len(shown) == len(leads) + len(cases)
        return len(asked)

    def add_one_of_each() -> None:
        make_case()
        finding = make_finding()
        make_lead(finding_ids=(finding.id,), claim="退款", identity="示范甲")

    add_one_of_each()
    few = statements()
    for _ in range(3):
        add_one_of_each()
    assert statements() == few


def test_no_lead_is_closed_while_goods_that_were_kept_for_proof_wait():
    make_finding(measure=Measure.PRESERVED, measure_on=clock.today())
    (lead,) = gather_leads(by=None)
    with pytest.raises(GoodsWaiting):
        close_lead(lead, reason="查无实据", by=person("zhao"))


def test_two_leads_that_become_one_weigh_and_are_worth_what_the_graver_one_does():
    first = make_lead(value_fen=1_00, respondent_name="示范别家")
    make_finding(measure=Measure.PRESERVED, measure_on=clock.today())
    (second,) = gather_leads(by=None)
    before = first.risk_points
    merge_lead(second, first, by=person("zhao"))
    assert (first.value_fen, first.risk_points) == (800_00, before + 20)


def test_a_finding_that_both_leads_have_is_theirs_once():
    finding = make_finding()
    first, second = make_lead(finding_ids=(finding.id,)), make_lead(finding_ids=(finding.id,))
    merge_lead(second, first, by=person("zhao"))
    assert [one.id for one in first.findings] == [finding.id]


def reasons(lead):
    return [text for text, _ in lead.risk_reasons]


def test_a_lead_is_no_earlier_lead_of_itself_and_a_code_says_more_than_a_name():
    earlier, other = "同一对象一年内另有 {count} 条线索", "另有 {count} 处来源指向同一批次"
    lead = make_lead(respondent_code=LIN_USCC)
    assert reasons(lead) == ["工作中发现"]
    assert earlier not in reasons(make_lead(respondent_code=WU_USCC))
    assert earlier in reasons(make_lead(respondent_code=LIN_USCC, respondent_name="别名"))
    assert other not in reasons(lead)


def test_what_two_sources_say_of_one_batch_weighs_more():
    number = make_activated_batch().number
    text = "另有 {count} 处来源指向同一批次"
    assert text not in reasons(make_lead(batch_number=number))
    assert text not in reasons(make_lead(batch_number=number))
    assert text in reasons(make_lead(batch_number=number, source=LeadSource.CITY))


def test_a_lead_against_a_code_sends_officers_to_the_shop_that_has_it():
    finding = make_finding()
    with writing():
        finding.visit.shop.code = LIN_USCC
    make_lead(respondent_code=LIN_USCC, respondent_name="别名")
    (shop,) = shops_to_visit(all_shops())
    assert ("未办结线索 {count} 条", {"count": 1}) in shop.reasons


def test_an_offer_that_waits_for_its_answer_is_no_lead(at):
    harvest = make_harvest()
    offer(harvest.lot, 100 * KG, to="lin", by="liang")
    at("2027-03-01T08:00+00:00")
    found = reconcile(Season(2026), harvest.lot.material.crop).discrepancies
    assert DiscrepancyKind.OPEN_OFFER in {one.kind for one in found}
    titles = [lead.title for lead in gather_leads(by=None)]
    assert titles and not [one for one in titles if one.startswith(DiscrepancyKind.OPEN_OFFER.label)]
