"""Leads: where they come from, whose they are, how their clocks run, and who may know the informant."""

from datetime import date

import pytest

from gi_trace import clock
from gi_trace.accounts.actions import close_account
from gi_trace.casework.actions.complaints import accept_complaint, end_mediation, refuse_complaint
from gi_trace.casework.actions.desk import enter_year, set_term
from gi_trace.casework.actions.informants import reveal_informant, tell_informant
from gi_trace.casework.actions.leads import (
    LeadChange,
    amend_lead,
    assign_lead,
    close_lead,
    extend_lead,
    merge_lead,
    pause_clock,
    resume_clock,
)
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Lead, LeadState, MediationOutcome, PauseKind
from gi_trace.casework.rules.deadlines import Term, TermUnit
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
    PauseOpen,
    WordsMissing,
)
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.rules.steps import PersonLeft
from gi_trace.casework.rules.terms import TermCode
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db, writing
from gi_trace.patrol.rules import Measure
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions.harvests import object_to
from gi_trace.stock.actions.holds import hold_lot
from gi_trace.stock.models import Slip
from gi_trace.verification.models import Alert, AlertKind, Report, ReportKind
from tests.casework import SHOP, make_case, make_decided_case, make_finding, make_lead
from tests.cast import make_activated_batch, person
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
    assert due(lead, TermCode.CHECK_LEAD) == date(2027, 1, 5)
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
