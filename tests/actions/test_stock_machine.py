"""Thousands of random acts of growers, firms and officers, played against a model of a few dictionaries."""

import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import count
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
from sqlalchemy import func

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.actions import cancel_batch
from gi_trace.batches.models import Batch
from gi_trace.batches.rules import CancelledTooLate
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db
from gi_trace.registry.models import Seasons
from gi_trace.stock.actions.ageing import move_lot
from gi_trace.stock.actions.corrections import reverse_act
from gi_trace.stock.actions.holds import hold_lot, lift_hold
from gi_trace.stock.actions.ledger import LotStopped
from gi_trace.stock.actions.plots import set_allocation
from gi_trace.stock.actions.processing import (
    MoreThanSold,
    OtherUse,
    Output,
    book_loss,
    process,
    return_goods,
    use_otherwise,
)
from gi_trace.stock.actions.reshaping import merge_lots, split_lot
from gi_trace.stock.models import Hold, Lot, StandingAccount, StockAct, find_allocation
from gi_trace.stock.rules.age import TooYoungForName, days_inside
from gi_trace.stock.rules.harvests import AllocationExceeded
from gi_trace.stock.rules.postings import NotEnoughStock
from gi_trace.stock.rules.seasons import season_of
from gi_trace.stock.verify import first_misfit
from tests.cast import make_batch, make_opening_stock, person, store, two_officers
from tests.databases import make_service
from tests.farm import KG, blended, deliver, kinds_on, make_allocated_plot, make_harvest, material, the_plot
from tests.stock_model import Model, ModelBatch, ModelLot, ModelSale

