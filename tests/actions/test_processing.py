"""One material becomes another under a dated ceiling; weight that leaves is booked where it went."""

from datetime import date

import pytest

from gi_trace.database import db
from gi_trace.registry.rules import ReasonMissing
from gi_trace.registry.taken import CeilingExists
from gi_trace.stock.actions.ceilings import SourceMissing, set_conversion, set_yield_ceiling
from gi_trace.stock.actions.ledger import BeforeLotWasMade
from gi_trace.stock.actions.processing import (
    MeasuredMore,
    MoreThanSold,
    OtherUse,
    Output,
    PeelKindMissing,
    book_loss,
    book_weighing,
    process,
    use_otherwise,
)
from gi_trace.stock.models import StandingAccount, StockAct
from gi_trace.stock.places import OutsideArea, SiteOfAnother
from gi_trace.stock.rules.conversions import (
    Ceiling,
    ConversionAboveCeiling,
    ConversionReasonNeeded,
    ConversionUnknown,
)
from gi_trace.stock.rules.postings import AccountKind, NotEnoughStock, PartsDoNotFit
from tests.cast import person, store, two_officers
from tests.farm import AUTUMN, KG, bring_back, crop, deliver, make_fruit, make_harvest, make_peel, material


@pytest.fixture
def fruit(at, app):
    at(AUTUMN)
    return make_fruit(1000 * KG)


def peel(weight_g: int, **changes) -> Output:
    return Output(material("dry-peel"), weight_g, changes.pop("site", store()), **changes)


def account(kind: AccountKind, code: str = "citrus-fruit") -> int:
    query = db.session.query(StandingAccount).filter_by(kind=kind, material_id=material(code).id)
    return sum(one.balance_g for one in query)


def test_fruit_becomes_peel_and_the_rest_is_other_use_and_waste(fruit):
    made = process(fruit, 1000 * KG, peel(48 * KG, other_use_g=100 * KG), by=person("lin"))
    assert (fruit.balance_g, made.balance_g, made.material.code) == (0, 48 * KG, "dry-peel")
    assert made.origins == fruit.origins and made.peel_kind == fruit.peel_kind
    assert account(AccountKind.OTHER_USE) == 100 * KG
    assert account(AccountKind.LOSS) == 852 * KG
    assert [(stay.inside, stay.ends_on) for stay in made.record_of_stays] == [(True, None)]


def test_more_peel_than_the_ceiling_is_refused_whatever_the_reason(fruit):
    with pytest.raises(ConversionAboveCeiling) as refused:
        process(fruit, 1000 * KG, peel(50_001), by=person("lin"), reason="果皮厚")
    assert "最多得到 50 千克" in str(refused.value) and "超出 0.001 千克" in str(refused.value)
    db.session.rollback()
    assert fruit.balance_g == 1000 * KG


def test_more_than_usual_needs_a_reason_and_is_marked(fruit):
    usual = Ceiling(date(2026, 11, 1), 500, 480, "示范依据")
    set_conversion(material("citrus-fruit"), material("dry-peel"), usual, **two_officers())
    with pytest.raises(ConversionReasonNeeded):
        process(fruit, 1000 * KG, peel(49 * KG), by=person("lin"))
    process(fruit, 1000 * KG, peel(49 * KG), by=person("lin"), reason="果皮较厚")
    act = db.session.query(StockAct).order_by(StockAct.act_number.desc()).first()
    assert act.unusual and act.reason == "果皮较厚"


def test_the_ceiling_of_the_day_counts(fruit):
    lower = Ceiling(date(2026, 11, 24), 400, None, "示范新依据")
    set_conversion(material("citrus-fruit"), material("dry-peel"), lower, **two_officers())
    with pytest.raises(ConversionAboveCeiling):
        process(fruit, 1000 * KG, peel(50 * KG), by=person("lin"))


def test_what_was_never_registered_as_a_conversion_is_refused(fruit):
    with pytest.raises(ConversionUnknown):
        process(fruit, KG, Output(material("rice"), 1, store()), by=person("lin"))


def test_outputs_never_weigh_more_than_what_went_in(fruit):
    with pytest.raises(PartsDoNotFit):
        process(fruit, 1000 * KG, peel(50 * KG, other_use_g=951 * KG), by=person("lin"))


def test_peel_is_made_inside_the_area_at_the_holders_own_site(fruit):
    with pytest.raises(OutsideArea):
        process(fruit, KG, peel(1, site=store(inside=False)), by=person("lin"))
    with pytest.raises(SiteOfAnother):
        process(fruit, KG, peel(1, site=store("wu")), by=person("lin"))


def test_more_than_the_lot_has_is_refused(fruit):
    with pytest.raises(NotEnoughStock) as refused:
        process(fruit, 1001 * KG, peel(KG), by=person("lin"))
    assert "缺 1 千克" in str(refused.value)


def test_fruit_whose_kind_of_peel_nobody_declared_makes_no_peel(at, app):
    at(AUTUMN)
    plain = deliver(make_harvest(peel_kind=None).lot, KG)
    with pytest.raises(PeelKindMissing):
        process(plain, KG, peel(1), by=person("lin"))


def test_a_lot_is_not_used_before_it_was_made(fruit):
    with pytest.raises(BeforeLotWasMade):
        process(fruit, KG, peel(1), by=person("lin"), on=date(2026, 11, 23))


def test_loose_sales_leave_the_lot_and_can_come_back_but_not_more(fruit):
    use_otherwise(fruit, 300 * KG, OtherUse.SOLD_FRESH, by=person("lin"))
    assert (fruit.balance_g, account(AccountKind.OTHER_USE)) == (700 * KG, 300 * KG)
    bring_back(fruit, 100 * KG)
    assert (fruit.balance_g, account(AccountKind.OTHER_USE)) == (800 * KG, 200 * KG)
    with pytest.raises(MoreThanSold) as refused:
        bring_back(fruit, 201 * KG)
    assert "多出 1 千克" in str(refused.value)


def test_loss_needs_a_reason(fruit):
    with pytest.raises(ReasonMissing):
        book_loss(fruit, KG, reason="", by=person("lin"))
    book_loss(fruit, KG, reason="腐烂", by=person("lin"))
    assert (fruit.balance_g, account(AccountKind.LOSS)) == (999 * KG, KG)


def test_weighing_again_books_what_is_missing_and_never_adds(at, app):
    at(AUTUMN)
    dried = make_peel(50 * KG)
    book_weighing(dried, 49 * KG, by=person("lin"))
    assert (dried.balance_g, account(AccountKind.LOSS, "dry-peel")) == (49 * KG, KG)
    with pytest.raises(MeasuredMore):
        book_weighing(dried, 49 * KG + 1, by=person("lin"))


def test_a_ceiling_has_a_source_and_is_never_edited(app):
    paddy = crop("paddy")
    with pytest.raises(SourceMissing):
        set_yield_ceiling(paddy, 600 * KG, valid_from=date(2026, 1, 1), source=" ", **two_officers())
    set_yield_ceiling(paddy, 600 * KG, valid_from=date(2026, 1, 1), source="示范依据", **two_officers())
    with pytest.raises(CeilingExists):
        set_yield_ceiling(paddy, 700 * KG, valid_from=date(2026, 1, 1), source="示范依据", **two_officers())
