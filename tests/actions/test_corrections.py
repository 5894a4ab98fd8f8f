"""Mistakes are put right by reversing acts, and only while their weight is still there: on the day itself by the firm,
then by the authority, at last only by an officer who saw the goods."""

import re
from datetime import date
from pathlib import Path

import pytest

import gi_trace
from gi_trace import clock
from gi_trace.batches.actions import CancelledTooLate, LabelsDownloaded, cancel_batch
from gi_trace.batches.models import UnitState
from gi_trace.batches.undoing import UNDO_WAYS
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.errors import Forbidden, NotFound
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.ageing import LotOffered, move_lot
from gi_trace.stock.actions.corrections import SeenFacts, reverse_act
from gi_trace.stock.actions.processing import (
    MoreThanSold,
    OtherUse,
    book_loss,
    use_otherwise,
)
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.actions.transfers import accept_transfer
from gi_trace.stock.chain import descendant_ids
from gi_trace.stock.models import (
    ActKind,
    GoodsSeen,
    Lot,
    StandingAccount,
    StockAct,
    Transfer,
    TransferState,
    lots_of,
)
from gi_trace.stock.rules.postings import NotEnoughStock
from gi_trace.stock.rules.undoing import (
    AlreadyUndone,
    MovedMeanwhile,
    NotUndoable,
    PlaceOfGoodsMissing,
    UndoNeedsRequest,
    UndoNeedsSighting,
    WeightHasGoneOn,
)
from gi_trace.stock.verify import first_misfit
from tests.cast import (
    make_batch,
    make_opening_stock,
    make_print_run,
    peel_of,
    person,
    store,
    unit_state,
)
from tests.farm import AUTUMN, KG, blended, bring_back, make_fruit, make_harvest, make_peel, offer


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def last_act(kind: ActKind) -> int:
    query = db.session.query(StockAct.act_number).filter_by(kind=kind)
    return query.order_by(StockAct.act_number.desc()).limit(1).scalar()


def reverse(kind: ActKind, by: str = "zhao") -> int:
    return reverse_act(last_act(kind), reason="录入错误", by=person(by))


def test_a_reversed_harvest_gives_the_allocation_back():
    harvest = make_harvest(1000 * KG)
    number = reverse(ActKind.HARVEST, by="liang")
    assert (harvest.lot.balance_g, harvest.allocation.harvested_g) == (0, 0)
    assert harvest.reversed_at and db.session.get(StockAct, number).reverses
    assert db.session.query(StandingAccount).filter_by(kind="field").one().balance_g == 0
    assert make_harvest(4500 * KG).allocation.left_g == 0


def test_weight_that_has_gone_on_cannot_be_reversed():
    harvest = make_harvest(1000 * KG)
    offer(harvest.lot, KG, to="lin", by="liang")
    with pytest.raises(NotEnoughStock) as refused:
        reverse(ActKind.HARVEST)
    assert "缺 1 千克" in str(refused.value)


def test_reversed_processing_turns_peel_back_into_fruit():
    peel = make_peel(50 * KG)
    reverse(ActKind.PROCESSING, by="lin")
    parent = db.session.query(StockAct).filter_by(kind=ActKind.PROCESSING).first().postings[0].lot
    assert (peel.balance_g, parent.balance_g) == (0, 1000 * KG)
    accounts = {account.kind: account.balance_g for account in db.session.query(StandingAccount)}
    assert accounts["loss"] == 0


def test_an_act_is_reversed_once_and_a_reversal_never():
    peel = make_peel(50 * KG)
    book_loss(peel, KG, reason="受潮", by=person("lin"))
    lost = last_act(ActKind.LOSS)
    reversal = reverse(ActKind.LOSS, by="lin")
    with pytest.raises(AlreadyUndone):
        reverse_act(lost, reason="再来", by=person("lin"))
    db.session.rollback()
    with pytest.raises(NotUndoable):
        reverse_act(reversal, reason="再来", by=person("lin"))
    assert peel.balance_g == 50 * KG


