"""The books close, and a season can be followed from its plots to its labels."""

import pytest

from gi_trace.batches.actions import activate_units, cancel_batch
from gi_trace.batches.reconciliation import reconcile
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.stock.actions.corrections import reverse_act
from gi_trace.stock.actions.processing import OtherUse, book_loss, use_otherwise
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.books import books
from gi_trace.stock.models import StockAct, lots_of
from gi_trace.stock.rules.seasons import Season
from tests.cast import make_batch, make_print_run, party_of, peel_of, person
from tests.farm import AUTUMN, KG, blended, bring_back, crop, deliver, grower, make_harvest, make_peel, offer

SEASON = Season(2026)


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def row_of(owner, material, season="2026", **period):
    party = grower() if owner == "grower" else party_of(owner)
    [row] = [r for r in books(party, **period) if (r.material.code, r.season) == (material, season)]
    return row


def test_what_comes_in_goes_out_or_stays():
    deliver(make_harvest(1000 * KG).lot, 600 * KG)
    row = row_of("grower", "citrus-fruit")
    assert (row.opening_g, row.in_g, row.out_g, row.closing_g) == (0, 1000 * KG, 600 * KG, 400 * KG)
    assert row_of("lin", "citrus-fruit").closing_g == 600 * KG


def test_losses_packing_and_other_use_have_their_columns():
    peel = make_peel(50 * KG)
    book_loss(peel, KG, reason="受潮", by=person("lin"))
    use_otherwise(peel, 3 * KG, OtherUse.LOOSE_SALE, by=person("lin"))
    bring_back(peel, KG)
    row = row_of("lin", "dry-peel")
    assert (row.in_g, row.loss_g, row.out_g, row.closing_g) == (51 * KG, KG, 3 * KG, 47 * KG)
    make_batch()
    old = row_of("lin", "dry-peel", season=None)
    assert (old.in_g, old.packed_g, old.closing_g) == (1000 * KG, 25 * KG, 975 * KG)


def test_gross_packed_what_came_back_and_net_stand_side_by_side():
    cancel_batch(make_batch(), by=person("lin"))
    unpack_units(make_batch(own_number="A-002"), [(1, 40)], count=40, reason="破损", by=person("lin"))
    row = row_of("lin", "dry-peel", season=None)
    assert (row.packed_g, row.unpacked_g, row.net_packed_g) == (25 * KG, 10 * KG, 15 * KG)
    assert row.closing_g == 985 * KG


def test_splitting_moves_nothing_and_a_reversal_takes_back_what_it_reverses():
    peel = make_peel(50 * KG)
    split_lot(peel, [20 * KG], by=person("lin"))
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    reverse_act(number, reason="录错", by=person("lin"))
    row = row_of("lin", "dry-peel")
    assert (row.loss_g, row.closing_g, row.in_g - row.out_g) == (0, 50 * KG, 50 * KG)


def test_the_period_decides_what_is_opening(at):
    peel = make_peel(50 * KG)
    at("2027-01-10T08:00Z")
    book_loss(peel, KG, reason="受潮", by=person("lin"))
    row = row_of("lin", "dry-peel", since=Season(2027).first_day.replace(month=1, day=1))
    assert (row.opening_g, row.in_g, row.loss_g, row.closing_g) == (50 * KG, 0, KG, 49 * KG)
    assert row_of("lin", "dry-peel", until=SEASON.first_day.replace(month=12, day=31)).loss_g == 0


def test_all_books_close_on_what_the_lots_hold():
    peel = make_peel(50 * KG)
    blended([(peel, 10 * KG), (peel_of("lin"), 10 * KG)])
    deliver(peel, 5 * KG, to="wu", by="lin")
    for party in (grower(), party_of("lin"), party_of("wu")):
        assert sum(row.closing_g for row in books(party)) == sum(lot.balance_g for lot in lots_of(party))


def test_a_season_is_followed_from_its_plots_to_its_labels(at):
    peel = make_peel(50 * KG)
    at("2029-11-24T08:00Z")
    batch = make_batch(lot=peel, units=100)
    run = make_print_run(batch, 80)
    activate_units(run, 1, 60, by=person("lin"))
    unpack_units(batch, [(81, 100)], count=20, reason="未装", by=person("lin"))
    found = reconcile(SEASON, crop())
    balance = found.balance
    assert (balance.plots, balance.allocated_g, balance.harvested_g) == (1, 4500 * KG, 1000 * KG)
    assert (balance.processed_g, balance.made_g) == (1000 * KG, {"干柑皮": 50 * KG})
    assert (balance.packed_g, balance.unpacked_g) == ({"干柑皮": 25 * KG}, {"干柑皮": 5 * KG})
    assert balance.in_stock_g == {"干柑皮": 30 * KG}
    assert (found.coded_g, found.activated_g, found.void_g) == (20 * KG, 15 * KG, 5 * KG)
    assert found.discrepancies == []


def test_discrepancies_name_the_acts_behind_them(at):
    harvest = make_harvest(100 * KG)
    offer(harvest.lot, KG, to="lin", by="liang")
    at("2030-03-01T08:00Z")
    found = {one.kind: one for one in reconcile(SEASON, crop()).discrepancies}
    assert set(found) == {"open_offer", "raw_left"}
    assert found["raw_left"].grams == 100 * KG and found["raw_left"].subject == harvest.lot.number
    [number] = found["raw_left"].act_numbers
    assert db.session.get(StockAct, number).kind == "harvest"
    assert reconcile(SEASON, crop(), party=party_of("wu")).discrepancies == []


def test_goods_packed_long_ago_without_codes_are_listed(at):
    peel = make_peel(50 * KG)
    at("2029-11-24T08:00Z")
    batch = make_batch(lot=peel, units=100)
    make_print_run(batch, 40)
    at("2030-11-24T08:00Z")
    found = {one.kind: one for one in reconcile(SEASON, crop()).discrepancies}
    assert (found["not_coded"].grams, found["not_activated"].grams) == (15 * KG, 10 * KG)
    assert found["not_coded"].subject == batch.number_text and found["not_coded"].act_numbers
