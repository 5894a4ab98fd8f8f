"""What only the authority or an officer may do refuses everyone else, whatever face it is asked from."""

from datetime import date

import pytest

from gi_trace.accounts.actions import close_account, open_account, open_again
from gi_trace.accounts.models import Duty, Role
from gi_trace.batches.label_life import consent_to_spoilage
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import lift_stop, place_stop
from gi_trace.casework.actions.stops import StopOrder, stop_units
from gi_trace.database import db
from gi_trace.imports.actions import confirm_import
from gi_trace.imports.models import Import
from gi_trace.record.models import RecordRow
from gi_trace.registry.who_may import (
    AuthorityOnly,
    DutyMissing,
    OfficersOnly,
    SecondOfficerNeeded,
    SecondOfficerTheSame,
)
from gi_trace.stock.actions.ceilings import set_conversion, set_yield_ceiling
from gi_trace.stock.actions.holds import LabReport, hold_lot, lift_hold, report_test
from gi_trace.stock.actions.import_allocations import fix_one_yield, send_yields
from gi_trace.stock.actions.plots import set_allocation
from gi_trace.stock.models import HoldKind
from gi_trace.stock.rules.conversions import Ceiling
from gi_trace.stock.rules.seasons import Season
from gi_trace.verification.alerts import confirm_alert
from tests.casework import make_decided_case
from tests.cast import make_alert, make_batch, make_print_run, peel_of, person
from tests.excel import FIRM
from tests.farm import AUTUMN, KG, crop, make_plot, material
from tests.imports import read, send_roll

DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def lift(by):
    hold = hold_lot(peel_of("lin"), reason="抽检", by=person("zhao"))
    lift_hold(hold, reason="合格", by=by)


def lift_a_stop(by):
    stop = place_stop(make_batch(), StopKind.HOLD, 1, 9, reason="抽检", by=person("zhao"))
    lift_stop(stop, reason="合格", by=by)


ACTS = {
    "one allocation": lambda by: set_allocation(
        make_plot(), Season(2026), yield_g_per_mu=KG, reason="", by=by
    ),
    "allocations": lambda by: fix_one_yield(
        crop(), Season(2026), area=None, which="all", yield_g_per_mu=KG, reason="", by=by
    ),
    "a file of yields": lambda by: send_yields("核定.xlsx", b"", crop(), Season(2026), reason="", by=by),
    "yield": lambda by: set_yield_ceiling(crop(), 1000 * KG, valid_from=DAY, source="示范", by=by),
    "conversion": lambda by: set_conversion(
        material("paddy"), material("rice"), Ceiling(DAY, 7000, None, "示范"), by=by
    ),
    "hold": lambda by: hold_lot(peel_of("lin"), reason="抽检", by=by),
    "lift": lift,
    "stop": lambda by: place_stop(make_batch(), StopKind.HOLD, 1, 9, reason="抽检", by=by),
    "lift of a stop": lift_a_stop,
    "spoilage": lambda by: consent_to_spoilage(make_print_run(make_batch()), reason="卡纸", by=by),
}


@pytest.mark.parametrize("who", ["lin", "liang", "chen"])
@pytest.mark.parametrize("act", ACTS)
def test_only_the_authority_decides_ceilings_allocations_and_holds(act, who):
    with pytest.raises(AuthorityOnly):
        ACTS[act](person(who))
    db.session.rollback()
    assert {row.act for row in db.session.query(RecordRow)} & {
        "allocation.set",
        "hold.lifted",
        "batch.released",
    } == set()


def raise_yield(**who):
    set_yield_ceiling(crop(), 10_000 * KG, valid_from=DAY, source="示范", **who)


def raise_conversion(**who):
    set_conversion(material("citrus-fruit"), material("dry-peel"), Ceiling(DAY, 9000, None, "示范"), **who)


def raise_allocation(**who):
    plot = make_plot()
    set_allocation(plot, Season(2026), yield_g_per_mu=KG, reason="", by=person("zhao"))
    set_allocation(plot, Season(2026), yield_g_per_mu=2 * KG, reason="复核", **who)


