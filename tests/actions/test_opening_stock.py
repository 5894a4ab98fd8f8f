"""Old peel comes in only when two officers saw it, and stays marked for good."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.database import db, writing
from gi_trace.errors import Forbidden
from gi_trace.evidence.store import evidence_store
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import find_product
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.opening import (
    AuthorityOfficerNeeded,
    CheckClosed,
    ClosingDateMissing,
    OutsideNumberMissing,
    OutsideNumberTaken,
    PhotosMissing,
    PhotoUsedBefore,
    ProductDoesNotAge,
    SecondWitnessNeeded,
    SitePhotoUnreadable,
    confirm_on_site_check,
    dismiss_on_site_check,
    record_on_site_check,
)
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.chain import opening_checks_of
from gi_trace.stock.models import lots_of
from gi_trace.stock.places import OutsideArea
from gi_trace.stock.rules.age import ClaimedYearInvalid
from gi_trace.stock.rules.claims import (
    Claim,
    ClaimedAfterStart,
    FoundedYearInvalid,
    SupplierMissing,
    check_claim,
)
from gi_trace.stock.rules.seasons import DateInFuture
from gi_trace.stock.rules.weights import WeightNotPositive
from tests.cast import fresh_photo, make_opening_stock, on_site_facts, party_of, person, photo, store
from tests.farm import AUTUMN, KG
from tests.patrols import heic, jpeg


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def recorded(photos=None, by="chen", **changes):
    return record_on_site_check(on_site_facts(**changes), photos or [fresh_photo()], by=person(by))


def close_opening_stock(day):
    with writing():
        find_product("xinhui-chenpi").opening_stock_until = day


def test_stock_enters_when_the_second_officer_confirms():
    check = recorded()
    assert check.lot is None
    lot = confirm_on_site_check(check, by=person("he"))
    assert (lot.balance_g, lot.is_opening_stock, lot.claimed_year) == (200 * KG, True, 2015)
    assert opening_checks_of(lot) == [check] and check.outside_number == "示范旧系统-003"
    assert lot.age_on(date(2028, 11, 24)).label == "入库 2026 · 陈化 2 年 · 申报年份 2015"


def test_the_mark_goes_down_to_everything_made_of_it():
    part = split_lot(make_opening_stock(), [KG], by=person("lin"))[0]
    assert part.is_opening_stock and part.claimed_year == 2015


def test_one_officer_alone_is_not_enough():
    with pytest.raises(SecondWitnessNeeded):
        confirm_on_site_check(recorded(), by=person("chen"))


@pytest.mark.parametrize("stranger", ["lin", "wu", "liang"])
def test_only_officers_look_at_old_stock(stranger):
    with pytest.raises(Forbidden):
        recorded(by=stranger)
    check = recorded()
    with pytest.raises(Forbidden):
        confirm_on_site_check(check, by=person(stranger))


def test_after_the_closing_date_the_second_officer_is_of_the_authority():
    close_opening_stock(date(2026, 11, 23))
    check = recorded()
    with pytest.raises(AuthorityOfficerNeeded):
        confirm_on_site_check(check, by=person("he"))
    assert confirm_on_site_check(check, by=person("zhao")).balance_g == 200 * KG


def test_a_check_dated_back_before_the_closing_date_does_not_escape_it():
    close_opening_stock(date(2026, 11, 23))
    check = recorded(checked_on=date(2026, 11, 23))
    with pytest.raises(AuthorityOfficerNeeded):
        confirm_on_site_check(check, by=person("he"))


def test_on_the_closing_date_itself_two_inspectors_are_enough():
    close_opening_stock(date(2026, 11, 24))
    assert confirm_on_site_check(recorded(), by=person("he"))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"weight_g": 0}, WeightNotPositive),
        ({"claimed_year": 2027}, ClaimedYearInvalid),
        ({"checked_on": date(2026, 11, 25)}, DateInFuture),
        ({"outside_number": " "}, OutsideNumberMissing),
        ({"founded_year": 2027}, FoundedYearInvalid),
        ({"founded_year": 2**63}, FoundedYearInvalid),
        ({"claimed_year": 1990, "supplier": "示范旧货行"}, SupplierMissing),
        ({"claimed_year": 1990, "paper": "收据 7"}, SupplierMissing),
        ({"outside_number": "示范旧系统—００1"}, OutsideNumberTaken),
    ],
)
def test_facts_that_cannot_be_are_refused(changes, refusal):
    with pytest.raises(refusal):
        recorded(**changes)


def test_stock_outside_the_area_or_of_a_product_that_does_not_age_is_refused():
    with pytest.raises(OutsideArea):
        recorded(site=store(inside=False))
    with pytest.raises(ProductDoesNotAge):
        recorded(product=find_product("xinhui-gan"))


def test_photos_are_kept_as_received_and_their_hashes_are_in_the_record():
    check = recorded([photo("orange"), photo("brown"), photo("orange")])
    assert len(check.photos) == 2
    kept = check.photos[0]
    assert evidence_store().original(kept.sha256).read_bytes() == photo("orange")
    assert kept.media_type == "image/jpeg"
    row = db.session.query(RecordRow).filter_by(subject=f"on_site_check:{check.id}").one()
    assert row.facts["photos"] == [kept.sha256 for kept in check.photos]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff\xe0 broken"])
def test_what_is_no_photo_is_refused_by_its_position(content):
    with pytest.raises(SitePhotoUnreadable) as refused:
        recorded([photo(), content])
    assert "第 2 张" in str(refused.value)


def test_a_check_has_photos():
    facts = on_site_facts()
    for photos in ([], [photo()] * 13):
        with pytest.raises(PhotosMissing):
            record_on_site_check(facts, photos, by=person("chen"))


def test_a_check_written_down_wrongly_is_dismissed_with_a_reason_and_brings_nothing():
    check = recorded()
    with pytest.raises(ReasonMissing):
        dismiss_on_site_check(check, reason="", by=person("chen"))
    dismiss_on_site_check(check, reason="重量写错", by=person("chen"))
    with pytest.raises(CheckClosed):
        confirm_on_site_check(check, by=person("he"))


def test_a_check_is_confirmed_once():
    check = recorded()
    confirm_on_site_check(check, by=person("he"))
    with pytest.raises(CheckClosed):
        confirm_on_site_check(check, by=person("zhao"))
    assert sum(lot.balance_g for lot in lots_of(party_of("lin"))) == 1200 * KG


def test_a_photo_that_cannot_be_shown_or_is_too_large_is_refused():
    for content in (jpeg()[:5_000], jpeg() + bytes(8 * 2**20)):
        with pytest.raises(SitePhotoUnreadable):
            recorded([content])
    assert recorded([heic()]).photos[0].media_type == "image/heic"


def test_without_a_closing_date_nothing_comes_in():
    check = recorded()
    close_opening_stock(None)
    with pytest.raises(ClosingDateMissing):
        confirm_on_site_check(check, by=person("zhao"))
    with pytest.raises(ClosingDateMissing):
        recorded()


def test_the_same_goods_are_not_shown_twice_by_number_or_photo_whichever_firm_shows_them():
    shown = recorded([photo("brown"), photo("red")])
    with pytest.raises(PhotoUsedBefore) as refused:
        recorded([fresh_photo(), photo("red")], site=store("wu"))
    assert "林记" in str(refused.value)
    with pytest.raises(OutsideNumberTaken):
        recorded(site=store("wu"), outside_number=f" {shown.outside_number} ")
    dismiss_on_site_check(shown, reason="重量写错", by=person("chen"))
    assert recorded([photo("red")], outside_number=shown.outside_number)


def test_what_is_claimed_of_years_after_the_system_began_is_no_old_stock(at):
    at("2029-03-01T02:00Z")
    assert recorded(claimed_year=2026)
    with pytest.raises(ClaimedAfterStart) as refused:
        recorded(claimed_year=2027)
    assert "2026 年" in str(refused.value)


@given(st.integers(1900, 2040), st.integers(1900, 2030), st.integers(2020, 2030), st.booleans())
def test_no_claim_is_later_than_the_system_nor_older_than_the_firm_without_a_paper(
    claimed, founded, start, has_paper
):
    claim = Claim(founded, "示范旧货行", "收据 7" if has_paper else " ")
    try:
        check_claim(claimed, date(2030, 12, 31), claim, started_on=date(start, 6, 1))
    except (ClaimedAfterStart, SupplierMissing):
        assert claimed > start or (claimed < founded and not has_paper)
    else:
        assert claimed <= start and (founded <= claimed or has_paper)
