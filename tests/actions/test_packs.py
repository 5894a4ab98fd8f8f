"""Offline packs are made for one officer and one phone, and end when either is revoked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from gi_trace import clock
from gi_trace.batches.actions import cancel_batch
from gi_trace.batches.models import UnitRange
from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.batches.stops import lift_stop, place_stop
from gi_trace.database import db, writing
from gi_trace.keys import keys
from gi_trace.patrol.actions.scans import record_scan
from gi_trace.patrol.label_check import expected_label, label_faults
from gi_trace.patrol.models import Visit
from gi_trace.patrol.packs.actions import Opening, pack_for, phone_of, revoke_phone
from gi_trace.patrol.packs.file import write_pack
from gi_trace.patrol.packs.models import Pack
from gi_trace.patrol.packs.rules import KeyUnreadable, PackEmpty, PhoneOfAnother, PhoneRevoked, PhoneUnknown
from gi_trace.patrol.packs.seen import shops_with
from gi_trace.patrol.roll_facts import product_facts, rights_facts, ways_of
from gi_trace.record.models import RecordRow
from gi_trace.registry.mending_actions import correct_authorisation
from gi_trace.registry.models import all_products, find_product
from gi_trace.registry.party_actions import change_party, facts_now
from gi_trace.stock.actions.holds import hold_lot, lift_hold
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.models.checks import UnitHistory, serial_of
from tests.cast import (
    code,
    make_activated_batch,
    make_batch,
    party_of,
    person,
    right_of,
    suspend,
    two_officers,
    withdraw,
)
from tests.patrols import Handset, scan_item, unwrapped, visited
from tests.phone import field_open, news_in


def void(batch, first, last):
    told = UnitRange(
        batch_number=batch.number, state=UnitState.VOID, first_unit=first, last_unit=last,
        at=clock.now(), by_id=person("lin").id,
    )  # fmt: skip
    with writing():
        db.session.add(told)


def news(packs, batch, unit):
    found = news_in(packs, batch.epoch, batch.number, unit, clock.today())
    return found.verdict if found else None


def in_hours(hours):
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def test_a_pack_says_of_every_unit_what_the_service_says(app):
    sound, fresh = make_activated_batch(), make_batch(own_number="A-002")
    cancelled = make_batch(own_number="A-003")
    cancel_batch(cancelled, by=person("lin"))
    void(sound, 4, 6)
    for kind, first, last in [
        (StopKind.HOLD, 10, 12),
        (StopKind.RECALL, 20, 20),
        (StopKind.COUNTERFEIT, 12, 30),
    ]:
        place_stop(sound, kind, first, last, reason="演示", **two_officers())
    _, pack = Handset().download()
    for batch in (sound, fresh, cancelled):
        told = [look_at(code(batch, unit)).verdict.value for unit in range(1, 41)]
        assert [news([pack], batch, unit) for unit in range(1, 41)] == told
    assert set(told) == {"cancelled"} and news([pack], sound, 25) == "counterfeit"


def test_a_right_lost_for_cause_shows_on_all_its_batches(app):
    lins, wus = make_activated_batch("lin"), make_activated_batch("wu")
    withdraw(right_of("lin"))
    _, pack = Handset().download()
    assert (news([pack], lins, 1), news([pack], wus, 1)) == ("right_lost", "valid")


def test_a_difference_holds_only_what_changed_and_speaks_before_its_base(app, at):
    at(in_hours(1))
    old, changed = make_activated_batch(), make_activated_batch("wu")
    handset = Handset()
    at(in_hours(2))
    base, base_pack = handset.download()
    at(in_hours(3))
    void(changed, 7, 7)
    new = make_activated_batch(own_number="A-009")
    row, pack = handset.download(base=base)
    assert row.base_id == base.id and pack.header["base"] == base.id
    assert sorted(pack.numbers) == sorted([changed.number, new.number])
    both = [pack, base_pack]
    assert [news(both, batch, 7) for batch in (old, changed, new)] == ["valid", "void", "valid"]


def test_a_batch_freed_of_its_lots_hold_is_restated(app, at):
    at(in_hours(1))
    batch = make_activated_batch()
    hold = hold_lot(batch.draws[0].lot, reason="演示", by=person("zhao"))
    handset = Handset()
    base, base_pack = handset.download()
    assert news([base_pack], batch, 1) == "on_hold"
    at(in_hours(3))
    lift_hold(hold, reason="演示", **two_officers())
    _, pack = handset.download(base=base)
    assert news([pack, base_pack], batch, 1) == "valid"


def test_a_base_with_more_undated_batches_than_a_query_has_parameters(app, at):
    at(in_hours(1))
    batch = make_activated_batch()
    handset = Handset()
    base, _ = handset.download()
    with writing():
        base.undated = [batch.number, *range(300_000)]
    at(in_hours(3))
    _, pack = handset.download(base=base)
    assert pack.numbers == [batch.number]


def test_a_difference_is_refused_as_base_and_for_other_products(app):
    make_activated_batch()
    handset = Handset()
    base, _ = handset.download()
    difference, _ = handset.download(base=base)
    assert handset.download(base=difference)[0].base_id is None
    assert handset.download(base=base, products=[find_product("taishan-rice")])[0].base_id is None


def test_only_products_on_patrol_and_their_epochs_go_along(app):
    batch = make_activated_batch()
    _, pack = Handset().download(products=[find_product("taishan-rice")])
    assert pack.numbers == [] and pack.header["keys"] == {} and news([pack], batch, 1) is None
    with pytest.raises(PackEmpty):
        handset = Handset()
        pack_for(handset.row, handset.opening(), [])


def test_the_keys_in_a_pack_open_codes_and_only_for_the_asking_phone(app):
    batch = make_activated_batch()
    _, pack = Handset().download()
    wrapped = pack.header["keys"][str(batch.epoch)]
    mask, field = unwrapped(wrapped["mask"]), unwrapped(wrapped["field"])
    assert field_open(code(batch, 5), mask, field) == (batch.number, 5)
    secret = keys().by_epoch[batch.epoch]
    assert (mask, field) == (secret.mask, secret.field)


def test_nobody_asks_in_the_name_of_another_phone(app):
    handset, thief = Handset(), Handset()
    with pytest.raises(KeyUnreadable):
        pack_for(handset.row, thief.opening(), all_products())
    with pytest.raises(KeyUnreadable):
        pack_for(handset.row, Opening(b"no key", b""), all_products())


def test_a_phone_belongs_to_one_officer(app):
    phone = Handset("chen").register()
    with pytest.raises(PhoneOfAnother):
        phone_of(person("he"), phone.id)
    with pytest.raises(PhoneUnknown):
        phone_of(person("he"), "0" * 64)


def test_a_revoked_phone_gets_no_pack(app):
    handset = Handset()
    handset.download()
    with pytest.raises(PhoneOfAnother):
        revoke_phone(handset.row, by=person("he"))
    revoke_phone(handset.row, by=person("zhao"))
    with pytest.raises(PhoneRevoked):
        handset.download()
    with pytest.raises(PhoneRevoked):
        handset.register()


def test_a_unit_that_looks_copied_is_told_on_the_phone_too(app):
    batch = make_activated_batch()
    with writing():
        db.session.add(UnitHistory(serial=serial_of(batch.number, 3), checks=9, suspected=True))
    _, pack = Handset().download()
    assert [news([pack], batch, unit) for unit in (2, 3, 4)] == ["valid", "suspected_copy", "valid"]


def test_a_pack_and_the_service_name_the_shops_in_which_a_unit_was_met_of_late(app, at):
    batch, he = make_activated_batch(), Handset("he").register()
    visit = visited("he", second_officer_id=person("chen").id)
    for text in (
        code(batch, 3),
        f"https://clone.example/c/{code(batch, 3)}",
        code(batch)[0] + "0" * 19,
        "ABC",
    ):
        record_scan(scan_item(visit, text), phone=he)
    here = db.session.get_one(Visit, visit).shop
    seen = Handset().download()[1].header["seen"]
    assert seen == {"shops": [{"id": here.id, "name": here.name}], "units": [[batch.number, 3, 0]]}
    assert (shops_with(code(batch, 3)), shops_with(code(batch, 4))) == (seen["shops"], [])
    others = [product for product in all_products() if product != batch.product]
    assert Handset().download(products=others)[1].header["seen"] == {"shops": [], "units": []}
    at(in_hours(31 * 24))
    assert Handset().download()[1].header["seen"]["units"] == shops_with(code(batch, 3)) == []


def test_a_phone_revoked_while_its_pack_was_made_gets_none(app, monkeypatch):
    handset = Handset()
    handset.register()

    def revoke_meanwhile(*args):
        revoke_phone(handset.row, by=person("zhao"))
        return write_pack(*args)

    monkeypatch.setattr("gi_trace.patrol.packs.actions.write_pack", revoke_meanwhile)
    with pytest.raises(PhoneRevoked):
        handset.download()
    assert db.session.query(Pack).count() == 0


def test_what_happens_while_a_pack_is_read_is_in_its_difference(app, monkeypatch, at):
    """An act that began before the reading and ended after it carries the earlier time."""
    at(in_hours(1))
    batch, handset = make_activated_batch(), Handset()
    at(in_hours(2))
    base, _ = handset.download()
    at((base.issued_at - timedelta(minutes=5)).isoformat())
    void(batch, 4, 6)
    at(in_hours(3))
    _, difference = handset.download(base=base)
    assert difference.numbers == [batch.number]


def test_another_phones_pack_is_no_base_and_keys_of_the_base_come_again(app, at):
    at(in_hours(1))
    batch = make_activated_batch()
    at(in_hours(2))
    base, _ = Handset().download()
    handset = Handset()
    assert handset.download(base=base)[0].base_id is None
    own, _ = handset.download()
    difference, pack = handset.download(base=own)
    assert pack.numbers == [] and difference.epochs == own.epochs == [batch.epoch]
    assert list(pack.header["keys"]) == [str(batch.epoch)], "the phone opens the base's batches too"


def test_a_cancelled_batch_and_a_lifted_stop_are_restated(app, at):
    at(in_hours(1))
    cancelled, stopped = make_batch(own_number="A-002"), make_activated_batch()
    stop = place_stop(stopped, StopKind.HOLD, 1, 5, reason="演示", by=person("zhao"))
    handset = Handset()
    at(in_hours(2))
    base, _ = handset.download()
    at(in_hours(3))
    cancel_batch(cancelled, by=person("lin"))
    lift_stop(stop, reason="演示", **two_officers())
    _, pack = handset.download(base=base)
    assert sorted(pack.numbers) == sorted([cancelled.number, stopped.number])
    assert news([pack], cancelled, 1) == "cancelled" and news([pack], stopped, 1) == "valid"


def test_all_batches_of_a_right_that_changed_are_restated(app, at):
    at(in_hours(1))
    batch, handset = make_activated_batch(), Handset()
    make_activated_batch("wu")
    at(in_hours(2))
    base, _ = handset.download()
    at(in_hours(3))
    suspend(right_of("lin"))
    assert handset.download(base=base)[1].numbers == [batch.number]


def test_a_key_to_wrap_for_that_is_too_short_is_refused(app):
    handset, short = Handset(), rsa.generate_private_key(65537, 1024).public_key()
    with pytest.raises(KeyUnreadable):
        pack_for(handset.row, handset.opening(short), all_products())


def test_the_officer_who_lost_a_phone_revokes_it_once(app):
    phone = Handset("chen").register()
    for _ in range(2):
        revoke_phone(phone, by=person("chen"))
    assert phone.revoked_at and db.session.query(RecordRow).filter_by(act="patrol_phone.revoked").count() == 1


def test_a_pack_names_a_firm_as_its_packs_do_and_as_it_is_called_now(app):
    before = make_activated_batch()
    lin = party_of("lin")
    facts = replace(facts_now(lin), name="林记示范陈皮有限公司")
    change_party(lin, facts, from_day=clock.today(), reason="登记机关核准", by=person("zhao"))
    after = make_activated_batch(own_number="A-002")
    _, pack = Handset().download()
    rights = [
        pack.header["rights"][news_in([pack], one.epoch, one.number, 1, clock.today()).batch["right"]]
        for one in (before, after)
    ]
    assert [(right["party"], right["party_now"]) for right in rights] == [
        ("林记示范陈皮行", "林记示范陈皮有限公司"),
        ("林记示范陈皮有限公司", ""),
    ]


def test_a_number_that_only_batches_have_printed_is_in_the_pack_too(app):
    batch = make_activated_batch()
    right, told = right_of("lin"), {"document": "示范更正 1 号", "reason": "录入错误"}
    terms = replace(right.terms, number="示范第 2 号")
    correct_authorisation(right, terms, **told, by=person("zhao"), confirmed_by=person("sun"))
    _, pack = Handset().download()
    place = news_in([pack], batch.epoch, batch.number, 1, clock.today()).batch["right"]
    assert pack.header["rights"][place]["number"] == "示范第 1 号"


def test_an_honest_label_of_before_the_firms_new_name_has_no_fault(app):
    lin = party_of("lin")
    facts = replace(facts_now(lin), name="林记示范陈皮有限公司")
    change_party(lin, facts, from_day=clock.today(), reason="登记机关核准", by=person("zhao"))
    rights = [right_of("lin")]
    facts = rights_facts(rights, ways_of(rights), clock.today())
    for maker, faults in (("林记示范陈皮行", []), (lin.name, []), ("胡记示范陈皮行", ["maker"])):
        label = {"product_name": "新会陈皮", "uscc": lin.uscc, "maker": maker}
        expected = expected_label(product_facts(rights[0].product), facts, label)
        assert label_faults(label, expected) == faults
