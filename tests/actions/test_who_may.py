"""What only the authority or an officer may do refuses everyone else, whatever face it is asked from."""

from datetime import date

import pytest

from gi_trace.batches.label_life import consent_to_spoilage
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import lift_stop, place_stop
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.registry.who_may import AuthorityOnly, OfficersOnly
from gi_trace.stock.actions.ceilings import set_conversion, set_yield_ceiling
from gi_trace.stock.actions.holds import LabReport, hold_lot, lift_hold, report_test
from gi_trace.stock.actions.import_allocations import fix_one_yield, send_yields
from gi_trace.stock.actions.plots import set_allocation
from gi_trace.stock.rules.conversions import Ceiling
from gi_trace.stock.rules.seasons import Season
from tests.cast import make_batch, make_print_run, peel_of, person
from tests.farm import AUTUMN, KG, crop, make_plot, material

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
