"""Weight that was sold does not come back: of units in use it is stock again only as far as an officer saw them."""

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gi_trace import clock
from gi_trace.batches.actions import activate_units, cancel_batch, register_batch
from gi_trace.batches.coming_back import (
    USED,
    NothingSeen,
    SampleOutOfBounds,
    UnitsNotAsked,
    UnpackingNeedsNoOfficer,
    UnpackingNeedsOfficer,
)
from gi_trace.batches.label_life import mark_units
from gi_trace.batches.models import Batch
from gi_trace.batches.rules import (
    BatchAlreadyActivated,
    BatchStopped,
    BatchUnpacked,
    CancelledTooLate,
    LabelsMarked,
    StopKind,
    UnitState,
)
from gi_trace.batches.stops import place_stop
from gi_trace.batches.unit_states import CountTypedWrong, UnitsCannotBecome
from gi_trace.batches.unpacking import ask_unpacking, unpack_units
from gi_trace.database import act, db
from gi_trace.errors import Refused
from gi_trace.registry.who_may import NotYourParty, OfficersOnly
from gi_trace.stock.actions.holds import hold_lot
from gi_trace.stock.actions.requests import (
    AlreadyAsked,
    AskedByYou,
    GoodsUnseen,
    RequestAnswered,
    grant,
    refuse,
)
from gi_trace.stock.models import GoodsSeen, HoldKind, Lot, RequestState, StockRequest
from gi_trace.stock.rules.seasons import DateInFuture
from gi_trace.stock.rules.undoing import PlaceOfGoodsMissing
from gi_trace.stock.verify import first_misfit
from gi_trace.verification.goods_back import SeenUnits, take_back
from gi_trace.verification.models import UnitHistory
from gi_trace.verification.models.checks import checked_units, serial_of
from gi_trace.words import Sentence
from tests.cast import (
    batch_facts,
    make_activated_batch,
    make_batch,
    make_opening_stock,
    make_print_run,
    party_of,
    peel_of,
    person,
    two_officers,
    unit_state,
)
from tests.cast import grant as grant_right
from tests.farm import AUTUMN, KG, deliver, make_harvest


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def seen(*ranges: tuple[int, int], **changes: object) -> SeenUnits:
    facts = {
        "place": "会城示范仓",
        "on": clock.today(),
        "ranges": list(ranges),
        "scanned": [],
        "sampled": None,
    }
    return SeenUnits(**(facts | changes))  # type: ignore[arg-type]


def ask(batch: Batch, *ranges: tuple[int, int], by: str = "lin") -> StockRequest:
    units = sum(last - first + 1 for first, last in ranges)
    return ask_unpacking(batch, list(ranges), count=units, reason="超市退货", by=person(by))


def open_alone(batch: Batch, *ranges: tuple[int, int]) -> Lot:
    units = sum(last - first + 1 for first, last in ranges)
    return unpack_units(batch, list(ranges), count=units, reason="滞销", by=person("lin"))


@act
def publicly_checked(batch: Batch, *units: int) -> None:
    db.session.add_all(UnitHistory(serial=serial_of(batch.number, unit), checks=1) for unit in units)


def pack_fruit(**changes: object) -> Batch:
    """25 kg of 新会柑 from the harvest of today."""
    fruit = deliver(make_harvest(500 * KG).lot, 500 * KG, to="lin", by="liang")
    right = grant_right(party_of("lin"), product="xinhui-gan")
    facts = batch_facts(own_number="G-1", best_before=date(2027, 12, 1), **changes)
    return register_batch(right, facts, [(fruit, facts.units * facts.net_weight_g)], by=person("lin"))


def test_what_was_labelled_and_activated_is_not_labelled_again(at):
    """5,000 kg were labelled from 1,000 kg: activate, wait, open all of it, again."""
    batch = make_activated_batch(units=100)
    at("2027-01-10T08:00Z")
    with pytest.raises(UnpackingNeedsOfficer) as refused:
        open_alone(batch, (1, 100))
    assert refused.value.facts["why"] == [Sentence(USED, {"units": 100})]
    assert unit_state(batch.number, 1) is UnitState.ACTIVATED


def test_fruit_that_was_sold_is_not_dried_to_peel(at):
    """Sold as 新会柑 without labels in use, declared void once nobody can look any more, and dried."""
    batch = pack_fruit()
    at("2026-12-24T08:00Z")
    open_alone(batch, (1, 2))
    at("2026-12-25T08:00Z")
    with pytest.raises(UnpackingNeedsOfficer):
        open_alone(batch, (3, 100))
    with pytest.raises(BatchUnpacked):
        cancel_batch(batch, by=person("lin"))


