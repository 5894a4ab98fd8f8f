"""What phones send is read strictly: a wrong field is named, nothing is guessed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.patrol.items import FINDING, MOST_SCANS, PHOTO, SCAN, VISIT, read_item
from gi_trace.patrol.rules import (
    ItemUnreadable,
    Measure,
    MeasureDateMissing,
    PhotoTooLarge,
    PlaceMissing,
    clean_label,
    clock_ahead_s,
    decide_by,
)

ID = "3f2b8c1e-0d6a-4c59-9a1b-7e5d4c3b2a10"
AT = "2026-11-24T08:00:00+00:00"
MADE = {"id": ID, "based_on": 0, "made_at": AT, "visit": ID}
SHOP = {"id": ID, "name": "示范店", "address": "示范路"}
ITEMS = {
    VISIT: MADE | {"shop": SHOP, "second_officer_id": 7, "market_id": 1},
    FINDING: MADE | {"finding": ID, "offence": "sells_such_goods", "quantity": 1, "unit_price_fen": 0},
    SCAN: MADE | {"text": "https://clone.example/c/ABC"},
    PHOTO: MADE | {"sha256": "0" * 64, "size": 1},
}


def read(schema, **changes):
    made, facts = read_item(schema, ITEMS[schema] | changes)
    return facts


@pytest.mark.parametrize(
    ("schema", "changes", "field"),
    [
        (VISIT, {"id": "1"}, "id"),
        (VISIT, {"id": ID.upper()}, "id"),
        (VISIT, {"id": f"{ID}\n"}, "id"),
        (VISIT, {"visit": None}, "visit"),
        (VISIT, {"made_at": "2026-11-24T08:00:00"}, "made_at"),
        (VISIT, {"made_at": "0001-01-01T00:00:00+14:00"}, "made_at"),
        (VISIT, {"heard_at": "9999-12-31T23:59:59-14:00"}, "heard_at"),
        (VISIT, {"heard_at": 5}, "heard_at"),
        (VISIT, {"clock_ahead_s": 2**31}, "clock_ahead_s"),
        (VISIT, {"clock_ahead_s": "0"}, "clock_ahead_s"),
        (VISIT, {"based_on": True}, "based_on"),
        (VISIT, {"based_on": 2**31}, "based_on"),
        (VISIT, {"weight": 1.5}, "item"),
        (VISIT, {"note": "\ud800"}, "item"),
        (VISIT, {"note": 5}, "note"),
        (VISIT, {"shop": SHOP | {"name": " "}}, "shop.name"),
        (VISIT, {"shop": SHOP | {"id": "x"}}, "shop.id"),
        (VISIT, {"shop": None}, "shop"),
        (VISIT, {"shop": []}, "shop"),
        (VISIT, {"latitude_e6": 91_000_000}, "latitude_e6"),
        (VISIT, {"longitude_e6": -181_000_000}, "longitude_e6"),
        (VISIT, {"second_officer_id": None}, "second_officer_id"),
        (FINDING, {"quantity": -1}, "quantity"),
        (FINDING, {"unit_price_fen": "12"}, "unit_price_fen"),
        (FINDING, {"scans": [{"text": "x"}]}, "scans.0.code"),
        (FINDING, {"scans": [{"code": "x"}] * (MOST_SCANS + 1)}, "scans"),
        (FINDING, {"measure": "burned"}, "measure"),
        (FINDING, {"measure_on": "24/11"}, "measure_on"),
        (FINDING, {"label": []}, "label"),
        (FINDING, {"offence": None}, "offence"),
        (SCAN, {"text": ""}, "text"),
        (SCAN, {"visit": "x"}, "visit"),
        (SCAN, {"again": "perhaps"}, "again"),
        (PHOTO, {"sha256": "x"}, "sha256"),
        (PHOTO, {"sha256": "0" * 65}, "sha256"),
        (PHOTO, {"finding": "x"}, "finding"),
        (PHOTO, {"size": 0}, "size"),
    ],
)
def test_a_wrong_field_is_named(schema, changes, field):
    with pytest.raises(ItemUnreadable) as refusal:
        read(schema, **changes)
    assert refusal.value.facts == {"field": field}


@pytest.mark.parametrize("item", [None, 5, "x", []])
def test_what_is_no_item_is_refused_as_such(item):
    with pytest.raises(ItemUnreadable) as refusal:
        read_item(PHOTO, item)
    assert refusal.value.facts == {"field": "item"}


def test_what_is_not_said_null_and_empty_text_are_one_thing():
    said = read(FINDING, note=None, supplier="", measure=None, measure_on="", product=None)
    assert said == read(FINDING)
    assert (said["note"], said["measure"], said["measure_on"]) == ("", Measure.NONE, None)
    assert read(PHOTO, finding="") == read(PHOTO)


def test_what_is_written_is_cut_off_at_its_bound_rather_than_refused():
    said = read(FINDING, note=" x\0" + "x" * 5000, quantity_unit="盒" * 30, scans=[{"code": "A" * 100}])
    assert (len(said["note"]), len(said["quantity_unit"]), len(said["scans"][0]["code"])) == (4000, 20, 80)
    assert said["note"].strip("x") == ""


def test_what_a_phone_says_beyond_the_shape_is_left_aside():
    assert read(VISIT, colour="red", shop=SHOP | {"colour": "red"}) == read(VISIT)


def test_a_visit_needs_a_fix_or_a_market():
    fix = {"latitude_e6": 22_500_000, "longitude_e6": 113_000_000, "market_id": None}
    assert read(VISIT, **fix)["market_id"] is None
    with pytest.raises(PlaceMissing):
        read(VISIT, **fix | {"longitude_e6": None})


def test_goods_kept_for_proof_need_their_date_and_have_seven_days():
    with pytest.raises(MeasureDateMissing):
        read(FINDING, measure="preserved")
    kept = read(FINDING, measure="preserved", measure_on="2026-11-24")
    assert decide_by(kept["measure"], kept["measure_on"]) == date(2026, 12, 1)
    assert decide_by(Measure.SAMPLED, date(2026, 11, 24)) is None


INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
SECONDS = st.integers(-(2**31) + 1, 2**31 - 1)


@given(made=INSTANTS, told=SECONDS, heard=st.none() | INSTANTS, received=INSTANTS)
def test_whatever_a_phone_says_of_its_clock_nothing_was_made_before_its_last_word_from_us_or_after_it_arrived(
    made, told, heard, received
):
    ahead = clock_ahead_s(made, told, heard, received)
    happened, slack = made - timedelta(seconds=ahead), timedelta(seconds=1)
    assert happened <= received + slack
    if heard is not None:
        assert happened >= min(heard, received) - slack


@given(received=INSTANTS, way=st.integers(0, 10**6), since=st.integers(0, 10**6), told=SECONDS)
def test_what_a_phone_says_of_its_clock_is_taken_where_it_may_be_so(received, way, since, told):
    happened = received - timedelta(seconds=way)
    made = happened + timedelta(seconds=told)
    assert clock_ahead_s(made, told, happened - timedelta(seconds=since), received) == told


def test_the_content_hash_does_not_depend_on_when_it_is_sent():
    def sha256(**changes):
        return read_item(VISIT, ITEMS[VISIT] | changes)[0].sha256

    assert sha256() == sha256(sent_at="2026-11-25T08:00:00+00:00")
    assert sha256() != sha256(note="x") != sha256(unknown="x")


def test_a_photo_beyond_the_limit_is_refused_in_megabytes():
    with pytest.raises(PhotoTooLarge) as refusal:
        read(PHOTO, size=70 * 2**20 + 1)
    assert str(refusal.value) == "照片 71 MB，超过 64 MB 的上限，请用较低的分辨率重拍。"
    assert read(PHOTO, size=64 * 2**20)


def test_only_known_label_fields_are_kept():
    assert clean_label({"maker": " 示范厂 ", "colour": "red", "uscc": "", "mark": 5}) == {"maker": "示范厂"}
