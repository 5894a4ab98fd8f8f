"""What a firm or village may not do alone it asks for, and one officer answers: granted, it is done at once."""

from datetime import date

import pytest

from gi_trace.database import act, db
from gi_trace.errors import Forbidden
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.corrections import ask_undo
from gi_trace.stock.actions.harvests import NotLate, ask_late_harvest
from gi_trace.stock.actions.processing import book_loss
from gi_trace.stock.actions.requests import AlreadyAsked, AskedByYou, RequestAnswered, grant, refuse, withdraw
from gi_trace.stock.models import Harvest, Lot, RequestState, StockRequest
from gi_trace.stock.models.reads import slip_of_harvest
from gi_trace.stock.rules.harvests import AllocationExceeded
from gi_trace.stock.rules.seasons import PeelKind
from gi_trace.stock.rules.undoing import (
    AnsweredTooLate,
    UndoNeedsNoRequest,
    UndoNeedsSighting,
    WeightUsedSince,
)
from gi_trace.stock.verify import first_misfit
from tests.cast import person
from tests.farm import AUTUMN, KG, deliver, make_harvest, make_peel, the_plot

LONG_AGO = date(2026, 10, 30)


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def ask_late(weight_g: int = 500 * KG, picked_on: date = LONG_AGO, **changes: object) -> StockRequest:
    plot = the_plot()
    told = {"crop": plot.crop, "peel_kind": PeelKind.REDDISH, "reason": "采收单寄失", "by": person("liang")}
    return ask_late_harvest(plot, weight_g, picked_on, **(told | changes))  # type: ignore[arg-type]


@pytest.fixture
def lost(at) -> tuple[Lot, int]:
    """Peel of which a kilogram was booked as lost yesterday, and the number of that act."""
    peel = make_peel(50 * KG)
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    at("2026-11-25T08:00Z")
    return peel, number


def assert_came_back_beside(peel):
    """The kilogram that was lost is a lot of its own, since nobody knows where it lay meanwhile."""
    [back] = db.session.query(Lot).filter(Lot.material == peel.material, Lot.balance_g == KG)
    assert peel.balance_g == 49 * KG and back.id != peel.id


def test_what_is_not_of_today_is_undone_once_an_officer_agrees(lost):
    peel, number = lost
    asked = ask_undo(number, reason="称错了", by=person("lin"))
    assert peel.balance_g == 49 * KG and asked.state is RequestState.OPEN
    grant(asked, by=person("zhao"))
    assert (asked.state, asked.answered_by.name) == (RequestState.GRANTED, "zhao")
    assert_came_back_beside(peel)
    facts = db.session.query(RecordRow).filter_by(act="stock.reversed").one().facts
    assert (facts["request"], facts["reason"]) == (asked.id, "称错了") and first_misfit() is None


def test_a_refusal_says_why_and_leaves_everything_as_it_was(lost):
    peel, number = lost
    asked = ask_undo(number, reason="称错了", by=person("lin"))
    with pytest.raises(ReasonMissing):
        refuse(asked, " ", by=person("zhao"))
    refuse(asked, "损耗属实", by=person("zhao"))
    assert (peel.balance_g, asked.state, asked.word) == (49 * KG, RequestState.REFUSED, "损耗属实")
    with pytest.raises(RequestAnswered):
        grant(asked, by=person("sun"))


def test_only_the_authority_answers_and_only_ones_own_acts_are_asked_for(lost):
    _peel, number = lost
    with pytest.raises(Forbidden):
        ask_undo(number, reason="称错了", by=person("wu"))
    asked = ask_undo(number, reason="称错了", by=person("lin"))
    for stranger in ("lin", "chen"):
        with pytest.raises(Forbidden):
            grant(asked, by=person(stranger))
    with pytest.raises(Forbidden):
        withdraw(asked, by=person("wu"))


def test_what_is_asked_for_twice_waits_once_until_it_is_taken_back(lost):
    _peel, number = lost
    asked = ask_undo(number, reason="称错了", by=person("lin"))
    with pytest.raises(AlreadyAsked):
        ask_undo(number, reason="再问", by=person("lin"))
    withdraw(asked, by=person("lin"))
    assert ask_undo(number, reason="再问", by=person("lin")).is_open


def test_there_is_a_time_to_ask(lost, at):
    peel, _number = lost
    with pytest.raises(UndoNeedsNoRequest):
        ask_undo(book_loss(peel, KG, reason="受潮", by=person("lin")), reason="错", by=person("lin"))
    at("2026-12-25T08:00Z")
    with pytest.raises(UndoNeedsSighting):
        ask_undo(lost[1], reason="称错了", by=person("lin"))


def test_what_was_asked_in_time_is_granted_in_time_or_somebody_must_have_seen_the_goods(lost, at):
    """Or peel would grow old on paper while a request waits."""
    peel, number = lost
    asked = ask_undo(number, reason="称错了", by=person("lin"))
    at("2026-12-26T08:00Z")
    with pytest.raises(AnsweredTooLate) as refused:
        grant(asked, by=person("zhao"))
    assert "2026-12-25" in str(refused.value)
    db.session.rollback()
    assert asked.is_open and peel.balance_g == 49 * KG
    at("2026-12-25T08:00Z")
    grant(asked, by=person("zhao"))
    assert_came_back_beside(peel)


def test_what_could_not_be_done_is_not_asked_for_and_asking_does_nothing(lost):
    peel, _number = lost
    arrived = deliver(peel, 10 * KG, to="wu", by="lin")
    made = db.session.query(RecordRow.number).filter_by(act="lot.processed").scalar()
    with pytest.raises(WeightUsedSince):
        ask_undo(made, reason="投料写错", by=person("lin"))
    assert db.session.query(StockRequest).count() == 0
    assert (peel.balance_g, arrived.balance_g) == (39 * KG, 10 * KG)


def test_a_late_harvest_is_declared_once_an_officer_agrees():
    asked = ask_late()
    assert db.session.query(Harvest).count() == 0
    grant(asked, by=person("zhao"))
    harvest = db.session.query(Harvest).one()
    assert (harvest.weight_g, harvest.picked_on, harvest.lot.made_on) == (500 * KG, LONG_AGO, LONG_AGO)
    assert harvest.lot.peel_kind is PeelKind.REDDISH and slip_of_harvest(harvest).lot is harvest.lot
    assert harvest.allocation.harvested_g == 500 * KG and first_misfit() is None


def test_a_season_that_is_over_can_still_be_asked_for(at):
    the_plot()
    at("2027-03-20T08:00Z")
    asked = ask_late()
    grant(asked, by=person("zhao"))
    assert db.session.query(Harvest).one().allocation.season == "2026"


def test_a_late_harvest_is_looked_at_like_any_other():
    with pytest.raises(NotLate):
        ask_late(picked_on=date(2026, 11, 20))
    with pytest.raises(NotLate):
        ask_late(picked_on=date(2026, 11, 25))
    with pytest.raises(AllocationExceeded):
        ask_late(4501 * KG)
    asked = ask_late(4000 * KG)
    make_harvest(1000 * KG)
    with pytest.raises(AllocationExceeded):
        grant(asked, by=person("zhao"))
    assert asked.is_open and db.session.query(Harvest).count() == 1


@act
def asked_by_an_officer(asked):
    """As could be before officers were kept out of harvests."""
    asked.asked_by = person("zhao")


def test_who_asked_does_not_answer():
    asked = ask_late()
    asked_by_an_officer(asked)
    with pytest.raises(AskedByYou):
        grant(asked, by=person("zhao"))
    grant(asked, by=person("sun"))
    assert db.session.query(Harvest).count() == 1
