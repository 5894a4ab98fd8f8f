"""Batches are packed from lots, and their weight comes back when they are cancelled or unpacked."""

from datetime import date

import pytest

from gi_trace import clock
from gi_trace.batches.actions import activate_units, cancel_batch, order_print_run, register_batch
from gi_trace.batches.label_faces import label_face
from gi_trace.batches.rules import BatchStopped, BatchUnpacked, UnitsOutsideBatch, UnitState
from gi_trace.batches.unit_states import UnitsCannotBecome
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import ReasonMissing, RightNotInForce
from gi_trace.stock.actions.ageing import move_lot
from gi_trace.stock.actions.holds import hold_lot, lift_hold
from gi_trace.stock.actions.ledger import BeforeLotWasMade, LotStopped
from gi_trace.stock.actions.packing import LotOfAnother, WrongMaterial, packable_g
from gi_trace.stock.models import StandingAccount
from gi_trace.stock.rules.age import ClaimedLotNotAgreed, OldLotNotAgreed, TooYoungForName
from gi_trace.stock.rules.postings import LotTakenTwice, NoLots, NotEnoughStock, PartsDoNotFit
from gi_trace.stock.rules.seasons import Season
from tests.cast import (
    batch_facts,
    grant,
    make_batch,
    make_print_run,
    party_of,
    peel_of,
    person,
    right_of,
    store,
    suspend,
    two_officers,
    unit_state,
)
from tests.farm import AUTUMN, KG, deliver, make_fruit, make_peel, make_peel_of, offer


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def pack(draws, agreed=(), **changes):
    """`agreed`: the old or claimed lots that Lin ticks."""
    facts, named = batch_facts(**changes), [lot.id for lot in agreed]
    return register_batch(right_of("lin"), facts, draws, by=person("lin"), agreed=named)


def packed_g():
    return sum(one.balance_g for one in db.session.query(StandingAccount).filter_by(kind="packed"))


def test_a_suspended_firm_registers_nothing_of_yesterday_either():
    suspend(right_of("lin"), for_cause=False)
    with pytest.raises(RightNotInForce) as refused:
        make_batch(packed_on=date(2026, 11, 23))
    assert "2026-11-24" in str(refused.value) and "暂停" in str(refused.value)
    assert packed_g() == 0


def test_a_batch_takes_its_weight_from_its_lots_and_is_packed_weight():
    old = peel_of("lin")
    batch = make_batch(units=100)
    assert (old.balance_g, packed_g(), batch.drawn) == (975 * KG, 25 * KG, [(old, 25 * KG)])
    assert batch.age.claimed_year == 2015 and batch.opening_checks == old.opening_checks


def test_age_and_seasons_are_those_of_the_lots_on_the_packing_date(at):
    peel = make_peel(50 * KG)
    at("2030-11-24T08:00Z")
    batch = make_batch(lot=peel)
    assert (batch.season, batch.age.label) == ("2026", "入库 2026 · 陈化 4 年")
    at("2035-11-24T08:00Z")
    assert batch.age.years == 4


def test_a_batch_of_two_lots_is_as_young_as_the_younger(at):
    peel = make_peel(50 * KG)
    at("2030-11-24T08:00Z")
    batch = pack([(peel, 10 * KG), (peel_of("lin"), 15 * KG)], [peel_of("lin")])
    assert (batch.age.label, batch.season) == ("入库 2026 · 陈化 4 年", "–2026")
    assert label_face(batch).season == "系统启用前–2026 年"


def peel_of_three_years(at):
    """Lin's peel of 2026, 2027 and 2028, of which the last is too young to be packed in 2030."""
    peel = {2026: make_peel(20 * KG)}
    for year in (2027, 2028):
        at(f"{year}-11-24T08:00Z")
        peel[year] = make_peel_of(Season(year), 20 * KG)
    at("2030-11-24T08:00Z")
    return peel


def test_with_no_lot_named_the_youngest_that_is_old_enough_gives_all_before_the_next_gives_any(at):
    peel = peel_of_three_years(at)
    batch = pack([])
    assert set(batch.drawn) == {(peel[2027], 20 * KG), (peel[2026], 5 * KG)}


