"""What every act of stock has in common: only real weights move, and the record names the lots that it moved."""

import json

import pytest

from gi_trace.batches.actions import activate_units, cancel_batch, order_print_run, register_batch
from gi_trace.batches.label_life import begin_download, mark_units
from gi_trace.batches.labels import FileOptions
from gi_trace.batches.rules import UnitState
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.record.models import RecordRow
from gi_trace.registry.who_may import NotYourParty
from gi_trace.stock.actions.ageing import move_lot
from gi_trace.stock.actions.processing import (
    OtherUse,
    Output,
    book_loss,
    book_weighing,
    process,
    return_goods,
    use_otherwise,
)
from gi_trace.stock.actions.reshaping import merge_lots, split_lot
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from gi_trace.stock.models import Lot, Posting
from gi_trace.stock.rules.weights import MOST_G, WeightNotPositive, WeightTooLarge
from tests.cast import (
    batch_facts,
    make_batch,
    make_opening_stock,
    make_print_run,
    party_of,
    peel_of,
    person,
    right_of,
    store,
)
from tests.farm import AUTUMN, KG, blended, make_fruit, material, sell

MOVES = {
    "loss": lambda lot, grams: book_loss(lot, grams, reason="虫蛀", by=person("lin")),
    "sale": lambda lot, grams: use_otherwise(lot, grams, OtherUse.LOOSE_SALE, reason="", by=person("lin")),
    "return": lambda lot, grams: return_goods(sell(lot, 5 * KG), grams, reason="退回", by=person("lin")),
    "offer": lambda lot, grams: offer_transfer(lot, party_of("wu"), grams, by=person("lin")),
    "split": lambda lot, grams: split_lot(lot, [KG, grams], by=person("lin")),
    "blend": lambda lot, grams: blended([(lot, grams), (make_opening_stock(KG), KG)]),
    "batch": lambda lot, grams: make_batch(lot=lot, units=1, net_weight_g=grams),
}


@pytest.mark.parametrize("grams", [-4000, 0, MOST_G + 1])
@pytest.mark.parametrize("move", MOVES)
def test_no_act_moves_a_weight_that_cannot_be(app, move, grams):
    lot = peel_of("lin")
    with pytest.raises(Refused):
        MOVES[move](lot, grams)
    assert lot.balance_g == (995 if move == "return" else 1000) * KG and lot.reserved_g == 0


@pytest.mark.parametrize(("grams", "refusal"), [(-4000, WeightNotPositive), (MOST_G + 1, WeightTooLarge)])
def test_a_loss_is_never_a_gain(app, grams, refusal):
    with pytest.raises(refusal):
        MOVES["loss"](peel_of("lin"), grams)


def old_peel_beside(lot: Lot) -> Lot:
    """More of the same, so that the two could be merged."""
    return split_lot(lot, [KG], by=person("lin"))[0]


BY_RIVALS = {
    "loss": lambda lot, wu: book_loss(lot, KG, reason="虫蛀", by=wu),
    "weighing": lambda lot, wu: book_weighing(lot, KG, by=wu),
    "sale": lambda lot, wu: use_otherwise(lot, KG, OtherUse.LOOSE_SALE, reason="", by=wu),
    "return": lambda lot, wu: return_goods(sell(lot, KG), KG, reason="退回", by=wu),
    "offer": lambda lot, wu: offer_transfer(lot, party_of("wu"), KG, by=wu),
    "split": lambda lot, wu: split_lot(lot, [KG], by=wu),
    "merge": lambda lot, wu: merge_lots([lot, old_peel_beside(lot)], by=wu),
    "blend": lambda lot, wu: blended([(lot, KG), (old_peel_beside(lot), KG)], by="wu"),
    "move": lambda lot, wu: move_lot(lot, store(inside=False), by=wu),
    "batch": lambda lot, wu: register_batch(right_of("lin"), batch_facts(units=4), [(lot, KG)], by=wu),
    "cancelling": lambda lot, wu: cancel_batch(make_batch(), by=wu),
    "printing": lambda lot, wu: order_print_run(make_batch(), 9, by=wu),
    "download": lambda lot, wu: begin_download(
        make_print_run(make_batch(), downloaded=False), FileOptions("csv"), reason="", by=wu
    ),
    "activation": lambda lot, wu: activate_units(make_print_run(make_batch()), 1, 9, by=wu),
    "mark": lambda lot, wu: mark_units(
        make_print_run(make_batch()), UnitState.VOID, [(1, 9)], count=9, reason="卡纸", by=wu
    ),
    "unpacking": lambda lot, wu: unpack_units(make_batch(), [(1, 9)], count=9, reason="拆包", by=wu),
}


@pytest.mark.parametrize("act", BY_RIVALS)
def test_a_rival_touches_none_of_our_stock_and_labels(app, act):
    """The act itself refuses, whatever a face has let through."""
    with pytest.raises(NotYourParty):
        BY_RIVALS[act](peel_of("lin"), person("wu"))


def recorded_postings() -> dict[int, list[list[object]]]:
    """What the record says that each act moved: [lot or account, grams]."""
    rows = db.session.query(RecordRow).order_by(RecordRow.number)
    facts = {row.number: json.loads(row.body)["facts"] for row in rows}
    return {number: told["postings"] for number, told in facts.items() if "postings" in told}


def booked_postings(number: int) -> list[list[object]]:
    rows = db.session.query(Posting).filter_by(act_number=number).order_by(Posting.id)
    return [[row.lot.number if row.lot else row.account.kind.value, row.grams] for row in rows]


def test_the_record_names_every_lot_that_an_act_moved(at, app):
    at(AUTUMN)
    peel = process(
        make_fruit(1000 * KG), 1000 * KG, Output(material("dry-peel"), 40 * KG, store()), by=person("lin")
    )
    parts = split_lot(peel, [10 * KG, 5 * KG], by=person("lin"))
    merged = merge_lots(parts, by=person("lin"))
    blended([(merged, KG), (peel_of("lin"), KG)])
    offer = offer_transfer(peel, party_of("wu"), KG, by=person("lin"))
    accept_transfer(offer, site=store("wu"), by=person("wu"))
    make_batch(units=4)
    told = recorded_postings()
    assert len(told) >= 8
    assert {number: booked_postings(number) for number in told} == told
    known = {lot.number for lot in db.session.query(Lot)}
    lots = {name for moved in told.values() for name, _ in moved if str(name).startswith("L")}
    assert lots and lots <= known