def test_rice_or_fruit_is_not_cancelled_after_its_month_either(at):
    batch = pack_fruit()
    at("2026-12-24T08:00Z")
    at("2026-12-25T08:00Z")
    with pytest.raises(CancelledTooLate):
        cancel_batch(batch, by=person("lin"))


@pytest.mark.parametrize("told", [[UnitState.LOST, UnitState.RETURNED], [UnitState.LOST]])
def test_a_label_that_was_lost_brings_nothing_back(told):
    """Lost, then returned, then void: nobody saw what it stood on meanwhile."""
    batch = make_batch(units=100)
    run = make_print_run(batch)
    activate_units(run, 1, 50, by=person("lin"))
    for state in told:
        mark_units(run, state, [(1, 50)], count=50, reason="示范", by=person("lin"))
    with pytest.raises((UnpackingNeedsOfficer, UnitsCannotBecome)):
        open_alone(batch, (1, 50))
    with pytest.raises(BatchAlreadyActivated):
        cancel_batch(batch, by=person("lin"))


def test_a_batch_of_which_labels_were_destroyed_is_not_cancelled():
    batch = make_batch(units=100)
    mark_units(make_print_run(batch), UnitState.DESTROYED, [(1, 9)], count=9, reason="印坏", by=person("lin"))
    with pytest.raises(LabelsMarked):
        cancel_batch(batch, by=person("lin"))


def test_peel_that_was_never_labelled_is_opened_alone_at_any_time(at):
    batch = make_batch(units=100)
    at("2027-11-24T08:00Z")
    with pytest.raises(UnpackingNeedsNoOfficer):
        ask(batch, (1, 100))
    assert open_alone(batch, (1, 100)).balance_g == 25 * KG


@pytest.mark.parametrize("officer", ["zhao", "chen"])
def test_what_an_officer_saw_is_stock_again(officer):
    """An inspector too; of fewer units than were asked for, if he saw fewer."""
    batch = make_activated_batch(units=100)
    asked = ask(batch, (1, 100))
    lot = take_back(asked, seen((1, 40)), by=person(officer))
    assert (lot.balance_g, lot.party) == (10 * KG, batch.party)
    assert (
        unit_state(batch.number, 40) is UnitState.VOID and unit_state(batch.number, 41) is UnitState.ACTIVATED
    )
    sighting = db.session.query(GoodsSeen).one()
    assert (sighting.seen_by.name, sighting.place, sighting.sampled) == (officer, "会城示范仓", None)
    assert asked.state is RequestState.GRANTED and first_misfit() is None
    assert ask(batch, (41, 100)).is_open, "the rest can be asked for anew"


def test_units_that_the_public_checked_come_back_one_by_one():
    """An honest return happens, and a rival's scan must not freeze goods."""
    batch = make_activated_batch(units=100)
    publicly_checked(batch, 3, 7, 50)
    lot = take_back(ask(batch, (1, 10)), seen((1, 10), scanned=[(7, 7)]), by=person("chen"))
    assert lot.balance_g == 9 * 250
    assert (
        unit_state(batch.number, 3) is UnitState.ACTIVATED and unit_state(batch.number, 7) is UnitState.VOID
    )
    again = ask(batch, (3, 3))
    with pytest.raises(NothingSeen):
        take_back(again, seen((3, 3)), by=person("chen"))
    assert take_back(again, seen(scanned=[(3, 3)]), by=person("chen")).balance_g == 250


def test_whoever_asks_does_not_see_for_himself_and_nobody_grants_it_on_paper():
    batch = make_activated_batch(units=100)
    asked = ask(batch, (1, 10))
    with pytest.raises(GoodsUnseen):
        grant(asked, by=person("zhao"))
    with pytest.raises(OfficersOnly):
        take_back(asked, seen((1, 10)), by=person("lin"))
    refuse(asked, "货已售出", by=person("zhao"))
    with pytest.raises(RequestAnswered):
        take_back(asked, seen((1, 10)), by=person("chen"))
    own = ask(batch, (1, 10), by="zhao")
    with pytest.raises(AskedByYou):
        take_back(own, seen((1, 10)), by=person("zhao"))


def test_what_an_officer_tells_is_sound(at):
    batch = make_activated_batch(units=100)
    asked = ask(batch, (1, 10), (21, 30))
    for wrong, why in [
        (seen((1, 11)), UnitsNotAsked),
        (seen((1, 10), scanned=[(15, 15)]), UnitsNotAsked),
        (seen(), NothingSeen),
        (seen((1, 10), place=" "), PlaceOfGoodsMissing),
        (seen((1, 10), on=date(2026, 11, 25)), DateInFuture),
        (seen((1, 10), sampled=11), SampleOutOfBounds),
        (seen((1, 10), sampled=0), SampleOutOfBounds),
    ]:
        with pytest.raises(why):
            take_back(asked, wrong, by=person("chen"))
        db.session.rollback()
    assert take_back(asked, seen((1, 2), (21, 22), sampled=3), by=person("chen")).balance_g == KG


