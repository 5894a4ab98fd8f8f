"""A firm is called otherwise from a day on; its packs, and whoever looks for it, know it by its old name too."""

from datetime import date

import pytest

from gi_trace import clock
from gi_trace.batches.label_faces import label_face
from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import PersonalValue, RecordRow
from gi_trace.registry.models import Party, find_party, was_called
from gi_trace.registry.parties import parties_alike, record_numbers
from gi_trace.registry.party_actions import (
    PartyAlreadyEntered,
    PartyFacts,
    change_party,
    enter_party,
    facts_now,
)
from gi_trace.registry.party_rules import BeforeLastEntry, BeforeTheFirm, DayAhead, NameAlike, NothingChanged
from gi_trace.registry.rules import ReasonMissing
from gi_trace.verification.looking.look import look_at
from tests.cast import LIN_USCC, WU_USCC, code, make_activated_batch, make_batch, party_of, person
from tests.excel import uscc

pytestmark = pytest.mark.usefixtures("app")
NEW_NAME = "林记示范陈皮有限公司"


def rename(name=NEW_NAME, *, owner="lin", from_day=None, **changes):
    firm = party_of(owner)
    told = {"from_day": from_day or clock.today(), "reason": "登记机关核准变更", "document": "示范变更 1 号"}
    facts = vars(facts_now(firm)) | {"name": name}
    why = changes.pop("why_alike", "")
    change_party(firm, PartyFacts(**(facts | changes)), **told, why_alike=why, by=person("zhao"))


def test_a_firm_keeps_every_name_it_had_with_day_reason_document_and_row_of_the_record():
    rename(representative="示范甲")
    firm = party_of("lin")
    first, second = firm.entries
    assert (first.name, first.from_day) == ("林记示范陈皮行", None)
    assert (second.name, second.from_day, second.document) == (NEW_NAME, clock.today(), "示范变更 1 号")
    assert firm.name == NEW_NAME
    numbers = record_numbers(firm)
    assert db.session.get(RecordRow, numbers[first.id]).act == "party.entered"
    row = db.session.get(RecordRow, numbers[second.id])
    assert row.act == "party.changed" and row.facts["name"] == NEW_NAME and row.facts["party"] == firm.id
    assert first_broken_row()[0] is None


def test_a_representative_is_a_person_in_the_record():
    rename(representative="示范甲")
    [value] = db.session.query(PersonalValue).filter_by(value="示范甲")
    assert "示范甲" not in db.session.get(RecordRow, value.row_number).body


def test_all_of_a_sole_trader_is_a_persons_in_the_record():
    trader = enter_party("示范张三果皮店", "92440705MA5TRD01X5", area=None, address="示范路 3 号", by=None)
    facts = PartyFacts("示范张三陈皮店", trader.uscc, address="示范路 4 号")
    change_party(trader, facts, from_day=clock.today(), reason="张三申请", by=person("zhao"))
    bodies = [row.body for row in db.session.query(RecordRow).order_by(RecordRow.number.desc()).limit(2)]
    assert not [word for word in ("张三", trader.uscc, "示范路") for body in bodies if word in body]


def test_packs_say_the_name_of_their_packing_day_whatever_comes_later():
    before = make_activated_batch(own_number="A-1")
    rename()
    after = make_activated_batch(own_number="A-2")
    old, new = look_at(code(before)).batch, look_at(code(after)).batch
    assert (old.party, old.party_now) == ("林记示范陈皮行", NEW_NAME)
    assert (new.party, new.party_now) == (NEW_NAME, "")
    assert label_face(before).enterprise == "林记示范陈皮行"
    assert label_face(after).enterprise == NEW_NAME


def test_a_batch_packed_before_the_change_and_registered_after_it_has_the_old_name():
    yesterday = date.fromordinal(clock.today().toordinal() - 1)
    rename()
    assert make_batch(packed_on=yesterday).printed_name == "林记示范陈皮行"


