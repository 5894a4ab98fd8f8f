"""Only days that goods lie in a stay under the books make them older: whatever brings grams back, their time away counts
for nobody."""

from datetime import date, timedelta

import pytest

from gi_trace import clock
from gi_trace.batches.actions import cancel_batch
from gi_trace.database import db
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions.ageing import MovedAfterUse, move_lot
from gi_trace.stock.actions.corrections import SeenFacts, reverse_act
from gi_trace.stock.actions.ledger import Booking, FilledTwice, Outside, post
from gi_trace.stock.actions.processing import Output, book_loss, process
from gi_trace.stock.actions.reshaping import merge_lots, split_lot
from gi_trace.stock.actions.transfers import OfferLapsed, accept_transfer, cancel_transfer, refuse_transfer
from gi_trace.stock.chain import ancestor_ids
from gi_trace.stock.models import ActKind, Lot, StockAct, TransferState
from gi_trace.stock.rules.age import days_inside
from gi_trace.stock.rules.postings import AccountKind
from gi_trace.stock.verify import first_misfit
from tests.cast import make_batch, person, store
from tests.farm import KG, blended, bring_back, make_fruit, make_peel, material, offer, sell

START = date(2026, 11, 24)


@pytest.fixture
def after(at):
    """The clock so many days after the peel was made."""
    return lambda days: at(f"{START + timedelta(days=days)}T08:00Z")


@pytest.fixture
def peel(app, after) -> Lot:
    """50 kg of peel that has lain inside since the first day."""
    after(0)
    return make_peel(50 * KG)


def days(lot: Lot) -> int:
    return days_inside(lot.record_of_stays, clock.today())


def last_lot() -> Lot:
    return db.session.query(Lot).order_by(Lot.id.desc()).first()


def last_act() -> int:
    return db.session.query(StockAct.act_number).order_by(StockAct.act_number.desc()).limit(1).scalar()


def undo(number: int) -> int:
    """Late, by the authority, where somebody saw the goods."""
    seen = SeenFacts("会城示范仓", clock.today(), person("chen"))
    return reverse_act(number, reason="录错", by=person("zhao"), seen=seen)


def test_goods_of_a_loose_sale_come_back_as_old_as_they_left(peel, after):
    after(100)
    sell(peel, 10 * KG)
    after(120)
    back = bring_back(peel, 4 * KG)
    assert (days(peel), days(back)) == (120, 100)
    after(220)
    assert (days(peel), days(back)) == (220, 200)
    assert (peel.balance_g, back.balance_g, back.site, first_misfit()) == (40 * KG, 4 * KG, store(), None)


def test_a_loss_undone_after_ten_years_is_as_old_as_it_was(peel, after):
    after(100)
    number = book_loss(peel, 10 * KG, reason="受潮", by=person("lin"))
    after(100 + 3650)
    undo(number)
    assert (last_lot().balance_g, days(last_lot()), days(peel)) == (10 * KG, 100, 3750)
    assert (peel.balance_g, first_misfit()) == (40 * KG, None)


def test_a_part_that_was_outside_for_six_years_comes_back_as_it_left(peel, after):
    after(100)
    [part] = split_lot(peel, [10 * KG], by=person("lin"))
    split = last_act()
    move_lot(part, store(inside=False), by=person("lin"))
    move = db.session.query(RecordRow.number).filter_by(act=Acted.LOT_MOVED.value).scalar()
    after(100 + 2190)
    undo(move)
    assert days(part) == 100
    undo(split)
    assert (last_lot().balance_g, days(last_lot()), part.balance_g, first_misfit()) == (10 * KG, 100, 0, None)
    assert {peel.id, part.id} < ancestor_ids([last_lot().id])


def test_a_batch_cancelled_later_gives_each_lot_its_weight_as_a_lot_as_old_as_it_was(peel, after):
    after(1200)
    batch = make_batch(lot=peel, units=40)
    after(1220)
    cancel_batch(batch, by=person("lin"))
    assert (last_lot().balance_g, days(last_lot()), days(peel), first_misfit()) == (10 * KG, 1200, 1220, None)


def test_a_batch_cancelled_after_ten_years_too(peel, after):
    after(1200)
    make_batch(lot=peel, units=40)
    packing = last_act()
    after(1200 + 3650)
    undo(packing)
    assert (days(last_lot()), peel.balance_g, first_misfit()) == (1200, 40 * KG, None)


def test_the_days_of_an_offer_that_was_accepted_count_for_nobody(peel, after):
    after(100)
    waiting = offer(peel, 10 * KG, to="wu", by="lin")
    after(120)
    received = accept_transfer(waiting, site=store("wu"), by=person("wu"))
    assert (days(received), days(peel)) == (100, 120)
    after(125)
    undo(last_act())
    back = last_lot()
    assert (back.party, back.site, days(back), received.balance_g) == (peel.party, store(), 100, 0)
    assert (waiting.state, peel.reserved_g, first_misfit()) == (TransferState.CANCELLED, 0, None)