def test_stopped_peel_is_not_taken_of_itself(at):
    peel = peel_of_three_years(at)
    hold_lot(peel[2027], reason="送检", by=person("zhao"))
    assert pack([], units=80).drawn == [(peel[2026], 20 * KG)]


def test_claimed_peel_is_taken_by_a_yes_that_names_it_and_never_otherwise(at):
    peel, claimed = peel_of_three_years(at), peel_of("lin")
    for draws in ([], [(claimed, 50 * KG)]):
        with pytest.raises(ClaimedLotNotAgreed) as refused:
            pack(draws, units=200)
        assert f"批料 {claimed.number} 的年份 2015 是申报的" in str(refused.value)
    batch = pack([], [claimed], units=200)
    assert set(batch.drawn) == {(peel[2027], 20 * KG), (peel[2026], 20 * KG), (claimed, 10 * KG)}


def test_peel_of_five_years_does_not_go_into_younger_bags_unasked(at):
    peel = peel_of_three_years(at)
    at("2031-11-24T08:00Z")
    assert peel[2026].age_on(clock.today()).years == 5
    with pytest.raises(OldLotNotAgreed) as refused:
        pack([], units=200)
    assert f"批料 {peel[2026].number} 已陈化 5 年" in str(refused.value)
    batch = pack([], [peel[2026]], units=200)
    assert set(batch.drawn) == {(peel[2028], 20 * KG), (peel[2027], 20 * KG), (peel[2026], 10 * KG)}
    assert batch.age.years == 3


def test_the_yes_to_old_peel_is_in_the_record():
    pack([], [peel_of("lin")])
    facts = db.session.query(RecordRow).filter_by(act="batch.registered").one().facts
    assert facts["agreed"] == [peel_of("lin").id]


def test_fruit_is_packed_oldest_first_and_needs_no_yes():
    """What does not age is sold before it spoils."""
    fruit, first, second = (
        grant(party_of("lin"), product="xinhui-gan"),
        make_fruit(10 * KG),
        make_fruit(10 * KG),
    )
    facts = batch_facts(units=60, best_before=date(2026, 12, 24))
    assert register_batch(fruit, facts, [], by=person("lin")).drawn == [(first, 10 * KG), (second, 5 * KG)]


def test_what_may_be_packed_now_and_next_year_is_counted(at):
    peel_of_three_years(at)
    chenpi, lin = right_of("lin").product, party_of("lin")
    offer(peel_of("lin"), 1000 * KG, to="wu", by="lin")
    assert packable_g(chenpi, lin, clock.today()) == 40 * KG
    assert packable_g(chenpi, lin, date(2031, 11, 24)) == 60 * KG


def test_a_firm_without_lots_packs_nothing():
    offer(peel_of("lin"), 1000 * KG, to="wu", by="lin")
    with pytest.raises(NoLots):
        pack([])


def test_peel_under_three_years_cannot_be_packed_as_chenpi(at):
    peel = make_peel(50 * KG)
    at("2029-11-23T08:00Z")
    with pytest.raises(TooYoungForName) as refused:
        make_batch(lot=peel)
    assert "只满 2 年" in str(refused.value)


@pytest.mark.parametrize(
    ("draws", "refusal"),
    [
        ([("lin", 24 * KG)], PartsDoNotFit),
        ([("lin", 12 * KG), ("lin", 13 * KG)], LotTakenTwice),
        ([("wu", 25 * KG)], LotOfAnother),
    ],
)
def test_draws_that_do_not_make_the_batch_are_refused(draws, refusal):
    with pytest.raises(refusal):
        pack([(peel_of(owner), grams) for owner, grams in draws], [peel_of("lin")])


def test_fruit_is_not_packed_as_peel():
    with pytest.raises(WrongMaterial):
        pack([(make_fruit(100 * KG), 25 * KG)])


def test_weight_offered_to_another_is_not_packed():
    offer(peel_of("lin"), 990 * KG, to="wu", by="lin")
    with pytest.raises(NotEnoughStock):
        make_batch()