def test_a_changed_code_is_printed_from_its_day_on_and_finds_the_firm_under_both():
    before = make_activated_batch(own_number="A-1")
    rename(uscc=uscc(7))
    assert look_at(code(before)).batch.uscc == LIN_USCC
    assert look_at(code(before)).batch.uscc_now == uscc(7)
    assert make_batch(own_number="A-2").printed_uscc == uscc(7)
    assert find_party(LIN_USCC) is find_party(uscc(7)) is party_of("lin")


@pytest.mark.parametrize(
    "asked",
    ["林记示范陈皮行", "林記示范陳皮行", "林记 示范", "（林记）示范", "有限公司", LIN_USCC.lower(), "ＬＩＮ"],
)
def test_a_firm_is_found_by_each_name_however_it_is_written(asked):
    rename("林记示范陈皮（LIN）有限公司")
    found = db.session.query(Party).filter(was_called(asked)).all()
    assert found == [party_of("lin")]


@pytest.mark.parametrize("asked", ["", "%", "＿", "（）", "x" * 10_000])
def test_nothing_is_found_by_nothing(asked):
    assert db.session.query(Party).filter(was_called(asked)).all() == []


@pytest.mark.parametrize(
    ("from_day", "refusal"),
    [(date(2019, 12, 31), BeforeTheFirm), (date(2999, 1, 1), DayAhead), (date(2026, 1, 5), BeforeLastEntry)],
)
def test_a_change_has_a_day_within_the_life_of_the_firm(from_day, refusal):
    rename("林记示范陈皮铺", from_day=date(2026, 2, 1))
    with pytest.raises(refusal):
        rename(from_day=from_day)
    assert party_of("lin").name == "林记示范陈皮铺"


def test_a_change_needs_a_reason_and_something_that_changes():
    firm = party_of("lin")
    with pytest.raises(NothingChanged):
        change_party(firm, facts_now(firm), from_day=clock.today(), reason="示范", by=person("zhao"))
    with pytest.raises(ReasonMissing):
        change_party(
            firm, PartyFacts(NEW_NAME, LIN_USCC), from_day=clock.today(), reason=" ", by=person("zhao")
        )
    assert len(party_of("lin").entries) == 1


@pytest.mark.parametrize("name", ["林记示范陈皮行", "林記示范(陳皮)行", "林记 示范陈皮行"])
def test_a_second_firm_of_nearly_the_same_name_needs_a_reason(name):
    with pytest.raises(NameAlike, match=LIN_USCC):
        enter_party(name, uscc(7), area=None, address="", by=person("zhao"))
    with pytest.raises(NameAlike):
        rename(name, owner="wu")
    told = {"area": None, "address": "", "why_alike": "另一区的同名企业"}
    firm = enter_party(name, uscc(7), **told, by=person("zhao"))
    assert firm.entries[0].reason == "另一区的同名企业"
    assert party_of("lin") in parties_alike(name) and firm in parties_alike(name)


def test_a_former_name_needs_a_reason_of_everyone_but_its_firm():
    rename("林记示范陈皮（新）铺")
    with pytest.raises(NameAlike, match=LIN_USCC):
        enter_party("林记示范陈皮行", uscc(7), area=None, address="", by=person("zhao"))
    with pytest.raises(NameAlike):
        rename("林记示范陈皮行", owner="wu")
    rename("林记示范陈皮行")
    assert party_of("lin").name == "林记示范陈皮行"


def test_a_firm_may_be_written_in_another_way_without_a_reason_for_its_own_name():
    rename("林记（示范）陈皮行")
    assert party_of("lin").name == "林记（示范）陈皮行"


def test_a_code_that_somebody_has_or_had_is_no_other_firms():
    rename(uscc=uscc(7))
    for taken in (LIN_USCC, uscc(7), WU_USCC):
        with pytest.raises(PartyAlreadyEntered):
            enter_party("示范另一家", taken, area=None, address="", by=person("zhao"))
    with pytest.raises(PartyAlreadyEntered):
        rename("胡记示范陈皮铺", owner="wu", uscc=LIN_USCC)