def test_a_sale_whose_goods_came_back_is_not_reversed_as_well():
    peel = make_peel(50 * KG)
    use_otherwise(peel, 20 * KG, OtherUse.LOOSE_SALE, by=person("lin"))
    bring_back(peel, 15 * KG)
    with pytest.raises(MoreThanSold) as refused:
        reverse(ActKind.OTHER_USE, by="lin")
    assert "还没有退回的是 5 千克，退回 20 千克" in str(refused.value)
    db.session.rollback()
    reverse(ActKind.RETURN, by="lin")
    reverse(ActKind.OTHER_USE, by="lin")
    assert peel.balance_g == 50 * KG


def test_an_acceptance_undone_by_the_receiver_leaves_the_offer_as_it_was():
    bought = make_fruit(50 * KG)
    transfer = db.session.query(Transfer).one()
    with pytest.raises(Forbidden):
        reverse(ActKind.TRANSFER, by="liang")
    reverse(ActKind.TRANSFER, by="lin")
    assert (bought.balance_g, transfer.lot.balance_g, transfer.lot.reserved_g) == (0, 50 * KG, 50 * KG)
    assert transfer.state is TransferState.OFFERED and first_misfit() is None
    again = accept_transfer(transfer, site=store("lin"), by=person("lin"))
    assert again.balance_g == 50 * KG


def test_an_acceptance_of_a_part_undone_leaves_an_offer_of_that_part():
    lot = make_harvest(1000 * KG).lot
    transfer = offer(lot, 500 * KG, to="lin", by="liang")
    accept_transfer(transfer, site=store("lin"), by=person("lin"), weight_g=480 * KG, reason="破损")
    offer(lot, 520 * KG, to="wu", by="liang")  # with what went back
    reverse(ActKind.TRANSFER, by="lin")
    assert (lot.balance_g, lot.reserved_g, transfer.weight_g) == (1000 * KG, 1000 * KG, 480 * KG)
    assert (transfer.accepted_g, transfer.reason, first_misfit()) == (None, "", None)


def test_opening_stock_is_undone_by_the_authority_only():
    lot = make_opening_stock()
    with pytest.raises(UndoNeedsRequest):
        reverse(ActKind.OPENING, by="lin")
    reverse(ActKind.OPENING)
    assert lot.balance_g == 0


def test_a_correction_says_why_and_names_an_act_of_ones_own():
    make_harvest()
    number = last_act(ActKind.HARVEST)
    with pytest.raises(ReasonMissing):
        reverse_act(number, reason=" ", by=person("liang"))
    with pytest.raises(Forbidden):
        reverse_act(number, reason="错", by=person("wu"))
    with pytest.raises(NotFound):
        reverse_act(number + 999, reason="错", by=person("liang"))


def test_every_act_of_stock_can_be_undone_or_is_an_undoing():
    """What books grams is in the table of what undoes it; a new act that is not has to say why here."""
    sources = Path(gi_trace.__file__).parent.rglob("*.py")
    booked = {name for path in sources for name in re.findall(r"Booking\(\s*Acted\.(\w+)", path.read_text())}
    assert {"HARVEST_DECLARED", "BATCH_UNPACKED"} < booked
    undoing = {"STOCK_REVERSED", "BATCH_CANCELLED"}
    by_two_officers = {"PARTY_SUCCEEDED"}
    combined = {"LOT_MERGED", "LOT_BLENDED", "LOT_MOVED"}
    assert {acted.name for acted in UNDO_WAYS} == (booked | combined) - undoing - by_two_officers


