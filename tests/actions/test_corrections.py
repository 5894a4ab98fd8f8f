"""Mistakes are put right by reversing acts, and only while their weight is still there."""

import pytest

from gi_trace.database import db
from gi_trace.errors import Forbidden, NotFound
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.corrections import AlreadyReversed, NotReversible, reverse_act
from gi_trace.stock.actions.processing import (
    MoreThanSold,
    OtherUse,
    book_loss,
    return_goods,
    use_otherwise,
)
from gi_trace.stock.models import ActKind, StandingAccount, StockAct
from gi_trace.stock.rules.postings import NotEnoughStock
from tests.cast import make_opening_stock, person
from tests.farm import AUTUMN, KG, make_harvest, make_peel, offer


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
    with pytest.raises(AlreadyReversed):
        reverse_act(lost, reason="再来", by=person("lin"))
    db.session.rollback()
    with pytest.raises(NotReversible):
        reverse_act(reversal, reason="再来", by=person("lin"))
    assert peel.balance_g == 50 * KG


def test_a_sale_whose_goods_came_back_is_not_reversed_as_well():
    peel = make_peel(50 * KG)
    use_otherwise(peel, 20 * KG, OtherUse.LOOSE_SALE, by=person("lin"))
    return_goods(peel, 15 * KG, reason="客户退回", by=person("lin"))
    with pytest.raises(MoreThanSold) as refused:
        reverse(ActKind.OTHER_USE, by="lin")
    assert "15 千克" in str(refused.value)
    db.session.rollback()
    reverse(ActKind.RETURN, by="lin")
    reverse(ActKind.OTHER_USE, by="lin")
    assert peel.balance_g == 50 * KG


def test_a_transfer_is_not_reversed_but_given_back():
    make_peel(50 * KG)
    with pytest.raises(NotReversible):
        reverse(ActKind.TRANSFER)


def test_opening_stock_is_reversed_by_the_authority_only():
    lot = make_opening_stock()
    with pytest.raises(Forbidden):
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
