"""A stop reaches everything made from a lot at once; lifting it restores exactly that."""

from datetime import date

import pytest

from gi_trace.database import db
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.holds import (
    LabReport,
    hold_lot,
    lift_hold,
    report_test,
)
from gi_trace.stock.actions.ledger import LotStopped
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.chain import ancestor_ids, chain_down, chain_up, descendant_ids, lot_tests_of
from gi_trace.stock.models import Harvest, HoldKind, Lot, open_holds_on
from gi_trace.stock.rules.holds import AlreadyHeld, HoldLifted, LotRecalled, RecallIsFinal
from tests.cast import make_opening_stock, person, two_officers
from tests.farm import AUTUMN, KG, blended, harvests_of, make_peel


@pytest.fixture
def family(app, at):
    """harvest → fruit → peel → (left, right) → blend of left and opening stock."""
    at(AUTUMN)
    peel = make_peel(50 * KG)
    left, right = split_lot(peel, [20 * KG, 10 * KG], by=person("lin"))
    old = make_opening_stock(weight_g=200 * KG)
    blend = blended([(left, 5 * KG), (old, 5 * KG)])
    harvest = db.session.query(Harvest).one()
    return {"harvest": harvest.lot, "peel": peel, "left": left, "right": right, "old": old, "blend": blend}


def stopped(family) -> set[str]:
    db.session.expire_all()
    return {name for name, lot in family.items() if lot.is_stopped}


def hold(lot: Lot, **changes):
    return hold_lot(lot, reason="抽检不合格", **two_officers(), **changes)


def test_a_hold_reaches_everything_made_from_the_lot_and_nothing_else(family):
    hold(family["peel"])
    assert stopped(family) == {"peel", "left", "right", "blend"}


def test_lifting_restores(family):
    placed = hold(family["harvest"])
    assert stopped(family) == {"harvest", "peel", "left", "right", "blend"}
    lift_hold(placed, reason="复检合格", **two_officers())
    assert stopped(family) == set() and placed.lift_reason == "复检合格"


def test_a_lot_reached_by_two_holds_stays_stopped_until_both_are_lifted(family):
    above, beside = hold(family["peel"]), hold(family["old"])
    lift_hold(above, reason="解除", **two_officers())
    assert stopped(family) == {"old", "blend"}
    lift_hold(beside, reason="解除", **two_officers())
    assert stopped(family) == set()


def test_a_stopped_lot_is_not_used(family):
    hold(family["left"])
    with pytest.raises(LotStopped):
        split_lot(family["blend"], [KG], by=person("lin"))


def test_a_recall_is_final_and_a_recalled_lot_needs_no_hold(family):
    recall = hold(family["left"], kind=HoldKind.RECALL)
    assert stopped(family) == {"left", "blend"}
    with pytest.raises(RecallIsFinal):
        lift_hold(recall, reason="解除", **two_officers())
    db.session.rollback()
    with pytest.raises(LotRecalled):
        hold(family["blend"])


def test_the_same_hold_twice_is_refused_and_a_lifted_one_is_lifted_once(family):
    placed = hold(family["peel"])
    with pytest.raises(AlreadyHeld):
        hold(family["peel"])
    db.session.rollback()
    with pytest.raises(ReasonMissing):
        lift_hold(placed, reason="", **two_officers())
    lift_hold(placed, reason="解除", **two_officers())
    with pytest.raises(HoldLifted):
        lift_hold(placed, reason="解除", **two_officers())


def test_a_failed_test_stops_the_lot_and_is_inherited(family):
    facts = LabReport("示范报告-1", "示范检测中心", date(2026, 11, 24), passed=False)
    report_test(family["left"], facts, by=person("chen"))
    assert stopped(family) == {"left", "blend"}
    assert [test.passed for test in lot_tests_of([family["blend"].id])] == [False]
    assert lot_tests_of([family["right"].id]) == []
    assert [hold.lot_id for hold in open_holds_on([family["left"].id])] == [family["left"].id]


@pytest.mark.parametrize("kind", [HoldKind.HOLD, HoldKind.RECALL])
def test_a_failed_test_of_a_stopped_lot_is_kept_and_stops_nothing_twice(family, kind):
    hold(family["left"], kind=kind)
    facts = LabReport("示范报告-2", "示范检测中心", date(2026, 11, 24), passed=False)
    report_test(family["left"], facts, by=person("chen"))
    assert [test.report_number for test in lot_tests_of([family["left"].id])] == ["示范报告-2"]
    assert len(open_holds_on([family["left"].id])) == 1


def test_the_chain_is_seen_upward_and_downward(family):
    up, down = chain_up([family["blend"].id]), chain_down([family["peel"].id])
    assert set(up.lots) == ancestor_ids([family["blend"].id]) and len(up.lots) == 6
    assert set(down.lots) == descendant_ids([family["peel"].id]) and len(down.lots) == 4
    assert {(step.parent, step.child): step.grams for step in down.steps} == {
        (family["peel"].id, family["left"].id): 20 * KG,
        (family["peel"].id, family["right"].id): 10 * KG,
        (family["left"].id, family["blend"].id): 5 * KG,
    }
    assert [harvest.lot for harvest in harvests_of([family["blend"].id])] == [family["harvest"]]