def test_the_day_of_an_act_ends_at_midnight_in_shanghai(at):
    peel = make_peel(50 * KG)
    at("2026-11-24T15:59Z")
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    reverse_act(number, reason="录错", by=person("lin"))
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    at("2026-11-24T16:00Z")
    with pytest.raises(UndoNeedsRequest) as refused:
        reverse_act(number, reason="录错", by=person("lin"))
    assert "最迟 2026-12-24 可以申请" in str(refused.value)
    at("2026-12-24T15:59Z")
    reverse_act(number, reason="录错", by=person("zhao"))
    assert stock_of(peel) == 50 * KG


def stock_of(lot: Lot) -> int:
    """With what came back of it as lots of their own."""
    return sum(db.session.get_one(Lot, one).balance_g for one in descendant_ids([lot.id]))


def test_after_the_time_to_ask_somebody_must_have_seen_the_goods(at):
    peel = make_peel(50 * KG)
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    at("2026-12-25T08:00Z")
    for someone in ("lin", "zhao"):
        with pytest.raises(UndoNeedsSighting):
            reverse_act(number, reason="录错", by=person(someone))
    seen = SeenFacts("会城示范仓", date(2026, 12, 24), person("chen"))
    with pytest.raises(Forbidden):
        reverse_act(number, reason="录错", by=person("lin"), seen=seen)
    with pytest.raises(PlaceOfGoodsMissing):
        reverse_act(number, reason="录错", by=person("zhao"), seen=SeenFacts(" ", seen.on, seen.by))
    with pytest.raises(Forbidden):
        reverse_act(number, reason="录错", by=person("zhao"), seen=SeenFacts("仓", seen.on, person("lin")))
    undone = reverse_act(number, reason="录错", by=person("zhao"), seen=seen)
    assert db.session.get_one(GoodsSeen, undone).seen_by.name == "chen"
    told = {"place": "会城示范仓", "on": "2026-12-24", "by": person("chen").id}
    assert db.session.get_one(RecordRow, undone).facts["seen"] == told


def blend(peel: Lot) -> Lot:
    return blended([(peel, KG), (peel_of("lin"), KG)])


@pytest.mark.parametrize("make", [blend, lambda peel: split_lot(peel, [KG], by=person("lin"))[0]])
def test_what_was_made_of_lots_goes_back_into_them_if_it_never_left(make):
    peel = make_peel(50 * KG)
    made = make(peel)
    number = max(row for (row,) in db.session.query(StockAct.act_number))
    move_lot(made, store(inside=False), by=person("lin"))
    with pytest.raises(MovedMeanwhile):
        reverse_act(number, reason="录错", by=person("lin"))
    reverse_act(last_move(), reason="录错", by=person("lin"))
    reverse_act(number, reason="录错", by=person("lin"))
    assert (peel.balance_g, made.balance_g) == (50 * KG, 0)


def last_move() -> int:
    query = db.session.query(RecordRow.number).filter_by(act=Acted.LOT_MOVED.value)
    return query.order_by(RecordRow.number.desc()).limit(1).scalar()


def test_a_move_undone_never_was(at):
    peel = make_peel(50 * KG)
    before = peel.record_of_stays
    at("2026-12-01T08:00Z")
    move_lot(peel, store(inside=False), by=person("lin"), on=date(2026, 11, 28))
    first = last_move()
    move_lot(peel, store(), by=person("lin"))
    second = last_move()
    with pytest.raises(MovedMeanwhile):
        reverse_act(first, reason="搬错", by=person("lin"))
    reverse_act(second, reason="搬错", by=person("lin"))
    with pytest.raises(AlreadyUndone):
        reverse_act(second, reason="搬错", by=person("lin"))
    reverse_act(first, reason="搬错", by=person("lin"))
    assert (peel.site, peel.record_of_stays) == (store(), before)


def test_a_move_that_goods_went_on_from_is_not_undone():
    peel = make_peel(50 * KG)
    move_lot(peel, store(inside=False), by=person("lin"))
    waiting = offer(peel, KG, to="wu", by="lin")
    with pytest.raises(LotOffered):
        reverse_act(last_move(), reason="搬错", by=person("lin"))
    accept_transfer(waiting, site=store("wu"), by=person("wu"))
    with pytest.raises(WeightHasGoneOn):
        reverse_act(last_move(), reason="搬错", by=person("lin"))