def raise_many(**who):
    set_allocation(make_plot(), Season(2026), yield_g_per_mu=KG, reason="", by=person("zhao"))
    told = {"area": None, "which": "all", "yield_g_per_mu": 2 * KG, "reason": "复核"}
    confirm_import(read(fix_one_yield(crop(), Season(2026), **told, by=person("zhao"))), **who)


def take_in_a_roll(**who):
    make_batch()
    confirm_import(send_roll(FIRM), **who)


def confirm_a_copy(**who):
    confirm_alert(make_alert(make_batch()), reason="两件在手", **who)


def stop_for_a_case(**who):
    case = make_decided_case()
    stop_units(case, [StopOrder(make_batch(), StopKind.RECALL, 1, 9)], reason="仿冒", **who)


def open_closed(**who):
    open_account("zhou", "周", Role.AUTHORITY, duties=[Duty.HANDLER], by=None)
    close_account(person("zhou"), by=person("zhao"))
    open_again(person("zhou"), **who)


OF_TWO = {
    "an account of the authority": lambda **who: open_account(
        "zhou", "周", Role.AUTHORITY, duties=[Duty.HANDLER], **who
    ),
    "an account of the authority again": open_closed,
    "a roll": take_in_a_roll,
    "a ceiling raised": raise_yield,
    "a conversion raised": raise_conversion,
    "an allocation raised": raise_allocation,
    "allocations raised": raise_many,
    "a recall of a lot": lambda **who: hold_lot(peel_of("lin"), reason="抽检", kind=HoldKind.RECALL, **who),
    "a hold of a lot lifted": lambda **who: lift_hold(
        hold_lot(peel_of("lin"), reason="抽检", by=person("zhao")), reason="合格", **who
    ),
    "a recall": lambda **who: place_stop(make_batch(), StopKind.RECALL, 1, 9, reason="抽检", **who),
    "a series": lambda **who: place_stop(make_batch(), StopKind.COUNTERFEIT, 1, 9, reason="抽检", **who),
    "a hold lifted": lambda **who: lift_stop(
        place_stop(make_batch(), StopKind.HOLD, 1, 9, reason="抽检", by=person("zhao")), reason="合格", **who
    ),
    "a copy confirmed": confirm_a_copy,
    "stops for a case": stop_for_a_case,
}


@pytest.fixture
def second_officers():
    """By whom the record and the imports say that something of two was decided since."""
    number = db.session.query(RecordRow).count()

    def found() -> set[str]:
        return _second_officers_after(number)

    return found


def _second_officers_after(number: int) -> set[str]:
    rows = db.session.query(RecordRow).filter(RecordRow.number > number)
    found = {row.by for row in rows if row.facts.get("proposed_by") == person("zhao").id}
    confirmed = (sent.confirmed_by for sent in db.session.query(Import))
    return found | {f"account:{officer.id}" for officer in confirmed if officer}


@pytest.mark.parametrize("act", OF_TWO)
def test_what_loosens_or_cannot_be_taken_back_takes_two(act, second_officers):
    zhao, sun = person("zhao"), person("sun")
    OF_TWO[act](by=zhao, confirmed_by=sun)
    assert second_officers() == {f"account:{sun.id}"}


@pytest.mark.parametrize("act", OF_TWO)
@pytest.mark.parametrize(
    ("second", "refusal"),
    [(None, SecondOfficerNeeded), ("zhao", SecondOfficerTheSame), ("chen", DutyMissing)],
)
def test_nobody_is_the_second_officer_of_oneself_nor_without_the_duty(act, second, refusal, second_officers):
    with pytest.raises(refusal):
        OF_TWO[act](by=person("zhao"), confirmed_by=person(second) if second else None)
    assert second_officers() == set()


@pytest.mark.parametrize("who", ["lin", "liang"])
def test_only_officers_report_tests(who):
    with pytest.raises(OfficersOnly):
        report_test(
            peel_of("lin"), LabReport("示-1", "示范检验所", date(2026, 11, 1), passed=True), by=person(who)
        )


def test_two_people_are_never_taken_for_one_whether_signed_in_or_not():
    zhao, sun = person("zhao"), person("sun")
    assert zhao != sun and zhao not in (sun,) and not zhao == sun
    assert zhao == person("zhao") and len({zhao, sun, person("zhao")}) == 2