@pytest.mark.parametrize(
    "released",
    [
        lambda offer: refuse_transfer(offer, reason="迟了", by=person("wu")),
        lambda offer: cancel_transfer(offer, by=person("lin")),
    ],
)
def test_an_offer_lapses_and_its_days_count_for_the_giver(peel, after, released):
    waiting = offer(peel, 10 * KG, to="wu", by="lin")
    after(7 * 365)
    with pytest.raises(OfferLapsed) as refused:
        accept_transfer(waiting, site=store("wu"), by=person("wu"))
    assert "最迟 2026-12-24" in str(refused.value)
    db.session.rollback()
    released(waiting)
    assert (days(peel), peel.available_g) == (7 * 365, 50 * KG)


def test_moves_dated_back_give_no_days_to_what_lay_outside(peel, after):
    """24 times 15 days outside, each time told as if it had been back since the day after."""
    for turn in range(24):
        after(turn * 16)
        move_lot(peel, store(inside=False), by=person("lin"))
        after(turn * 16 + 15)
        move_lot(peel, store(), by=person("lin"), on=START + timedelta(days=turn * 16 + 1))
    after(24 * 16)
    assert days(peel) == 24


def test_a_move_out_counts_from_its_stated_day(peel, after):
    after(110)
    move_lot(peel, store(inside=False), by=person("lin"), on=START + timedelta(days=100))
    assert days(peel) == 100


@pytest.mark.parametrize("inside", [True, False])
def test_the_days_since_a_move_that_is_undone_later_count_for_nobody(peel, after, inside):
    after(10)
    move_lot(peel, store(inside=False), by=person("lin"))
    after(20)
    move = last_move()
    if inside:
        move_lot(peel, store(), by=person("lin"))
        after(40)
        undo(last_move())
        assert (peel.site, days(peel)) == (store(inside=False), 10)
    undo(move)
    after(50)
    assert (peel.site, days(peel)) == (store(), 20 if inside else 40)


def last_move() -> int:
    query = db.session.query(RecordRow.number).filter_by(act=Acted.LOT_MOVED.value)
    return query.order_by(RecordRow.number.desc()).limit(1).scalar()


def test_drying_told_later_ages_from_the_day_on_which_it_is_told(app, after):
    after(0)
    fruit = make_fruit(100 * KG)
    after(10)
    dried = process(fruit, 20 * KG, Output(material("dry-peel"), KG, store()), by=person("lin"), on=START)
    after(20)
    assert (days(dried), dried.made_on) == (10, START)


def test_no_move_is_told_of_a_day_before_goods_were_gone_that_came_back_since(peel, after):
    after(100)
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    sell(peel, KG)
    after(105)
    with pytest.raises(MovedAfterUse):
        undo_loss_and_move(peel, number)
    db.session.rollback()
    bring_back(peel, KG)
    with pytest.raises(MovedAfterUse):
        move_lot(peel, store(inside=False), by=person("lin"), on=START + timedelta(days=95))


def undo_loss_and_move(peel: Lot, number: int) -> None:
    undo(number)
    move_lot(peel, store(inside=False), by=person("lin"), on=START + timedelta(days=95))


@pytest.mark.parametrize(
    "put_together",
    [
        lambda lots: merge_lots(lots, by=person("lin")),
        lambda lots: blended([(lot, lot.balance_g) for lot in lots]),
    ],
)
def test_what_was_put_together_comes_apart_into_lots_as_old_as_each_was(peel, after, put_together):
    [part] = split_lot(peel, [10 * KG], by=person("lin"))
    after(10)
    move_lot(part, store(inside=False), by=person("lin"))
    after(20)
    move_lot(part, store(), by=person("lin"))
    after(100)
    whole = put_together([peel, part])
    number = last_act()
    assert days(whole) == 90
    after(120)
    undo(number)
    back = db.session.query(Lot).filter(Lot.id > whole.id).order_by(Lot.balance_g).all()
    assert [(lot.balance_g, days(lot)) for lot in back] == [(10 * KG, 90), (40 * KG, 100)]
    assert (peel.balance_g, part.balance_g, whole.balance_g, first_misfit()) == (0, 0, 0, None)


def test_on_its_own_day_what_is_undone_never_was(peel, after):
    after(100)
    reverse_act(book_loss(peel, KG, reason="受潮", by=person("lin")), reason="录错", by=person("lin"))
    assert (peel.balance_g, days(peel), last_lot()) == (50 * KG, 100, peel)


def test_a_clock_that_jumps_back_ends_no_stay_and_brings_nothing_back(peel, after):
    after(100)
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    sell(peel, KG)
    after(90)
    for act in (lambda: undo(number), lambda: bring_back(peel, KG, on=clock.today())):
        with pytest.raises(Exception) as refused:
            act()
        assert refused.type.__name__ in ("ClockWentBack", "MoreThanSold")
        db.session.rollback()
    assert peel.balance_g == 48 * KG


def test_no_act_adds_grams_to_a_lot_of_what_ages(peel):
    """Held where all grams are booked, so that no way round it can be written."""
    loss = Outside(AccountKind.LOSS, peel.party_id, peel.material_id)
    booking = Booking(Acted.LOT_RETURNED, ActKind.RETURN, peel, person("lin"), clock.today())
    with pytest.raises(FilledTwice):
        post(booking, [(loss, -KG), (peel, KG)])