def test_a_batch_of_which_no_label_left_is_cancelled_within_its_month(at):
    batch = make_batch()
    make_print_run(batch, downloaded=False)
    at("2026-12-24T08:00Z")
    cancel_batch(batch, by=person("lin"))
    assert sum(lot.balance_g for lot in lots_of(batch.party)) == 1000 * KG and first_misfit() is None


def test_the_days_of_a_batch_opened_late_count_for_nobody(at):
    """Or peel would grow old on paper, in packs that nobody saw."""
    peel = make_peel(50 * KG)
    at("2029-11-24T08:00Z")
    batch = make_batch(lot=peel, units=40)
    at("2035-11-24T08:00Z")
    with pytest.raises(CancelledTooLate):
        cancel_batch(batch, by=person("lin"))
    unpack_units(batch, [(1, 40)], count=40, reason="录错", by=person("lin"))
    again = db.session.query(Lot).order_by(Lot.id.desc()).first()
    assert (peel.balance_g, again.balance_g, first_misfit()) == (40 * KG, 10 * KG, None)
    assert (peel.age_on(clock.today()).years, again.age_on(clock.today()).years) == (9, 3)


def test_goods_that_an_officer_saw_come_back_too(at):
    batch = make_batch()
    make_print_run(batch)
    at("2027-11-24T08:00Z")
    seen = SeenFacts("会城示范仓", date(2027, 11, 23), person("chen"))
    reverse_act(last_act(ActKind.PACKING), reason="标识已当面销毁", by=person("zhao"), seen=seen)
    assert batch.cancelled_at and stock_of(peel_of("lin")) == 1000 * KG and first_misfit() is None


def test_a_batch_of_which_labels_left_is_cancelled_by_the_authority_only(at):
    batch = make_batch()
    make_print_run(batch)
    with pytest.raises(LabelsDownloaded):
        cancel_batch(batch, by=person("lin"))
    number = last_act(ActKind.PACKING)
    with pytest.raises(UndoNeedsRequest):
        reverse_act(number, reason="录错", by=person("lin"))
    reverse_act(number, reason="标识已当面销毁", by=person("zhao"))
    assert batch.cancelled_at and peel_of("lin").balance_g == 1000 * KG and first_misfit() is None


def test_units_unpacked_by_mistake_are_what_they_were():
    batch = make_batch(units=100)
    lot = unpack_units(batch, [(1, 10), (20, 29)], count=20, reason="破损", by=person("lin"))
    number = last_act(ActKind.UNPACKING)
    unpack_units(batch, [(50, 50)], count=1, reason="破损", by=person("lin"))
    reverse_act(number, reason="选错件号", by=person("lin"))
    assert lot.balance_g == 0 and first_misfit() is None
    states = [unit_state(batch.number, unit) for unit in (1, 25, 50)]
    assert states == [None, None, UnitState.VOID]
    with pytest.raises(AlreadyUndone):
        reverse_act(number, reason="再来", by=person("lin"))


def test_an_unpacking_sent_again_after_it_was_undone_opens_nothing():
    batch = make_batch(units=100)
    sending = {"count": 10, "reason": "破损", "by": person("lin"), "client_key": "开箱-1"}
    unpack_units(batch, [(1, 10)], **sending)
    reverse_act(last_act(ActKind.UNPACKING), reason="选错件号", by=person("lin"))
    with pytest.raises(AlreadyUndone):
        unpack_units(batch, [(1, 10)], **sending)
    db.session.rollback()
    assert unit_state(batch.number, 1) is None
    unpack_units(batch, [(1, 10)], **(sending | {"client_key": "开箱-2"}))
    assert unit_state(batch.number, 1) is UnitState.VOID
