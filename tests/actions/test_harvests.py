"""A harvest fits its plot, its season and its kind, and gives the grower a slip."""

from datetime import date

import pytest

from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.harvests import AlreadyObjected, NotAllocated, OtherCrop, object_to
from gi_trace.stock.actions.holds import hold_lot, lift_hold
from gi_trace.stock.actions.ledger import LotStopped
from gi_trace.stock.actions.plots import set_allocation
from gi_trace.stock.actions.transfers import cancel_transfer
from gi_trace.stock.models import ActKind, Allocation, Harvest, HoldKind, Slip, StockAct, find_slip, lots_of
from gi_trace.stock.rules.harvests import AllocationExceeded
from gi_trace.stock.rules.seasons import (
    DateInFuture,
    DateTooFarBack,
    OutsideSeason,
    PeelKind,
    PeelKindMismatch,
    Season,
)
from gi_trace.stock.rules.weights import WeightNotPositive, WeightTooLarge
from tests.cast import person, two_officers
from tests.farm import AUTUMN, KG, crop, grower, make_harvest, make_plot, offer, the_plot

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def autumn(at, app):
    at(AUTUMN)


def slip_of(harvest: Harvest) -> Slip:
    return db.session.query(Slip).filter_by(harvest_id=harvest.id).one()


def test_a_harvest_makes_a_lot_of_the_growers_and_uses_the_allocation():
    harvest = make_harvest(1000 * KG)
    lot, allocation = harvest.lot, harvest.allocation
    assert (lot.balance_g, lot.party.name) == (1000 * KG, "示范户甲")
    assert (allocation.harvested_g, allocation.left_g) == (1000 * KG, 3500 * KG)
    assert lot.origins == [[the_plot().area_id, "2026"]] and lot.peel_kind is PeelKind.RED
    act = db.session.query(StockAct).filter_by(kind=ActKind.HARVEST).one()
    assert [posting.grams for posting in act.postings] == [-1000 * KG, 1000 * KG]


def test_more_than_is_left_is_refused_with_the_arithmetic_and_nothing_changes():
    the_lot = make_harvest(4000 * KG).lot
    with pytest.raises(AllocationExceeded) as refused:
        make_harvest(501 * KG)
    db.session.rollback()
    assert "剩余 500 千克" in str(refused.value) and "超出 1 千克" in str(refused.value)
    assert db.session.query(Allocation).one().harvested_g == 4000 * KG
    assert db.session.query(Harvest).count() == 1 and lots_of(grower()) == [the_lot]


def test_the_last_gram_of_the_allocation_can_be_harvested():
    assert make_harvest(4500 * KG).allocation.left_g == 0


@pytest.mark.parametrize(
    ("picked_on", "changes", "refusal"),
    [
        (date(2026, 11, 25), {}, DateInFuture),
        (date(2026, 11, 1), {}, DateTooFarBack),
        (date(2026, 11, 21), {}, PeelKindMismatch),
        (date(2026, 11, 24), {"peel_kind": PeelKind.GREEN}, PeelKindMismatch),
        (date(2026, 11, 24), {"season": Season(2025)}, OutsideSeason),
    ],
)
def test_a_day_that_does_not_fit_is_refused(picked_on, changes, refusal):
    with pytest.raises(refusal):
        make_harvest(picked_on=picked_on, **changes)


@pytest.mark.parametrize(("weight_g", "refusal"), [(0, WeightNotPositive), (10**12, WeightTooLarge)])
def test_a_weight_that_cannot_be_is_refused(weight_g, refusal):
    with pytest.raises(refusal):
        make_harvest(weight_g)


def test_a_harvest_of_another_crop_than_the_plots_is_refused():
    with pytest.raises(OtherCrop):
        make_harvest(crop=crop("paddy"), peel_kind=None)


def test_a_plot_without_an_allocation_gives_no_harvest():
    make_plot()
    with pytest.raises(NotAllocated):
        make_harvest()


def test_rivals_and_inspectors_cannot_declare_for_the_grower():
    for stranger in ("wu", "chen"):
        with pytest.raises(Forbidden):
            make_harvest(by=person(stranger))


def test_an_allocation_lowered_meanwhile_is_what_counts():
    make_harvest(1000 * KG)
    zhao = person("zhao")
    set_allocation(the_plot(), Season(2026), yield_g_per_mu=400 * KG, reason="复核", by=zhao)
    with pytest.raises(AllocationExceeded):
        make_harvest(201 * KG)


def test_the_slip_opens_by_its_link_alone_and_its_secret_is_not_in_the_record():
    slip = slip_of(make_harvest())
    assert find_slip(slip.token) is slip and len(slip.token) >= 32
    assert find_slip("guess") is None
    assert not [row for row in db.session.query(RecordRow) if slip.token in row.body + row.subject]


def test_the_growers_objection_stops_the_lot_until_the_authority_lifts_it():
    harvest = make_harvest()
    hold = object_to(slip_of(harvest), "重量不对")
    assert (hold.kind, hold.placed_by) == (HoldKind.OBJECTION, None)
    with pytest.raises(LotStopped):
        offer(harvest.lot, KG, to="lin", by="liang")
    db.session.rollback()
    lift_hold(hold, reason="已与种植户核实", **two_officers())
    assert offer(harvest.lot, KG, to="lin", by="liang").weight_g == KG


def test_an_objection_needs_words_and_is_made_once():
    slip = slip_of(make_harvest())
    with pytest.raises(ReasonMissing):
        object_to(slip, "  ")
    object_to(slip, "不是我的地")
    with pytest.raises(AlreadyObjected):
        object_to(slip, "再说一次")


def test_a_slip_of_a_transfer_stops_the_lot_that_was_offered():
    harvest = make_harvest()
    transfer = offer(harvest.lot, KG, to="lin", by="liang")
    object_to(db.session.query(Slip).filter_by(transfer_id=transfer.id).one(), "没有同意卖")
    assert harvest.lot.is_stopped
    cancel_transfer(transfer, by=person("liang"))
    object_to(slip_of(harvest), "也不对")
    assert slip_of(harvest).objection == "也不对" and harvest.lot.holds == 1


def test_an_objection_to_a_recalled_lot_is_kept():
    harvest = make_harvest()
    hold_lot(harvest.lot, reason="抽检不合格", kind=HoldKind.RECALL, **two_officers())
    assert object_to(slip_of(harvest), "重量不对") is None
    assert slip_of(harvest).objection == "重量不对"
