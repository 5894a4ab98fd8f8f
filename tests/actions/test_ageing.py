"""Peel grows older only at sites inside the area; everything made from it inherits its record."""

from datetime import date

import pytest

from gi_trace import clock
from gi_trace.stock.actions.ageing import AlreadyThere, LotOffered, MoveBeforeStay, move_lot
from gi_trace.stock.actions.reshaping import LotsDiffer, NothingToMerge, merge_lots, split_lot
from gi_trace.stock.places import SiteOfAnother
from gi_trace.stock.rules.age import TooYoungForName, age_of
from gi_trace.stock.rules.postings import LotTakenTwice, NotEnoughStock
from gi_trace.stock.rules.seasons import Season
from gi_trace.stock.rules.weights import WeightNotPositive
from tests.cast import make_batch, make_opening_stock, person, store
from tests.farm import AUTUMN, KG, blended, deliver, make_peel, make_peel_of, offer


@pytest.fixture
def peel(at, app):
    at(AUTUMN)
    return make_peel(50 * KG)


def years(lot) -> int:
    return age_of(lot.record_of_stays, clock.today()).years


def test_peel_inside_the_area_is_a_year_older_on_the_anniversary(peel, at):
    at("2029-11-23T08:00Z")
    assert years(peel) == 2
    at("2029-11-24T08:00Z")
    assert years(peel) == 3
    assert age_of(peel.record_of_stays, clock.today()).label == "入库 2026 · 陈化 3 年"


def test_time_outside_does_not_count(peel, at):
    at("2028-11-24T08:00Z")
    move_lot(peel, store(inside=False), by=person("lin"))
    at("2030-11-24T08:00Z")
    assert years(peel) == 2
    move_lot(peel, store(), by=person("lin"))
    at("2031-11-24T08:00Z")
    assert years(peel) == 3


def test_a_move_is_told_in_the_order_in_which_it_happened(peel, at):
    at("2026-12-10T08:00Z")
    move_lot(peel, store(inside=False), by=person("lin"), on=date(2026, 12, 1))
    with pytest.raises(MoveBeforeStay):
        move_lot(peel, store(), by=person("lin"), on=date(2026, 11, 30))


def test_a_lot_moves_only_between_its_partys_sites_and_not_while_offered(peel):
    with pytest.raises(AlreadyThere):
        move_lot(peel, store(), by=person("lin"))
    with pytest.raises(SiteOfAnother):
        move_lot(peel, store("wu"), by=person("lin"))
    offer(peel, KG, to="wu", by="lin")
    with pytest.raises(LotOffered):
        move_lot(peel, store(inside=False), by=person("lin"))


def test_age_goes_with_the_goods_to_another_party(peel, at):
    at("2028-11-24T08:00Z")
    sold = deliver(peel, 20 * KG, to="wu", by="lin")
    at("2029-11-24T08:00Z")
    assert years(sold) == years(peel) == 3
    assert sold.age.stored_on == peel.age.stored_on == date(2026, 11, 24)


def test_split_parts_inherit_everything_and_leave_the_rest(peel):
    parts = split_lot(peel, [10 * KG, 15 * KG], by=person("lin"))
    assert [part.balance_g for part in parts] == [10 * KG, 15 * KG] and peel.balance_g == 25 * KG
    for part in parts:
        assert part.record_of_stays == peel.record_of_stays
        assert (part.origins, part.peel_kind, part.site_id) == (peel.origins, peel.peel_kind, peel.site_id)


def test_a_blend_is_as_young_as_its_youngest_part(peel, at):
    at("2027-11-24T08:00Z")
    younger = make_peel_of(Season(2027))
    blend = blended([(peel, 30 * KG), (younger, 20 * KG)])
    at("2029-11-24T08:00Z")
    assert years(blend) == 2 and years(peel) == 3
    assert (blend.first_season, blend.last_season) == ("2026", "2027")
    assert blend.age.stored_on == date(2027, 11, 24)
    assert (blend.balance_g, peel.balance_g) == (50 * KG, 20 * KG)


def test_a_blend_with_opening_stock_is_opening_stock_and_claims_no_year_for_the_rest(peel):
    old = make_opening_stock(claimed_year=2015)
    blend = blended([(old, 30 * KG), (peel, 20 * KG)])
    assert blend.is_opening_stock and blend.season_codes == ["", "2026"]
    assert blend.age.label == "入库 2026 · 陈化 0 年"


def test_a_blend_of_claimed_peel_alone_claims_the_latest_year_of_it(app, at):
    at("2026-11-24T08:00Z")
    blend = blended([(make_opening_stock(claimed_year=year), KG) for year in (2015, 2018)])
    assert blend.age.label == "入库 2026 · 陈化 0 年 · 申报年份 2018"


def test_a_blend_shows_no_years_that_only_its_owner_claims(peel, at):
    """The peel was seen for four years, the old stock in it for two, whatever its owner says of 2015."""
    at("2028-11-24T08:00Z")
    old = make_opening_stock(claimed_year=2015)
    blend = blended([(old, 30 * KG), (peel, 20 * KG)])
    at("2030-11-24T08:00Z")
    assert blend.age.label == "入库 2028 · 陈化 2 年"
    assert years(peel) == 4
    batch = make_batch(lot=blend, packed_on=clock.today())
    assert (batch.age.years, batch.stored_on) == (2, date(2028, 11, 24))


def test_a_blend_that_two_officers_found_old_enough_may_bear_the_name_by_its_traced_part_too(peel, at):
    old = make_opening_stock(claimed_year=2015)
    blend = blended([(old, 30 * KG), (peel, 20 * KG)])
    with pytest.raises(TooYoungForName):
        make_batch(lot=blend)
    at("2029-11-24T08:00Z")
    assert make_batch(lot=blend).age.years == 3


def test_lots_of_one_season_and_kind_merge_whole(peel):
    part = split_lot(peel, [10 * KG], by=person("lin"))[0]
    merged = merge_lots([peel, part], by=person("lin"))
    assert (merged.balance_g, peel.balance_g, part.balance_g) == (50 * KG, 0, 0)


def test_lots_of_different_seasons_do_not_merge(peel, at):
    at("2027-11-24T08:00Z")
    with pytest.raises(LotsDiffer):
        merge_lots([peel, make_peel_of(Season(2027))], by=person("lin"))


def test_lots_at_different_sites_do_not_blend(peel):
    part = split_lot(peel, [10 * KG], by=person("lin"))[0]
    move_lot(part, store(inside=False), by=person("lin"))
    with pytest.raises(LotsDiffer) as refused:
        blended([(peel, KG), (part, KG)])
    assert "存放场所" in str(refused.value)


def test_a_blend_of_one_lot_or_of_a_lot_with_itself_is_refused(peel):
    with pytest.raises(NothingToMerge):
        blended([(peel, KG)])
    with pytest.raises(LotTakenTwice):
        blended([(peel, KG), (peel, KG)])


def test_parts_are_never_more_than_the_whole_and_never_nothing(peel):
    with pytest.raises(NotEnoughStock):
        split_lot(peel, [30 * KG, 20 * KG + 1], by=person("lin"))
    with pytest.raises(WeightNotPositive):
        split_lot(peel, [KG, 0], by=person("lin"))
