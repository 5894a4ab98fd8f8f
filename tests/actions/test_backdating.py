"""What is dated back is worked out from the balance of its day, and takes nothing that others have since."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gi_trace import clock
from gi_trace.database import db, writing
from gi_trace.errors import Refused
from gi_trace.stock.actions.ageing import MovedAfterUse, move_lot
from gi_trace.stock.actions.corrections import reverse_act
from gi_trace.stock.actions.ledger import available_on
from gi_trace.stock.actions.processing import (
    MeasuredMore,
    MoreThanSold,
    WeighedSince,
    book_loss,
    book_weighing,
)
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.models import Lot, StockAct
from gi_trace.stock.rules.postings import NotEnoughThen
from gi_trace.stock.rules.undoing import WeightUsedSince
from gi_trace.stock.verify import first_misfit
from tests.cast import make_opening_stock, person, store
from tests.farm import AUTUMN, KG, bring_back, deliver, make_harvest, offer, sell

THE_25TH, THE_26TH, THE_27TH = (date(2026, 11, day) for day in (25, 26, 27))


@pytest.fixture
def lot(app, at) -> Lot:
    """32 kg of old peel since the 20th of November; today is the 28th."""
    at("2026-11-20T08:00Z")
    lot = make_opening_stock(32 * KG)
    at("2026-11-28T08:00Z")
    return lot


@pytest.fixture
def fruit(app, at) -> Lot:
    """32 kg that came on the 20th; it does not age, so that it goes back where it was."""
    at("2026-11-20T08:00Z")
    lot = fruit_of(32 * KG)
    at("2026-11-28T08:00Z")
    return lot


def fruit_of(grams: int) -> Lot:
    return deliver(make_harvest(grams, peel_kind=None).lot, grams)


def last_act() -> int:
    return db.session.query(StockAct.act_number).order_by(StockAct.act_number.desc()).limit(1).scalar()


def lose(lot: Lot, weight_g: int, on: date) -> int:
    return book_loss(lot, weight_g, reason="受潮", by=person("lin"), on=on)


def weigh(lot: Lot, measured_g: int, on: date) -> int:
    return book_weighing(lot, measured_g, by=person("lin"), on=on)


def undo(number: int) -> int:
    return reverse_act(number, reason="录错", by=person("lin"))


def test_a_weighing_is_compared_with_the_balance_of_its_day(lot):
    lose(lot, 4 * KG, THE_27TH)
    weigh(lot, 27 * KG, THE_26TH)
    assert lot.balance_g == 23 * KG
    with pytest.raises(MeasuredMore) as refused:
        weigh(lot, 28 * KG, THE_26TH)
    assert "在 2026-11-26 账面 27 千克" in str(refused.value)


def test_what_is_gone_since_is_named_where_it_leaves_too_little(lot):
    lose(lot, 30 * KG, THE_27TH)
    with pytest.raises(NotEnoughThen) as refused:
        weigh(lot, 27 * KG, THE_26TH)
    assert "2026-11-27 损耗 -30 千克" in str(refused.value) and "缺 3 千克" in str(refused.value)


def test_nothing_is_taken_on_a_day_before_it_came_back(fruit):
    sell(fruit, 32 * KG, on=THE_25TH)
    bring_back(fruit, 10 * KG, on=THE_27TH)
    for taken in (lambda: lose(fruit, KG, THE_26TH), lambda: sell(fruit, KG, on=THE_26TH)):
        with pytest.raises(NotEnoughThen):
            taken()
    lose(fruit, KG, THE_27TH)
    assert (available_on(fruit, THE_26TH), available_on(fruit, THE_27TH)) == (0, 9 * KG)


def test_what_is_offered_today_is_not_taken_on_an_earlier_day(lot):
    offer(lot, 30 * KG, to="wu", by="lin")
    lose(lot, KG, THE_27TH)
    with pytest.raises(NotEnoughThen) as refused:
        lose(lot, 3 * KG, THE_26TH)
    assert "已要约转出 30 千克" in str(refused.value)


def test_nothing_comes_back_before_it_was_sold(lot):
    sell(lot, 10 * KG, on=THE_27TH)
    with pytest.raises(MoreThanSold):
        bring_back(lot, KG, on=THE_26TH)
    bring_back(lot, KG, on=THE_27TH)


def test_a_move_is_not_dated_before_what_went_on_from_the_lot(lot):
    [part] = split_lot(lot, [KG], by=person("lin"))
    with pytest.raises(MovedAfterUse) as refused:
        move_lot(lot, store(inside=False), by=person("lin"), on=THE_26TH)
    assert "分批 -1 千克" in str(refused.value)
    lose(lot, KG, THE_27TH)
    move_lot(part, store(inside=False), by=person("lin"), on=clock.today())


def test_what_is_undone_stands_in_nobodys_way(lot):
    split_lot(lot, [KG], by=person("lin"))
    reverse_act(
        db.session.query(StockAct.act_number).order_by(StockAct.act_number.desc()).limit(1).scalar(),
        reason="录错",
        by=person("lin"),
    )
    move_lot(lot, store(inside=False), by=person("lin"), on=THE_26TH)
    assert lot.stays[-2].ends_on == THE_26TH


def test_verifying_finds_a_day_below_zero_but_not_among_acts_from_before_days_were_checked(fruit):
    sell(fruit, 32 * KG, on=THE_25TH)
    bring_back(fruit, 10 * KG, on=THE_27TH)
    number = lose(fruit, KG, THE_27TH)
    assert first_misfit() is None
    with writing():
        db.session.get_one(StockAct, number).on = THE_26TH
    assert first_misfit().act_number == number
    with writing():
        db.session.get_one(StockAct, number).days_checked = False
    assert first_misfit() is None


def test_what_was_undone_counts_on_no_day_between(lot):
    undo(weigh(lot, 24 * KG, THE_25TH))
    undo(lose(lot, KG, THE_26TH))
    with pytest.raises(MeasuredMore) as refused:
        weigh(lot, 33 * KG, THE_26TH)
    assert "账面 32 千克" in str(refused.value)
    weigh(lot, 31 * KG, THE_26TH)
    assert (lot.balance_g, first_misfit()) == (31 * KG, None)


def test_what_came_in_is_not_undone_where_it_was_used_on_a_day_since(fruit):
    sell(fruit, 32 * KG, on=THE_25TH)
    bring_back(fruit, 10 * KG, on=THE_25TH)
    back = last_act()
    used = lose(fruit, 4 * KG, THE_26TH)
    bring_back(fruit, 20 * KG, on=THE_27TH)
    with pytest.raises(WeightUsedSince) as refused:
        undo(back)
    assert f"2026-11-26 损耗 -4 千克（第 {used} 号事项）" in str(refused.value)
    undo(used)
    undo(back)
    assert first_misfit() is None


@pytest.mark.parametrize(
    "tell", [lambda lot: weigh(lot, 30 * KG, THE_25TH), lambda lot: lose(lot, KG, THE_25TH)]
)
def test_no_loss_is_told_of_a_day_before_a_weighing_which_has_booked_it(lot, tell):
    weighing = weigh(lot, 29 * KG, THE_27TH)
    with pytest.raises(WeighedSince) as refused:
        tell(lot)
    assert f"第 {weighing} 号事项" in str(refused.value)
    undo(weighing)
    tell(lot)
    weigh(lot, 29 * KG, THE_27TH)
    assert lot.balance_g == 29 * KG


class Days:
    """The model: what was had at the end of each day, and what came back of each sale; as simple as it can be."""

    def __init__(self, first: date, grams: int) -> None:
        self.start, self.done, self.told = (first, grams), [], 0

    @property
    def moved(self) -> list[tuple[date, int]]:
        return [self.start, *((day, grams) for _number, _what, day, grams, _sale in self.done)]

    def bears_returns(self) -> bool:
        """Each is of the sale before it, and of that no more, nor earlier."""
        sales = {number: (day, -grams) for number, what, day, grams, _ in self.done if what == "sell"}
        for _number, what, day, grams, sale in self.done:
            if what == "bring back":
                sold_on, left_g = sales.get(sale, (date.max, 0))
                sales[sale] = sold_on, left_g - grams
                if day < sold_on or left_g < grams:
                    return False
        return True

    def at_end(self, rows: list[tuple[date, int]], day: date) -> int:
        return sum(grams for on, grams in rows if on <= day)

    def bears(self, rows: list[tuple[date, int]]) -> bool:
        return all(self.at_end(rows, day) >= 0 for day, _grams in rows)

    def does(self, what: str, grams: int, day: date) -> bool:
        """Whether it may happen; if so, it has."""
        taken = self.at_end(self.moved, day) - grams if what == "weigh" else grams
        weighed = any(told == "weigh" and on > day for _, told, on, *_ in self.done)
        if taken <= 0 or (weighed and what in ("weigh", "lose")):
            return False
        sale = max((number for number, told, *_ in self.done if told == "sell"), default=0)
        self.told += 1
        moved = taken if what == "bring back" else -taken
        return self.has([*self.done, (self.told, what, day, moved, sale)])

    def undoes(self, position: int) -> bool:
        """As if it had never been; what came later stays in its place."""
        return self.has([*self.done[:position], *self.done[position + 1 :]])

    def has(self, done: list[tuple[int, str, date, int, int]]) -> bool:
        before, self.done = self.done, done
        if self.bears(self.moved) and self.bears_returns():
            return True
        self.done = before
        return False


DOING: dict[str, Callable[[Lot, int, date], object]] = {
    "lose": lose,
    "sell": lambda lot, grams, day: sell(lot, grams, on=day),
    "bring back": lambda lot, grams, day: bring_back(lot, grams, on=day),
    "weigh": weigh,
}
ACTS = st.lists(
    st.tuples(st.sampled_from(["undo", *sorted(DOING)]), st.integers(1, 20), st.integers(0, 8)),
    min_size=4,
    max_size=10,
)


def test_acts_in_any_order_of_their_days_do_what_the_days_allow(app, at):
    at(AUTUMN)
    first = clock.today() - timedelta(days=8)

    @settings(max_examples=25, database=None, suppress_health_check=list(HealthCheck))
    @given(ACTS)
    def play(acts):
        at(f"{first}T08:00Z")
        lot, model, numbers = fruit_of(20), Days(first, 20), []
        at(AUTUMN)
        for what, grams, days in acts:
            day = first + timedelta(days=days)
            if what == "undo" and not numbers:
                continue
            position = grams % len(numbers) if what == "undo" else 0
            allowed = model.undoes(position) if what == "undo" else model.does(what, grams, day)
            try:
                if what == "undo":
                    undo(numbers[position])
                    del numbers[position]
                else:
                    DOING[what](lot, grams, day)
                    numbers.append(last_act())
                assert allowed, (what, grams, day)
            except Refused:
                assert not allowed, (what, grams, day)
            for on in (first + timedelta(days=number) for number in range(9)):
                least = min(
                    model.at_end(model.moved, later) for later, _ in [(on, 0), *model.moved] if later >= on
                )
                assert available_on(lot, on) == least
        assert lot.balance_g == model.at_end(model.moved, clock.today())

    play()
    assert first_misfit() is None