def test_nothing_is_packed_before_its_lot_was_made():
    arrived = deliver(peel_of("wu"), 100 * KG, to="lin", by="wu")
    with pytest.raises(BeforeLotWasMade):
        make_batch(lot=arrived, packed_on=date(2026, 11, 23))


def test_a_cancelled_batch_gives_each_lot_its_weight_back():
    batch = make_batch()
    cancel_batch(batch, by=person("lin"))
    assert (peel_of("lin").balance_g, packed_g()) == (1000 * KG, 0)


def test_unpacked_units_become_a_lot_again_and_their_codes_are_void(at):
    batch = make_batch(units=100)
    at("2027-11-24T08:00Z")
    lot = unpack_units(batch, [(11, 30)], count=20, reason="包装破损", by=person("lin"))
    assert (lot.balance_g, packed_g()) == (5 * KG, 20 * KG)
    assert lot.is_opening_stock and lot.party_id == batch.party_id
    assert unit_state(batch.number, 11) is UnitState.VOID and unit_state(batch.number, 10) is None


def test_time_in_packs_does_not_make_peel_older(at):
    peel = make_peel(50 * KG)
    at("2029-11-24T08:00Z")
    batch = make_batch(lot=peel)
    at("2035-11-24T08:00Z")
    lot = unpack_units(batch, [(1, 100)], count=100, reason="滞销", by=person("lin"))
    at("2036-11-22T08:00Z")
    assert make_batch(lot=lot, own_number="A-002").age.years == 3


def test_what_was_unpacked_is_as_young_as_the_youngest_part_was_when_it_was_packed(at):
    older = make_peel(50 * KG)
    at("2027-11-24T08:00Z")
    younger = make_peel_of(Season(2027))
    at("2030-11-24T08:00Z")
    draws = [(older, 10 * KG), (younger, 15 * KG)]
    batch = pack(draws, [older], units=100)
    move_lot(older, store(inside=False), by=person("lin"))
    at("2034-11-24T08:00Z")
    lot = unpack_units(batch, [(1, 100)], count=100, reason="滞销", by=person("lin"))
    assert batch.age.years == 3 and lot.age_on(clock.today()).years == 3


def test_units_are_unpacked_once_and_then_not_activated():
    batch = make_batch(units=100)
    run = make_print_run(batch)
    unpack_units(batch, [(50, 60)], count=11, reason="漏装", by=person("lin"))
    with pytest.raises(UnitsCannotBecome) as refused:
        unpack_units(batch, [(60, 70)], count=11, reason="漏装", by=person("lin"))
    assert "件号 60–60 现在的状态是“作废”" in str(refused.value)
    with pytest.raises(UnitsCannotBecome):
        activate_units(run, 1, 100, by=person("lin"))
    with pytest.raises(UnitsOutsideBatch):
        unpack_units(batch, [(1, 101)], count=101, reason="漏装", by=person("lin"))
    with pytest.raises(ReasonMissing):
        unpack_units(batch, [(1, 2)], count=2, reason=" ", by=person("lin"))
    with pytest.raises(BatchUnpacked):
        cancel_batch(batch, by=person("lin"))


def test_a_batch_whose_lot_is_held_is_not_printed_activated_or_unpacked():
    batch = make_batch()
    run = make_print_run(batch, 50)
    hold = hold_lot(peel_of("lin"), reason="抽检", by=person("zhao"))
    for stopped in (
        lambda: order_print_run(batch, 50, by=person("lin")),
        lambda: activate_units(run, 1, 50, by=person("lin")),
        lambda: unpack_units(batch, [(1, 2)], count=2, reason="试", by=person("lin")),
    ):
        with pytest.raises(BatchStopped):
            stopped()
        db.session.rollback()
    with pytest.raises(LotStopped):
        make_batch(own_number="A-002")
    db.session.rollback()
    lift_hold(hold, reason="合格", **two_officers())
    assert activate_units(run, 1, 50, by=person("lin"))