START = date(2026, 9, 1)
SOON_DAYS = 30  # in which a batch without downloads is cancelled
OLD_ENOUGH = 3 * 366  # days in which three years have passed for sure
WEIGHTS = st.integers(1, 3000 * KG)


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
        self.own_numbers = count()
        make_allocated_plot(allocated_kg=4500)
        self.find_old_peel(400 * KG, 2015)
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

    def fitting(
        self, *, aged: bool | None = None, owner: str | None = None, stopped: bool = False
    ) -> list[int]:
        return [
            number
            for number, lot in self.model.lots.items()
            if lot.grams
            and self.model.is_stopped(number) == stopped
            and (aged is None or (lot.inside is not None) == aged)
            and (owner is None or lot.owner == owner)
        ]

    def get(self, number: int) -> Lot:
        return db.session.get_one(Lot, number)

    def pick(self, data, **which) -> Lot | None:
        fitting = self.fitting(**which)
        return self.get(data.draw(st.sampled_from(fitting))) if fitting else None

    def keeper(self, lot: Lot) -> Account:
        owner = self.model.lots[lot.id].owner
        return person("liang" if owner == "grower" else owner)

    def some(self, data, lot: Lot) -> int:
        return data.draw(st.integers(1, self.model.lots[lot.id].grams))

    def made(self, lot: Lot, grams: int, owner: str, *parents: Lot, inside=None, seasons=frozenset()):
        seasons = seasons.union(*(self.model.lots[one.id].seasons for one in parents))
        self.model.lots[lot.id] = ModelLot(
            grams, owner, frozenset(one.id for one in parents), inside=inside, seasons=seasons
        )

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
        self.made(lot, weight_g, "grower", seasons=frozenset({season.code}))
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
        output_g = data.draw(st.integers(1, input_g // 20))
        peel = self.dry_some(lot, input_g, output_g)
        if data.draw(st.booleans()):
            self.undo_last("processing")
            self.give_back(peel, lot, input_g)
            self.model.outside["loss"] -= input_g - output_g

    def dry_some(self, lot: Lot, input_g: int, output_g: int) -> Lot:
        peel = process(lot, input_g, Output(material("dry-peel"), output_g, store()), by=person("lin"))
        self.model.lots[lot.id].grams -= input_g
        self.model.outside["loss"] += input_g - output_g
        self.made(peel, output_g, "lin", lot, inside=True)
        return peel

    @rule(data=st.data())
    def split(self, data):
        lot = self.pick(data, owner="lin")
        if lot:
            weight_g = self.some(data, lot)
            part = split_lot(lot, [weight_g], by=person("lin"))[0]
            self.model.lots[part.id] = self.model.mixed(
                [(lot.id, weight_g)], inside=self.model.lots[lot.id].inside
            )
            if data.draw(st.booleans()):
                self.undo_last("split")
                self.give_back(part, lot, weight_g)

    def last_act(self, kind: str) -> int:
        query = db.session.query(StockAct.act_number).filter_by(kind=kind)
        return query.order_by(StockAct.act_number.desc()).limit(1).scalar()

    def undo_last(self, kind: str) -> None:
        reverse_act(self.last_act(kind), reason="录错", by=person("lin"))

    def give_back(self, made: Lot, source: Lot, grams: int) -> None:
        self.model.lots[made.id].grams = 0
        self.model.lots[source.id].grams += grams

    @rule(data=st.data())
    def blend(self, data):
        first, second = self.pick(data, aged=True), self.pick(data, aged=True)
        if first is None or second is None or first.id == second.id or first.site_id != second.site_id:
            return
        draws = [(lot, self.some(data, lot)) for lot in (first, second)]
        mixed = blended(draws)
        self.model.lots[mixed.id] = self.model.mixed(
            [(lot.id, grams) for lot, grams in draws], inside=self.model.lots[first.id].inside
        )

    @rule(data=st.data())
    def merge(self, data):
        first = self.pick(data, owner="lin")
        if first is None:
            return
        same = [lot for lot in map(self.get, self.fitting(owner="lin")) if _may_merge(first, lot)]
        if same:
            lots = [first, data.draw(st.sampled_from(same))]
            merged = merge_lots(lots, by=person("lin"))
            self.model.lots[merged.id] = self.model.mixed(
                [(lot.id, self.model.lots[lot.id].grams) for lot in lots],
                inside=self.model.lots[first.id].inside,
            )

    @rule(weight_g=st.integers(1, 100 * KG), claimed_year=st.integers(2000, 2026))
    def find_old_peel(self, weight_g, claimed_year):
        """Two officers let in what is older than the system, by what its owner says of its year."""
        lot = make_opening_stock(weight_g, claimed_year=claimed_year)
        claimed = max(0, (self.today - date(claimed_year, 12, 31)).days)
        self.model.lots[lot.id] = ModelLot(
            weight_g,
            "lin",
            inside=True,
            claimed=claimed,
            opening=True,
            claimed_year=claimed_year,
            seasons=frozenset({""}),
        )
        self.model.outside["opening"] -= weight_g

    @rule(data=st.data(), units=st.integers(1, 50), try_young=st.integers(0, 3))
    def pack(self, data, units, try_young):
        fitting = [
            number
            for number in self.fitting(aged=True)
            if not try_young or self.model.lots[number].days_in_all >= OLD_ENOUGH
        ]
        if not fitting:
            return
        lot = self.get(data.draw(st.sampled_from(fitting)))
        model = self.model.lots[lot.id]
        unit_g = min(model.grams // units, 100 * KG)
        if not unit_g:
            return
        facts = {"own_number": str(next(self.own_numbers)), "units": units, "net_weight_g": unit_g}
        try:
            batch = make_batch(lot=lot, **facts)
        except TooYoungForName:
            db.session.rollback()
            assert model.days_in_all < OLD_ENOUGH
            return
        assert model.days_in_all >= 3 * 365
        assert (batch.age.years, batch.claimed_year) == (self.model.years(lot.id), model.claimed_year)
        assert batch.season == "–".join(dict.fromkeys([min(model.seasons), max(model.seasons)]))
        model.grams -= units * unit_g
        self.model.outside["packed"] += units * unit_g
        self.model.batches[batch.number] = ModelBatch(lot.id, units, unit_g, model.days, model.claimed)
        if data.draw(st.booleans()):
            self.open_some(data, batch.number)

    def packed(self, number: int) -> Batch:
        return db.session.get_one(Batch, number)

    @precondition(lambda self: self.model.closed_batches())
    @rule(data=st.data())
    def unpack(self, data):
        self.open_some(data, data.draw(st.sampled_from(self.model.closed_batches())))

    def open_some(self, data, number: int) -> None:
        packed = self.model.batches[number]
        units = data.draw(st.integers(1, packed.closed))
        ranges = [(packed.opened + 1, packed.opened + units)]
        lot = unpack_units(self.packed(number), ranges, count=units, reason="包装破损", by=person("lin"))
        grams = units * packed.unit_g
        packed.opened += units
        self.model.outside["packed"] -= grams
        self.comes_back_as(lot.id, packed, grams)
        if data.draw(st.booleans()):
            self.undo_last("unpacking")
            self.model.lots[lot.id].grams = 0
            packed.opened -= units
            self.model.outside["packed"] += grams

    @precondition(lambda self: self.model.closed_batches())
    @rule(data=st.data())
    def cancel(self, data):
        number = data.draw(st.sampled_from(self.model.closed_batches()))
        if self.model.batches[number].opened:
            return
        batch = self.packed(number)
        days_since = (clock.today() - clock.day_of(batch.registered_at)).days
        if days_since > SOON_DAYS:
            with pytest.raises(CancelledTooLate):
                cancel_batch(batch, by=person("lin"))
            db.session.rollback()
            return
        cancel_batch(batch, by=person("lin"))
        packed = self.model.batches.pop(number)
        grams = packed.units * packed.unit_g
        self.model.outside["packed"] -= grams
        if days_since:
            self.comes_back_as(db.session.query(func.max(Lot.id)).scalar(), packed, grams)
        else:
            self.model.lots[packed.lot].grams += grams

    def comes_back_as(self, lot_id: int, left: ModelBatch | ModelSale, grams: int) -> None:
        """What had left is a new lot: its time in packs or with a customer counts for nothing."""
        source = self.model.lots[left.lot]
        self.model.lots[lot_id] = ModelLot(
            grams,
            "lin",
            frozenset({left.lot}),
            left.days,
            source.inside,
            left.claimed,
            source.opening,
            source.claimed_year,
            source.seasons,
        )

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
        model = self.model.lots[lot.id]
        model.grams -= weight_g
        self.model.outside["loss" if loss else "other_use"] += weight_g
        if loss:
            return
        number = self.last_act("other_use")
        self.model.sales[number] = ModelSale(lot.id, weight_g, model.days, model.claimed)
        if data.draw(st.booleans()):
            self.bring_some_back(data, number)

    @precondition(lambda self: self.model.sold())
    @rule(data=st.data())
    def bring_back(self, data):
        self.bring_some_back(data, data.draw(st.sampled_from(self.model.sold())))

    def bring_some_back(self, data, number: int) -> None:
        sale, model = db.session.get_one(StockAct, number), self.model.sales[number]
        if data.draw(st.booleans()):
            with pytest.raises(MoreThanSold):
                return_goods(sale, model.grams + 1, reason="退货", by=person("lin"))
            db.session.rollback()
            return
        weight_g = data.draw(st.integers(1, model.grams))
        back = return_goods(sale, weight_g, reason="退货", by=person("lin"))
        model.grams -= weight_g
        self.model.outside["other_use"] -= weight_g
        if self.model.lots[model.lot].inside is None:
            self.model.lots[model.lot].grams += weight_g
        else:
            self.comes_back_as(back.id, model, weight_g)

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
                book_loss(lot, self.model.lots[lot.id].grams + 1, reason="试", by=self.keeper(lot))
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
        lift_hold(db.session.get(Hold, number), reason="合格", **two_officers())
        del self.model.holds[number]

    @rule(data=st.data())
    def use_what_is_stopped(self, data):
        lot = self.pick(data, stopped=True)
        if lot:
            with pytest.raises(LotStopped):
                book_loss(lot, 1, reason="试", by=self.keeper(lot))
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
            assert (lot.is_opening_stock, lot.claimed_year) == (model.opening, model.claimed_year)
            assert set(lot.season_codes) == model.seasons
            if model.inside is not None:
                assert lot.age_on(self.today).years == self.model.years(lot.id)
                assert not model.days or lot.age.stored_on == min(model.days)
                in_all = days_inside(lot.record_of_stays, self.today, with_claimed=True)
                assert in_all == model.days_in_all
        booked = _balances()
        booked.subtract(self.opened)
        assert +booked == +self.model.outside and -booked == -self.model.outside
        assert sum(booked.values()) + sum(lot.grams for lot in self.model.lots.values()) == 0


def _may_merge(first: Lot, lot: Lot) -> bool:
    same = ("material_id", "site_id", "origins", "peel_kind")
    return lot.id != first.id and all(getattr(lot, name) == getattr(first, name) for name in same)


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
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
