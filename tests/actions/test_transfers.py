"""Stock changes hands when both have said so, and nobody spends it twice meanwhile."""

import json

import pytest

from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.processing import book_loss
from gi_trace.stock.actions.transfers import (
    MoreThanOffered,
    TransferDecided,
    TransferToSelf,
    accept_transfer,
    cancel_transfer,
    offer_transfer,
    refuse_transfer,
)
from gi_trace.stock.models import LotParent, TransferState, offers_by, offers_to
from gi_trace.stock.places import SiteMissing, SiteOfAnother
from gi_trace.stock.rules.postings import NotEnoughStock
from gi_trace.stock.rules.weights import WeightNotPositive
from tests.cast import party_of, person, store
from tests.farm import AUTUMN, KG, deliver, make_fruit, make_harvest, offer


@pytest.fixture
def lot(at, app):
    at(AUTUMN)
    return make_harvest(1000 * KG).lot


def test_weight_moves_when_the_receiver_accepts(lot):
    transfer = offer(lot, 600 * KG, to="lin", by="liang")
    assert (lot.balance_g, lot.reserved_g) == (1000 * KG, 600 * KG)
    assert offers_to(party_of("lin")) == offers_by(lot.party) == [transfer]
    received = accept_transfer(transfer, site=store(), by=person("lin"))
    assert (lot.balance_g, lot.reserved_g, received.balance_g) == (400 * KG, 0, 600 * KG)
    assert received.origins == lot.origins and received.party_id == party_of("lin").id
    assert db.session.get(LotParent, (received.id, lot.id)).grams == 600 * KG
    assert offers_to(party_of("lin")) == []


def test_offered_weight_cannot_be_spent_or_offered_again(lot):
    offer(lot, 600 * KG, to="lin", by="liang")
    with pytest.raises(NotEnoughStock) as refused:
        offer(lot, 401 * KG, to="wu", by="liang")
    assert "可用 400 千克" in str(refused.value) and "缺 1 千克" in str(refused.value)
    with pytest.raises(NotEnoughStock):
        book_loss(lot, 401 * KG, reason="受潮", by=person("liang"))


@pytest.mark.parametrize("how", ["refused", "cancelled"])
def test_weight_of_an_offer_that_came_to_nothing_is_free_again(lot, how):
    transfer = offer(lot, 600 * KG, to="lin", by="liang")
    if how == "refused":
        refuse_transfer(transfer, reason="数量不符", by=person("lin"))
    else:
        cancel_transfer(transfer, by=person("liang"))
    assert (transfer.state, lot.available_g) == (TransferState(how), 1000 * KG)


def test_a_decided_transfer_is_not_decided_again(lot):
    transfer = offer(lot, KG, to="lin", by="liang")
    accept_transfer(transfer, site=store(), by=person("lin"))
    for again in (
        lambda: accept_transfer(transfer, site=store(), by=person("lin")),
        lambda: refuse_transfer(transfer, reason="晚了", by=person("lin")),
        lambda: cancel_transfer(transfer, by=person("liang")),
    ):
        with pytest.raises(TransferDecided):
            again()
        db.session.rollback()


def test_only_the_receiver_decides_and_only_the_giver_takes_back(lot):
    transfer = offer(lot, KG, to="lin", by="liang")
    for stranger in ("wu", "liang"):
        with pytest.raises(Forbidden):
            accept_transfer(transfer, site=store(), by=person(stranger))
    with pytest.raises(Forbidden):
        refuse_transfer(transfer, reason="不要", by=person("wu"))
    with pytest.raises(Forbidden):
        cancel_transfer(transfer, by=person("lin"))
    with pytest.raises(Forbidden):
        offer(lot, KG, to="wu", by="lin")


def test_a_transfer_to_oneself_is_refused(lot):
    fruit = deliver(lot, KG)
    with pytest.raises(TransferToSelf):
        offer_transfer(fruit, party_of("lin"), KG, by=person("lin"))


def test_goods_arrive_at_a_site_of_the_receiver(lot):
    transfer = offer(lot, KG, to="lin", by="liang")
    with pytest.raises(SiteOfAnother):
        accept_transfer(transfer, site=store("wu"), by=person("lin"))
    with pytest.raises(SiteMissing):
        accept_transfer(transfer, site=None, by=person("lin"))


def test_a_refusal_says_why(lot):
    transfer = offer(lot, KG, to="lin", by="liang")
    with pytest.raises(ReasonMissing):
        refuse_transfer(transfer, reason=" ", by=person("lin"))


def test_goods_go_back_by_an_offer_in_the_other_direction(at, app):
    at(AUTUMN)
    bought = deliver(make_fruit(100 * KG, "wu"), 100 * KG, to="lin", by="wu")
    back = deliver(bought, 40 * KG, to="wu", by="lin")
    assert (bought.balance_g, back.balance_g, back.party_id) == (60 * KG, 40 * KG, party_of("wu").id)


def test_what_did_not_arrive_goes_back_with_words_in_ledger_and_record(lot):
    transfer = offer(lot, 500 * KG, to="lin", by="liang")
    received = accept_transfer(
        transfer, site=store(), by=person("lin"), weight_g=480 * KG, reason=" 途中破损 "
    )
    assert (received.balance_g, lot.balance_g, lot.reserved_g) == (480 * KG, 520 * KG, 0)
    assert (transfer.accepted_g, transfer.returned_g, transfer.reason) == (480 * KG, 20 * KG, "途中破损")
    facts = json.loads(db.session.query(RecordRow).filter_by(act="transfer.accepted").one().body)["facts"]
    assert (facts["returned_g"], facts["reason"]) == (20 * KG, "途中破损")


@pytest.mark.parametrize(
    ("kg", "reason", "refusal"),
    [(480, " ", ReasonMissing), (501, "多", MoreThanOffered), (0, "没有", WeightNotPositive)],
)
def test_a_part_needs_words_and_is_no_more_than_was_offered(lot, kg, reason, refusal):
    transfer = offer(lot, 500 * KG, to="lin", by="liang")
    with pytest.raises(refusal):
        accept_transfer(transfer, site=store(), by=person("lin"), weight_g=kg * KG, reason=reason)
    db.session.rollback()
    assert (transfer.state, lot.reserved_g) == (TransferState.OFFERED, 500 * KG)