def test_a_recall_in_the_middle_of_an_unpacking_stops_it():
    batch = make_activated_batch(units=100)
    asked = ask(batch, (1, 10))
    place_stop(batch, StopKind.RECALL, 5, 6, reason="农残超标", notice="请停止食用", **two_officers())
    with pytest.raises(BatchStopped):
        take_back(asked, seen((1, 10)), by=person("chen"))
    with pytest.raises(BatchStopped):
        ask(batch, (1, 6))
    assert take_back(asked, seen((1, 4)), by=person("chen")).balance_g == KG


def test_a_lot_recalled_in_the_middle_of_an_unpacking_stops_it_whole():
    batch = make_activated_batch(units=100)
    asked = ask(batch, (1, 10))
    hold_lot(peel_of("lin"), kind=HoldKind.RECALL, reason="农残超标", **two_officers())
    with pytest.raises(BatchStopped):
        take_back(asked, seen((1, 4)), by=person("chen"))


def test_the_number_of_units_asked_for_is_typed_back_and_nothing_is_asked_twice():
    batch = make_activated_batch(units=100)
    with pytest.raises(CountTypedWrong):
        ask_unpacking(batch, [(1, 10)], count=9, reason="退货", by=person("lin"))
    ask(batch, (1, 10))
    with pytest.raises(AlreadyAsked):
        ask(batch, (1, 10))
    with pytest.raises(NotYourParty):
        ask(batch, (11, 12), by="wu")
    assert unit_state(batch.number, 1) is UnitState.ACTIVATED and peel_of("lin").balance_g == 975 * KG


NUMBERS = count()
ENTERED_G = 200  # two of the packs below


class History:
    """Acts in any order on packs of 100 g in 10 units, and which units were ever activated or opened alone."""

    def __init__(self, at):
        self.at, self.day = at, date(2026, 12, 1).toordinal()
        self.lots, self.runs, self.seen_g = [make_opening_stock(ENTERED_G)], [], 0
        self.activated, self.opened_alone = set(), set()

    def pack(self, place, run, ranges):
        lot = next((lot for lot in self.lots if lot.balance_g >= 100), None)
        if lot is None:
            return
        batch = make_batch(lot=lot, own_number=f"P-{next(NUMBERS)}", units=10, net_weight_g=10)
        self.runs.append(make_print_run(batch))

    def wait(self, place, run, ranges):
        self.day += place
        self.at(f"{date.fromordinal(self.day)}T08:00Z")

    def activate(self, place, run, ranges):
        activate_units(run, *ranges[0], by=person("lin"))
        self.activated |= self.units(run, ranges)

    def open(self, place, run, ranges):
        self.lots.append(open_alone(run.batch, *ranges))
        self.opened_alone |= self.units(run, ranges)

    def lose(self, place, run, ranges):
        units = len(self.units(run, ranges))
        state = UnitState.LOST if place % 2 else UnitState.RETURNED
        mark_units(run, state, ranges, count=units, reason="示范", by=person("lin"))

    def check(self, place, run, ranges):
        if not checked_units(run.batch_number, [(5, 5)]):
            publicly_checked(run.batch, 5)

    def see(self, place, run, ranges):
        self.lots.append(take_back(ask(run.batch, *ranges), seen(*ranges), by=person("chen")))
        self.seen_g += self.lots[-1].balance_g

    def units(self, run, ranges):
        return {(run.batch_number, unit) for first, last in ranges for unit in range(first, last + 1)}


STEPS = ["pack", "activate", "open", "lose", "check", "see", "wait"]


@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 99)), max_size=14))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_history_labels_more_than_entered_and_officers_saw_come_back(at, steps):
    """Activated grams that came back without an officer are none, and what was ever activated of a lot's descendants is
    never more than what entered and what officers saw."""
    at("2026-12-01T08:00Z")
    history = History(at)
    history.pack(0, None, [])
    for step, place in steps:
        run = history.runs[place % len(history.runs)]
        try:
            getattr(history, step)(place, run, [(1 + place % 5, 5 + place % 6)])
        except Refused:
            db.session.rollback()
    assert not history.opened_alone & history.activated
    assert len(history.activated) * 10 <= ENTERED_G + history.seen_g
    assert first_misfit() is None
