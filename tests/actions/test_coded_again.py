"""What came back from use is told in the reconciliation, and above its cap it is a lead."""

from datetime import date

import pytest

from gi_trace import clock
from gi_trace.batches.actions import cancel_batch
from gi_trace.batches.coded_again import cap_percent_on
from gi_trace.batches.coming_back import CapOutOfBounds, SampledTooMuch
from gi_trace.batches.reconciliation import reconcile
from gi_trace.batches.return_caps import propose_return_cap, set_return_cap
from gi_trace.batches.rules import UnitState
from gi_trace.batches.unpacking import ask_unpacking
from gi_trace.casework.models import Lead
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db
from gi_trace.proposals.actions import confirm
from gi_trace.registry.models import find_product
from gi_trace.registry.rules import ReasonMissing
from gi_trace.registry.taken import CeilingExists
from gi_trace.registry.who_may import SecondOfficerNeeded
from gi_trace.stock.actions.corrections import reverse_act
from gi_trace.stock.models import GoodsSeen
from gi_trace.stock.rules.seasons import Season
from gi_trace.verification.goods_back import SeenUnits, take_back
from tests.cast import make_activated_batch, make_batch, person, two_officers, unit_state
from tests.farm import AUTUMN, KG, crop, make_peel

CHENPI = "xinhui-chenpi"


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def comes_back(batch, first, last, *, sampled=None):
    asked = ask_unpacking(batch, [(first, last)], count=last - first + 1, reason="超市退货", by=person("lin"))
    seen = SeenUnits("会城示范仓", clock.today(), [(first, last)], sampled=sampled)
    return take_back(asked, seen, by=person("chen"))


def leads():
    gather_leads(by=person("zhao"))
    return db.session.query(Lead).filter(Lead.source_key.startswith("coded_again:")).all()


def test_each_act_by_which_coded_weight_came_back_is_a_line(at):
    peel = make_peel(50 * KG)
    at("2029-11-24T08:00Z")
    batch = make_activated_batch(lot=peel, units=100)
    comes_back(batch, 1, 4)
    comes_back(batch, 5, 5, sampled=1)
    found = reconcile(Season(2026), crop())
    assert [(one.batch, one.grams, one.sighting.sampled) for one in found.coded_again] == [
        (batch, KG, None),
        (batch, 250, 1),
    ]
    assert found.coded_again[0].sighting.seen_by.name == "chen" and not leads()
    assert reconcile(Season(2027), crop()).coded_again == []


def test_above_the_cap_it_is_a_lead_once():
    """Five in a hundred of what was packed in the year."""
    batch = make_activated_batch(units=100)
    comes_back(batch, 1, 5)
    assert not leads()
    comes_back(batch, 6, 6)
    [lead] = leads()
    assert (lead.party_id, lead.batch_number) == (batch.party_id, batch.number)
    assert "1.5 千克" in lead.what and "1.25 千克" in lead.what
    assert leads() == [lead]


def test_what_a_rival_or_another_year_packed_does_not_raise_the_cap(at):
    make_batch("wu", units=1000)
    cancel_batch(make_batch(units=1000), by=person("lin"))
    make_batch(units=1000, own_number="A-000")
    at("2027-11-25T08:00Z")
    comes_back(make_activated_batch(units=100), 1, 6)
    assert len(leads()) == 1


def test_by_sample_no_more_comes_back_than_the_cap():
    batch = make_activated_batch(units=100)
    comes_back(batch, 1, 4, sampled=1)
    with pytest.raises(SampledTooMuch) as refused:
        comes_back(batch, 5, 6, sampled=1)
    assert "一年最多 1.25 千克" in str(refused.value)
    db.session.rollback()
    comes_back(batch, 7, 7, sampled=1)
    comes_back(batch, 8, 20)
    assert len(leads()) == 1, "seen one by one it comes back, and is a lead"


def test_what_was_undone_is_no_line():
    batch = make_activated_batch(units=100)
    comes_back(batch, 1, 20)
    [sighting] = db.session.query(GoodsSeen)
    reverse_act(sighting.act_number, reason="点错件号", by=person("zhao"))
    assert not leads() and unit_state(batch.number, 1) is UnitState.ACTIVATED


def test_the_cap_is_dated_and_two_raise_it():
    product, told = find_product(CHENPI), {"source": "协会 2026 年退货统计", "by": person("zhao")}
    set_return_cap(product, 3, valid_from=date(2026, 11, 1), **told)
    with pytest.raises(SecondOfficerNeeded):
        set_return_cap(product, 10, valid_from=date(2026, 12, 1), **told)
    confirm(propose_return_cap(product, 10, valid_from=date(2026, 12, 1), **told), by=person("sun"))
    days = [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 1)]
    assert [cap_percent_on(product, day) for day in days] == [5, 3, 10]
    for percent, day, source, why in [
        (101, 2, "示范", CapOutOfBounds),
        (2, 1, "示范", CeilingExists),
        (2, 3, " ", ReasonMissing),
    ]:
        with pytest.raises(why):
            set_return_cap(product, percent, valid_from=date(2026, 12, day), source=source, **two_officers())
        db.session.rollback()


def test_a_cap_set_by_the_authority_decides():
    set_return_cap(find_product(CHENPI), 0, valid_from=clock.today(), source="整改期", by=person("zhao"))
    batch = make_activated_batch(units=100)
    with pytest.raises(SampledTooMuch):
        comes_back(batch, 1, 1, sampled=1)
    db.session.rollback()
    comes_back(batch, 2, 2)
    assert len(leads()) == 1
