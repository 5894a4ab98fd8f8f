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
    OtherUse,
    WeighedSince,
    book_loss,
    book_weighing,
    return_goods,
    use_otherwise,
)
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.models import Lot, StockAct
from gi_trace.stock.rules.postings import NotEnoughThen
from gi_trace.stock.rules.undoing import WeightUsedSince
from gi_trace.stock.verify import first_misfit
from tests.cast import make_batch, make_opening_stock, person, store
from tests.farm import AUTUMN, KG, offer

THE_25TH, THE_26TH, THE_27TH = (date(2026, 11, day) for day in (25, 26, 27))


@pytest.fixture
def lot(app, at) -> Lot:
    """32 kg of old peel since the 20th of November; today is the 28th."""
    at("2026-11-20T08:00Z")
    lot = make_opening_stock(32 * KG)
    at("2026-11-28T08:00Z")
    return lot


def lose(lot: Lot, weight_g: int, on: date) -> int:
    return book_loss(lot, weight_g, reason="受潮", by=person("lin"), on=on)


def sell(lot: Lot, weight_g: int, on: date) -> int:
    return use_otherwise(lot, weight_g, OtherUse.LOOSE_SALE, by=person("lin"), on=on)


def bring_back(lot: Lot, weight_g: int, on: date) -> int:
    return return_goods(lot, weight_g, reason="退货", by=person("lin"), on=on)


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


def test_nothing_is_taken_on_a_day_before_it_came_back(lot):
    sell(lot, 32 * KG, THE_25TH)
    bring_back(lot, 10 * KG, THE_27TH)
    for taken in (lambda: lose(lot, KG, THE_26TH), lambda: make_batch(lot=lot, packed_on=THE_26TH)):
        with pytest.raises(NotEnoughThen):
            taken()
    lose(lot, KG, THE_27TH)
    assert (available_on(lot, THE_26TH), available_on(lot, THE_27TH)) == (0, 9 * KG)


def test_what_is_offered_today_is_not_taken_on_an_earlier_day(lot):
    offer(lot, 30 * KG, to="wu", by="lin")
    lose(lot, KG, THE_27TH)
    with pytest.raises(NotEnoughThen) as refused:
        lose(lot, 3 * KG, THE_26TH)
    assert "已要约转出 30 千克" in str(refused.value)


def test_nothing_comes_back_before_it_was_sold(lot):
    sell(lot, 10 * KG, THE_27TH)
    with pytest.raises(MoreThanSold):
        bring_back(lot, KG, THE_26TH)
    bring_back(lot, KG, THE_27TH)


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
    assert lot.stays[-1].starts_on == THE_26TH


def test_verifying_finds_a_day_below_zero_but_not_among_acts_from_before_days_were_checked(lot):
    sell(lot, 32 * KG, THE_25TH)
    bring_back(lot, 10 * KG, THE_27TH)
    number = lose(lot, KG, THE_27TH)
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


def test_what_came_in_is_not_undone_where_it_was_used_on_a_day_since(lot):
    sell(lot, 32 * KG, THE_25TH)
    back = bring_back(lot, 10 * KG, THE_25TH)
    used = lose(lot, 4 * KG, THE_26TH)
    bring_back(lot, 20 * KG, THE_27TH)
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
    """The model: what was had, and what was sold, at the end of each day; as simple as it can be."""

    def __init__(self, first: date, grams: int) -> None:
        self.start, self.done = (first, grams), []

    @property
    def moved(self) -> list[tuple[date, int]]:
        return [self.start, *((day, grams) for _what, day, grams in self.done)]

    @property
    def sold(self) -> list[tuple[date, int]]:
        return [(day, -grams) for what, day, grams in self.done if what in ("sell", "bring back")]

    def at_end(self, rows: list[tuple[date, int]], day: date) -> int:
        return sum(grams for on, grams in rows if on <= day)

    def bears(self, rows: list[tuple[date, int]]) -> bool:
        return all(self.at_end(rows, day) >= 0 for day, _grams in rows)

    def does(self, what: str, grams: int, day: date) -> bool:
        """Whether it may happen; if so, it has."""
        taken = self.at_end(self.moved, day) - grams if what == "weigh" else grams
        weighed = any(told == "weigh" and on > day for told, on, _ in self.done)
        if taken <= 0 or (weighed and what in ("weigh", "lose")):
            return False
        return self.has([*self.done, (what, day, taken if what == "bring back" else -taken)])

    def undoes(self, position: int) -> bool:
        """As if it had never been; what came later stays in its place."""
        return self.has([*self.done[:position], *self.done[position + 1 :]])

    def has(self, done: list[tuple[str, date, int]]) -> bool:
        before, self.done = self.done, done
        if self.bears(self.moved) and self.bears(self.sold):
            return True
        self.done = before
        return False


DOING: dict[str, Callable[[Lot, int, date], int]] = {
    "lose": lose,
    "sell": sell,
    "bring back": bring_back,
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
        lot, model, numbers = make_opening_stock(20, checked_on=first), Days(first, 20), []
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
                    numbers.append(DOING[what](lot, grams, day))
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
