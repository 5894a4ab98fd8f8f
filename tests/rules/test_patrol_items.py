"""What phones send is read strictly: a wrong field is named, nothing is guessed."""

from datetime import date

import pytest

from gi_trace.patrol.content import finding_of, made_of, photo_of, shop_of, visit_of
from gi_trace.patrol.rules import (
    ItemUnreadable,
    Measure,
    MeasureDateMissing,
    PhotoTooLarge,
    PlaceMissing,
    clean_label,
    decide_by,
)

ID = "3f2b8c1e-0d6a-4c59-9a1b-7e5d4c3b2a10"
AT = "2026-11-24T08:00:00+00:00"
MADE = {"id": ID, "based_on": 0, "made_at": AT, "sent_at": AT}
VISIT = {"second_officer_id": 7, "market_id": 1}
FINDING = {"quantity": 1, "unit_price_fen": 0}


@pytest.mark.parametrize(
    ("read", "item", "field"),
    [
        (made_of, MADE | {"id": "1"}, "id"),
        (made_of, MADE | {"id": ID.upper()}, "id"),
        (made_of, MADE | {"made_at": "2026-11-24T08:00:00"}, "made_at"),
        (made_of, MADE | {"sent_at": 5}, "sent_at"),
        (made_of, MADE | {"based_on": True}, "based_on"),
        (made_of, MADE | {"weight": 1.5}, "item"),
        (shop_of, {"shop": {"id": ID, "name": " ", "address": "x"}}, "name"),
        (shop_of, {}, "shop"),
        (visit_of, VISIT | {"latitude_e6": 91_000_000}, "latitude_e6"),
        (visit_of, {"market_id": 1}, "second_officer_id"),
        (finding_of, FINDING | {"quantity": -1}, "quantity"),
        (finding_of, FINDING | {"unit_price_fen": "12"}, "unit_price_fen"),
        (finding_of, FINDING | {"scans": [{"text": "x"}]}, "scans"),
        (finding_of, FINDING | {"measure": "burned"}, "measure"),
        (finding_of, FINDING | {"measure_on": "24/11"}, "measure_on"),
        (finding_of, FINDING | {"label": []}, "label"),
        (photo_of, {"visit": ID, "sha256": "x", "size": 1}, "sha256"),
        (photo_of, {"visit": ID, "sha256": "0" * 64, "size": 0}, "size"),
    ],
)
def test_a_wrong_field_is_named(read, item, field):
    with pytest.raises(ItemUnreadable) as refusal:
        read(item)
    assert refusal.value.facts == {"field": field}


def test_a_visit_needs_a_fix_or_a_market():
    assert (
        visit_of({"second_officer_id": 7, "latitude_e6": 22_500_000, "longitude_e6": 113_000_000}).market_id
        is None
    )
    with pytest.raises(PlaceMissing):
        visit_of({"second_officer_id": 7, "latitude_e6": 22_500_000})


def test_goods_kept_for_proof_need_their_date_and_have_seven_days():
    with pytest.raises(MeasureDateMissing):
        finding_of(FINDING | {"measure": "preserved"})
    kept = finding_of(FINDING | {"measure": "preserved", "measure_on": "2026-11-24"})
    assert decide_by(kept.measure, kept.measure_on) == date(2026, 12, 1)
    assert decide_by(Measure.SAMPLED, date(2026, 11, 24)) is None


def test_the_content_hash_does_not_depend_on_when_it_is_sent():
    later = MADE | {"sent_at": "2026-11-25T08:00:00+00:00"}
    assert made_of(MADE).sha256 == made_of(later).sha256
    assert made_of(MADE).sha256 != made_of(MADE | {"note": "x"}).sha256


def test_a_photo_beyond_the_limit_is_refused_in_megabytes():
    with pytest.raises(PhotoTooLarge) as refusal:
        photo_of({"visit": ID, "sha256": "0" * 64, "size": 70 * 2**20 + 1})
    assert str(refusal.value) == "照片 71 MB，超过 64 MB 的上限，请用较低的分辨率重拍。"


def test_only_known_label_fields_are_kept():
    assert clean_label({"maker": " 示范厂 ", "colour": "red", "uscc": "", "mark": 5}) == {"maker": "示范厂"}
