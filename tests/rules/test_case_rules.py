"""The way of a case, its numbers, fines, risk and public text."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.batches.rules import StopKind
from gi_trace.casework.rules.case_numbers import NumberFormUnfit, check_number_form, number_of
from gi_trace.casework.rules.fines import Amounts, FineGround, FineTooHigh, MoreThanGains, check_amounts
from gi_trace.casework.rules.hearing import (
    HearingAsked,
    HearingStillOpen,
    HolidaysUnknown,
    SaidStep,
    check_heard,
    open_notices,
)
from gi_trace.casework.rules.leads import ExtensionTooLate, PauseDayWrong, check_extension, check_pause_day
from gi_trace.casework.rules.money import MOST_FEN, MoneyUnreadable, Yuan, parse_yuan
from gi_trace.casework.rules.personal import StillPersonal, check_nothing_personal, masked, masked_name
from gi_trace.casework.rules.risk import LeadFacts, LeadSource, queue_key, risk_of
from gi_trace.casework.rules.steps import (
    FROM,
    STATE_AFTER,
    BadgeMissing,
    CaseState,
    PersonLeft,
    Response,
    StepDayWrong,
    StepKind,
    StepOutOfOrder,
    check_may_investigate,
    check_step,
    check_step_day,
    steps_from,
)
from gi_trace.casework.rules.stop_list import StopLine, StopLineUnreadable, read_stop_list
from gi_trace.registry.who_may import OfficersTheSame, check_two_officers
from gi_trace.terms.deadlines import Deadline

TODAY = date(2026, 11, 24)
TEXT = (
    "当事人陈大文，身份证号440705199001011234，电话138 0013 8000，住江门市新会区示范路1号101房。"
    "账户6222 0212 3456 7890 123，车牌粤J12345。供货方统一社会信用代码91440705MA5DEM01XX。"
)


def amounts(**changes):
    plain = {"goods_value_fen": 1_000_00, "turnover_fen": 0, "gains_fen": 0}
    return Amounts(**(plain | {"confiscated_gains_fen": 0, "fine_fen": 0} | changes))


def test_every_state_but_closed_leads_on_and_only_the_straight_way_is_open():
    way = ["filed", "investigated", "notified", "decided", "served", "closed"]
    for now, following in pairwise(way):
        assert StepKind(following) in steps_from(CaseState(now))
    assert steps_from(CaseState.CLOSED) == []


@given(st.sampled_from(StepKind), st.sampled_from(CaseState))
def test_a_step_out_of_order_is_refused(kind, state):
    if kind in FROM and state in FROM[kind]:
        check_step(kind, state)
        assert STATE_AFTER[kind] in CaseState
    elif kind in FROM:
        with pytest.raises(StepOutOfOrder):
            check_step(kind, state)


def test_a_step_lies_between_the_one_before_and_today():
    check_step_day(TODAY, previous=TODAY, today=TODAY)
    for wrong in (date(2026, 11, 22), date(2026, 11, 25)):
        with pytest.raises(StepDayWrong):
            check_step_day(wrong, previous=date(2026, 11, 23), today=TODAY)


NOTICE = SaidStep(StepKind.NOTIFIED, TODAY)
TOLD = SaidStep(StepKind.HEARING_TOLD, TODAY)


def answer(response):
    return SaidStep(StepKind.RESPONDED, TODAY, response)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ([NOTICE], [NOTICE]),
        ([NOTICE, answer(Response.STATEMENT)], []),
        ([NOTICE, TOLD, answer(Response.STATEMENT)], [TOLD]),
        ([NOTICE, TOLD, answer(Response.HEARING_ASKED)], [NOTICE, TOLD]),
        ([NOTICE, TOLD, answer(Response.HEARD)], []),
        ([NOTICE, TOLD, answer(Response.WAIVED)], []),
        ([NOTICE, answer(Response.WAIVED), TOLD], [TOLD]),
    ],
)
def test_each_right_to_be_heard_ends_with_its_own_answer(said, left):
    assert open_notices(said) == left


def test_nothing_is_decided_within_an_open_term_nor_while_a_hearing_is_asked_for():
    yesterday = Deadline(date(2026, 11, 23))
    with pytest.raises(HearingStillOpen):
        check_heard([NOTICE], [yesterday, Deadline(TODAY)], on=TODAY)
    with pytest.raises(HolidaysUnknown):
        check_heard([NOTICE], [Deadline(yesterday.day, provisional=True)], on=TODAY)
    check_heard([NOTICE], [yesterday], on=TODAY)
    check_heard([], [], on=TODAY)
    with pytest.raises(HearingAsked):
        check_heard([TOLD, answer(Response.HEARING_ASKED)], [yesterday], on=TODAY)
    check_heard([TOLD, answer(Response.HEARING_ASKED), answer(Response.WAIVED)], [yesterday], on=TODAY)


def test_two_officers_with_badges_who_are_still_here():
    with pytest.raises(OfficersTheSame):
        check_two_officers(1, 1)
    with pytest.raises(BadgeMissing):
        check_may_investigate("陈", None, left=False)
    with pytest.raises(PersonLeft):
        check_may_investigate("陈", "示范-0001", left=True)


def test_a_number_is_in_the_offices_own_form():
    assert number_of("示市监处罚〔{year}〕{serial}号", year=2026, serial=177) == "示市监处罚〔2026〕177号"


@pytest.mark.parametrize(
    "form", ["{year}", "{serial}号", "{year}{year}{serial}", "{year}{serial:03d}", "{0}{1}"]
)
def test_a_form_without_year_or_serial_is_refused(form):
    with pytest.raises(NumberFormUnfit):
        check_number_form(form)


@given(st.integers(0, 10**12))
def test_money_reads_back_as_it_is_written(fen):
    assert parse_yuan(str(Yuan(fen))) == fen


@pytest.mark.parametrize("typed", ["", "-1", "1.234", "一百", "1e3", "99999999999999"])
def test_what_is_no_money_is_refused(typed):
    with pytest.raises(MoneyUnreadable):
        parse_yuan(typed)


def test_full_width_money_with_commas_is_forgiven():
    assert parse_yuan(" １,２５０.５ 元") == 125050


@pytest.mark.parametrize(
    ("ground", "fine_fen", "turnover_fen", "allowed"),
    [
        (FineGround.GI_REGULATION_26, 1_000_00, 0, True),
        (FineGround.GI_REGULATION_26, 1_000_01, 0, False),
        (FineGround.PRODUCT_QUALITY_53, 1_000_01, 0, False),
        (FineGround.TRADEMARK_60, 250_000_00, 49_999_99, True),
        (FineGround.TRADEMARK_60, 250_000_01, 49_999_99, False),
        (FineGround.TRADEMARK_60, 250_000_01, 50_000_00, False),
        (FineGround.TRADEMARK_60, 300_000_00, 60_000_00, True),
        (FineGround.OTHER, 10**12, 0, True),
    ],
)
def test_a_fine_stays_under_the_ceiling_of_its_ground(ground, fine_fen, turnover_fen, allowed):
    asked = amounts(fine_fen=fine_fen, turnover_fen=turnover_fen)
    if allowed:
        check_amounts(ground, asked)
    else:
        with pytest.raises(FineTooHigh):
            check_amounts(ground, asked)


def test_no_more_than_the_gains_is_confiscated():
    with pytest.raises(MoreThanGains):
        check_amounts(FineGround.OTHER, amounts(gains_fen=5, confiscated_gains_fen=6))


def test_persons_are_masked_and_firms_are_not():
    public = masked(TEXT, ["陈大文"])
    for hidden in ("陈大文", "19900101", "8000", "101房", "7890", "J12345"):
        assert hidden not in public
    assert "陈某某" in public and "91440705MA5DEM01XX" in public
    check_nothing_personal(public, ["陈大文"])
    with pytest.raises(StillPersonal):
        check_nothing_personal(TEXT, [])


def test_names_are_masked_as_notices_do():
    assert [masked_name(name) for name in ("陈明", "欧阳明", "Lam Tai")] == ["陈某", "欧阳某", "L***"]


@given(st.text(alphabet="陈大文住址电话0123456789 Xx@.，。A", max_size=80))
def test_masking_again_changes_nothing(text):
    assert masked(masked(text, ["陈大文"]), ["陈大文"]) == masked(text, ["陈大文"])


@given(
    st.builds(
        LeadFacts,
        source=st.sampled_from(LeadSource),
        value_fen=st.integers(0, 10**10),
        authorised_respondent=st.booleans(),
        earlier_leads=st.integers(0, 50),
        goods_preserved=st.booleans(),
        units_concerned=st.integers(0, 10**6),
        other_sources=st.integers(0, 5),
    )
)
def test_every_point_of_risk_has_its_reason(facts):
    risk = risk_of(facts)
    assert 0 < risk.points <= 100
    assert all(text.format(**shown) for text, shown in risk.reasons)


def test_stops_are_read_as_typed():
    lines = read_stop_list("K7Q2M 1-48 召回\n\nK7Q2M　５　凍結\nabcde hold")
    assert lines == [
        StopLine("K7Q2M", StopKind.RECALL, 1, 48),
        StopLine("K7Q2M", StopKind.HOLD, 5, 5),
        StopLine("abcde", StopKind.HOLD, None, None),
    ]


@pytest.mark.parametrize("typed", ["K7Q2M", "召回 1-48", "K7Q2M 1-48 销毁", "K7Q2M 1- 召回"])
def test_a_stop_that_cannot_be_read_is_refused_with_its_line(typed):
    with pytest.raises(StopLineUnreadable, match="第 1 行"):
        read_stop_list(typed)


def test_overdue_leads_stand_on_top_then_what_is_due_then_risk():
    late = queue_key(workdays_left=-5, points=1, received_on=TODAY)
    just_late = queue_key(workdays_left=-1, points=100, received_on=TODAY)
    soon = queue_key(workdays_left=2, points=1, received_on=TODAY)
    grave = queue_key(workdays_left=12, points=90, received_on=TODAY)
    light = queue_key(workdays_left=8, points=20, received_on=TODAY)
    assert sorted([light, grave, soon, just_late, late]) == [late, just_late, soon, grave, light]


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({}, 15),
        ({"authorised_respondent": True}, 35),
        ({"earlier_leads": 1}, 20),
        ({"earlier_leads": 4}, 35),
        ({"earlier_leads": 40}, 35),
        ({"goods_preserved": True}, 35),
        ({"value_fen": 50_000_00 - 1}, 15),
        ({"value_fen": 50_000_00}, 30),
        ({"units_concerned": 1}, 15),
        ({"units_concerned": 2}, 20),
        ({"other_sources": 3}, 25),
    ],
)
def test_what_makes_a_lead_more_urgent_and_by_how_much(facts, points):
    risk = risk_of(LeadFacts(LeadSource.OFFICER, **facts))
    assert (risk.points, len(risk.reasons)) == (points, 1 if points == 15 else 2)


def test_no_lead_has_more_than_a_hundred_points():
    facts = {"value_fen": 10**9, "authorised_respondent": True, "earlier_leads": 9, "goods_preserved": True}
    assert risk_of(LeadFacts(LeadSource.FINDING, **facts)).points == 100


def test_what_is_due_within_three_workdays_comes_before_risk():
    on_the_third = queue_key(workdays_left=3, points=1, received_on=TODAY)
    on_the_fourth = queue_key(workdays_left=4, points=100, received_on=TODAY)
    without_clock = queue_key(workdays_left=None, points=100, received_on=TODAY)
    assert on_the_third < on_the_fourth and on_the_third < without_clock
    today = queue_key(workdays_left=0, points=1, received_on=TODAY)
    assert queue_key(workdays_left=-1, points=1, received_on=TODAY) < today < on_the_third


def test_a_lead_is_extended_until_its_last_day_and_paused_within_its_own_days():
    check_extension(extended_on=None, last_day=TODAY, today=TODAY, own=False)
    check_pause_day(TODAY, earliest=TODAY, today=TODAY)
    yesterday, tomorrow = date(2026, 11, 23), date(2026, 11, 25)
    with pytest.raises(ExtensionTooLate):
        check_extension(extended_on=None, last_day=yesterday, today=TODAY, own=False)
    for wrong in (yesterday, tomorrow):
        with pytest.raises(PauseDayWrong):
            check_pause_day(wrong, earliest=TODAY, today=TODAY)


def test_the_police_take_a_case_over_until_it_is_decided_and_not_after():
    before = {CaseState.FILED, CaseState.INVESTIGATED, CaseState.NOTIFIED}
    assert {state for state in CaseState if StepKind.POLICE in steps_from(state)} == before


def test_a_name_within_a_longer_one_leaves_nothing_of_it():
    assert masked("陈大文明与陈大文", ["陈大文", "陈大文明"]) == "陈某某某与陈某某"
    assert masked("大小", ["大"]) == "大小"


def test_the_highest_sum_of_money_is_the_last_one_taken():
    assert parse_yuan(str(MOST_FEN // 100)) == MOST_FEN
    with pytest.raises(MoneyUnreadable):
        parse_yuan(f"{MOST_FEN // 100}.01")


@pytest.mark.parametrize(("turnover_fen", "because"), [(50_000_00, "五万元以上"), (49_999_99, "不足五万元")])
def test_a_fine_by_the_trademark_law_names_the_turnover_that_it_goes_by(turnover_fen, because):
    asked = amounts(turnover_fen=turnover_fen, fine_fen=250_000_01)
    with pytest.raises(FineTooHigh) as refused:
        check_amounts(FineGround.TRADEMARK_60, asked)
    assert because in refused.value.facts["because"]
