"""Thousands of random acts of growers, firms and officers, played against a model of a few dictionaries."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import Seasons
from gi_trace.stock.actions.ageing import move_lot
from gi_trace.stock.actions.corrections import reverse_act
from gi_trace.stock.actions.holds import hold_lot, lift_hold
from gi_trace.stock.actions.ledger import LotStopped
from gi_trace.stock.actions.plots import set_allocation
from gi_trace.stock.actions.processing import OtherUse, Output, book_loss, process, use_otherwise
from gi_trace.stock.actions.reshaping import blend_lots, split_lot
from gi_trace.stock.models import Hold, Lot, StandingAccount, find_allocation
from gi_trace.stock.rules.age import age_of
from gi_trace.stock.rules.harvests import AllocationExceeded
from gi_trace.stock.rules.postings import NotEnoughStock
from gi_trace.stock.rules.seasons import season_of
from gi_trace.stock.verify import first_misfit
from tests.cast import person, store
from tests.databases import make_service
from tests.farm import KG, deliver, kinds_on, make_allocated_plot, make_harvest, material, the_plot

START = date(2026, 9, 1)
WEIGHTS = st.integers(1, 3000 * KG)


@dataclass
class ModelLot:
    """What the model knows: grams, holder, the days inside of its youngest part, and where it is now."""

    grams: int
    owner: str
    parents: frozenset[int] = frozenset()
    days: frozenset[date] = frozenset()
    inside: bool | None = None


@dataclass
class Model:
    lots: dict[int, ModelLot] = field(default_factory=dict)
    outside: Counter[str] = field(default_factory=Counter)
    harvested: Counter[str] = field(default_factory=Counter)
    holds: dict[int, int] = field(default_factory=dict)

    def ancestors(self, lot: int) -> set[int]:
        return {lot}.union(*(self.ancestors(parent) for parent in self.lots[lot].parents))

    def is_stopped(self, lot: int) -> bool:
        return any(held in self.ancestors(lot) for held in self.holds.values())

    def years(self, lot: int) -> int:
        """Anniversaries passed when the days inside are laid end to end."""
        days = self.lots[lot].days
        if not days:
            return 0
        first, last = min(days), min(days) + timedelta(days=len(days))
        return sum(_anniversary(first, years) <= last for years in range(1, 50))


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


class StockMachine(RuleBasedStateMachine):
    prepared: Path

    @initialize()
    def open_service(self):
        self.folder, self.today, self.model, self.real_now = Path(mkdtemp()), START, Model(), clock.now
        shutil.copy(self.prepared, self.folder)
        clock.now = lambda: datetime.combine(self.today, datetime.min.time(), UTC) + timedelta(hours=4)
        self.context = make_service(self.folder).app_context()
        self.context.push()
        self.first_lot = db.session.query(Lot.id).order_by(Lot.id.desc()).limit(1).scalar()
        self.opened = _balances()
        make_allocated_plot(allocated_kg=4500)
        for _ in range(2):
            self.season_of_peel(400 * KG)
            self.let_pass(366)

    @rule(weight_g=st.integers(20 * KG, 400 * KG))
    def season_of_peel(self, weight_g):
        """The usual way in one go, so that the play has enough peel in it."""
        fruit = self.pick_up(weight_g)
        if fruit and fruit.peel_kind:
            bought = deliver(fruit, weight_g)
            self.model.lots[fruit.id].grams = 0
            self.made(bought, weight_g, "lin", fruit)
            self.dry_some(bought, weight_g, weight_g // 20)

    def teardown(self):
        assert first_misfit() is None
        db.session.remove()
        db.engine.dispose()
        self.context.pop()
        clock.now = self.real_now
        shutil.rmtree(self.folder)

    def pick(
        self, data, *, aged: bool | None = None, owner: str | None = None, stopped: bool = False
    ) -> Lot | None:
        fitting = [
            number
            for number, lot in self.model.lots.items()
            if lot.grams
            and self.model.is_stopped(number) == stopped
            and (aged is None or (lot.inside is not None) == aged)
            and (owner is None or lot.owner == owner)
        ]
        return db.session.get(Lot, data.draw(st.sampled_from(fitting))) if fitting else None

    def some(self, data, lot: Lot) -> int:
        return data.draw(st.integers(1, self.model.lots[lot.id].grams))

    def made(self, lot: Lot, grams: int, owner: str, *parents: Lot, inside=None, days=frozenset()):
        self.model.lots[lot.id] = ModelLot(grams, owner, frozenset(one.id for one in parents), days, inside)

    @rule(weight_g=WEIGHTS)
    def harvest(self, weight_g):
        self.pick_up(weight_g)

    def pick_up(self, weight_g: int) -> Lot | None:
        season = season_of(self.today, two_crops=the_plot().crop.seasons is Seasons.EARLY_LATE)
        if find_allocation(the_plot(), season) is None:
            set_allocation(the_plot(), season, yield_g_per_mu=1500 * KG, reason="", by=person("zhao"))
        try:
            lot = make_harvest(weight_g, peel_kind=next(iter(kinds_on(self.today, season)), None)).lot
        except AllocationExceeded:
            db.session.rollback()
            assert weight_g > 4500 * KG - self.model.harvested[season.code]
            return None
        self.model.harvested[season.code] += weight_g
        self.model.outside["field"] -= weight_g
        self.made(lot, weight_g, "grower")
        return lot

    @rule(data=st.data())
    def sell_to_lin(self, data):
        lot = self.pick(data, owner="grower")
        if lot is None:
            return
        weight_g = self.some(data, lot)
        bought = deliver(lot, weight_g)
        self.model.lots[lot.id].grams -= weight_g
        self.made(bought, weight_g, "lin", lot)

    @rule(data=st.data())
    def dry(self, data):
        lot = self.pick(data, owner="lin", aged=False)
        if lot is None or lot.peel_kind is None or self.model.lots[lot.id].grams < 20:
            return
        input_g = data.draw(st.integers(20, self.model.lots[lot.id].grams))
        self.dry_some(lot, input_g, data.draw(st.integers(1, input_g // 20)))

    def dry_some(self, lot: Lot, input_g: int, output_g: int) -> None:
        peel = process(lot, input_g, Output(material("dry-peel"), output_g, store()), by=person("lin"))
        self.model.lots[lot.id].grams -= input_g
        self.model.outside["loss"] += input_g - output_g
        self.made(peel, output_g, "lin", lot, inside=True)

    @rule(data=st.data())
    def split(self, data):
        lot = self.pick(data, owner="lin")
        if lot is None:
            return
        weight_g, model = self.some(data, lot), self.model.lots[lot.id]
        part = split_lot(lot, [weight_g], by=person("lin"))[0]
        model.grams -= weight_g
        self.made(part, weight_g, "lin", lot, inside=model.inside, days=model.days)

    @rule(data=st.data())
    def blend(self, data):
        first, second = self.pick(data, aged=True), self.pick(data, aged=True)
        if first is None or second is None or first.id == second.id or first.site_id != second.site_id:
            return
        draws = [(lot, self.some(data, lot)) for lot in (first, second)]
        mixed = blend_lots(draws, by=person("lin"))
        for lot, grams in draws:
            self.model.lots[lot.id].grams -= grams
        youngest = min((self.model.lots[lot.id] for lot, _ in draws), key=lambda lot: len(lot.days))
        grams = sum(grams for _, grams in draws)
        self.made(mixed, grams, "lin", first, second, inside=youngest.inside, days=youngest.days)

    @rule(data=st.data())
    def move(self, data):
        lot = self.pick(data, aged=True)
        if lot is None:
            return
        model = self.model.lots[lot.id]
        move_lot(lot, store(inside=not model.inside), by=person("lin"))
        model.inside = not model.inside

    @rule(data=st.data(), loss=st.booleans())
    def leave(self, data, loss):
        lot = self.pick(data, owner="lin")
        if lot is None:
            return
        weight_g = self.some(data, lot)
        if loss:
            book_loss(lot, weight_g, reason="受潮", by=person("lin"))
        else:
            use_otherwise(lot, weight_g, OtherUse.LOOSE_SALE, by=person("lin"))
        self.model.lots[lot.id].grams -= weight_g
        self.model.outside["loss" if loss else "other_use"] += weight_g

    @rule(data=st.data())
    def lose_and_correct(self, data):
        lot = self.pick(data, owner="lin")
        if lot:
            number = book_loss(lot, self.some(data, lot), reason="录错", by=person("lin"))
            reverse_act(number, reason="冲正", by=person("lin"))

    @rule(data=st.data())
    def ask_too_much(self, data):
        lot = self.pick(data)
        if lot:
            with pytest.raises(NotEnoughStock):
                book_loss(lot, self.model.lots[lot.id].grams + 1, reason="试", by=person("zhao"))
            db.session.rollback()

    @rule(data=st.data())
    def hold(self, data):
        lot = self.pick(data)
        if lot:
            self.model.holds[hold_lot(lot, reason="抽检", by=person("zhao")).id] = lot.id

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data())
    def lift(self, data):
        number = data.draw(st.sampled_from(sorted(self.model.holds)))
        lift_hold(db.session.get(Hold, number), reason="合格", by=person("zhao"))
        del self.model.holds[number]

    @rule(data=st.data())
    def use_what_is_stopped(self, data):
        lot = self.pick(data, stopped=True)
        if lot:
            with pytest.raises(LotStopped):
                book_loss(lot, 1, reason="试", by=person("zhao"))
            db.session.rollback()

    @rule(days=st.integers(1, 500))
    def let_pass(self, days):
        passing = frozenset(self.today + timedelta(days=day) for day in range(days))
        for lot in self.model.lots.values():
            if lot.inside:
                lot.days |= passing
        self.today += timedelta(days=days)

    @invariant()
    def everything_is_as_the_model_says(self):
        db.session.expire_all()
        for lot in db.session.query(Lot).filter(Lot.id > self.first_lot):
            model = self.model.lots[lot.id]
            assert lot.balance_g == model.grams
            assert lot.is_stopped == self.model.is_stopped(lot.id)
            if model.inside is not None:
                assert age_of(lot.record_of_stays, self.today).years == self.model.years(lot.id)
        booked = _balances()
        booked.subtract(self.opened)
        assert +booked == +self.model.outside and -booked == -self.model.outside
        assert sum(booked.values()) + sum(lot.grams for lot in self.model.lots.values()) == 0


def _balances() -> Counter[str]:
    booked: Counter[str] = Counter()
    for account in db.session.query(StandingAccount):
        booked[account.kind.value] += account.balance_g
    return booked


def test_random_acts_leave_everything_as_the_model_says(prepared_sqlite):
    StockMachine.prepared = prepared_sqlite
    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
