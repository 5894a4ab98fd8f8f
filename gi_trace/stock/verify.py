"""Recomputing the stock ledger from its postings, to find what anybody did to it behind its back."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from sqlalchemy import func, select

from gi_trace.database import db
from gi_trace.registry.models import Conversion
from gi_trace.stock.chain import descendant_ids
from gi_trace.stock.models import (
    ActKind,
    Allocation,
    Harvest,
    Hold,
    HoldKind,
    Lot,
    LotParent,
    Posting,
    StandingAccount,
    StockAct,
    Transfer,
    TransferState,
)
from gi_trace.stock.rules.conversions import WHOLE, Ceiling, find_ceiling
from gi_trace.stock.rules.postings import MAY_GO_NEGATIVE, least_since


@dataclass(frozen=True)
class Misfit:
    """The first thing that does not fit: the number of its act, where one is to blame, and words."""

    act_number: int | None
    words: str

    def __str__(self) -> str:
        return f"第 {self.act_number} 号事项：{self.words}" if self.act_number else self.words


@dataclass
class Line:
    """One posting with what is needed to judge it."""

    lot_id: int | None
    account_id: int | None
    grams: int


@dataclass
class Replay:
    """Balances as the acts made them, in their order."""

    ceilings: dict[tuple[int, int], list[Ceiling]]
    materials: dict[int, int]
    may_go_negative: set[int]
    drawn: dict[int, Counter[int]]
    left: dict[tuple[int, int, int], int]
    lots: Counter[int] = field(default_factory=Counter)
    accounts: Counter[int] = field(default_factory=Counter)
    sold_of: dict[int, int] = field(default_factory=dict)
    sold: Counter[int] = field(default_factory=Counter)
    days: dict[int, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    sold_days: dict[int, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    acts: dict[int, list[Line]] = field(default_factory=dict)
    on: dict[int, date] = field(default_factory=dict)

    def fault_of(self, act: StockAct, lines: list[Line]) -> str | None:
        """What is wrong with the next act, which is then booked; what undoes another on the day of that."""
        day = self.on[act.act_number] = self.on.get(act.reverses or 0, act.on)
        for line in lines:
            self._book(line, day)
        return (
            self._unbalanced(lines)
            or self._below_zero(lines)
            or self._below_zero_then(act, lines)
            or self._more_back_than_sold(act, lines)
            or self._not_opposite(act, lines)
            or self._parents_differ(act, lines)
            or self._above_ceiling(act, lines)
        )

    def _book(self, line: Line, on: date) -> None:
        if line.lot_id is not None:
            self.lots[line.lot_id] += line.grams
            self.days[line.lot_id][on] += line.grams
        if line.account_id is not None:
            self.accounts[line.account_id] += line.grams

    def _unbalanced(self, lines: list[Line]) -> str | None:
        total_g = sum(line.grams for line in lines)
        return f"各分录合计 {total_g} 克，应为 0" if total_g else None

    def _below_zero(self, lines: list[Line]) -> str | None:
        for line in lines:
            if line.lot_id is not None and self.lots[line.lot_id] < 0:
                return f"批料 L{line.lot_id} 结存成为 {self.lots[line.lot_id]} 克"
            account = line.account_id
            if account is not None and account not in self.may_go_negative and self.accounts[account] < 0:
                return f"科目 {account} 余额成为 {self.accounts[account]} 克"
        return None

    def _below_zero_then(self, act: StockAct, lines: list[Line]) -> str | None:
        """What was dated back took no more than there was on any day since. Of acts before days were looked at, some
        did; whatever came after them was refused where it would have made that worse."""
        for line in lines:
            if line.lot_id is not None and line.grams < 0 and act.days_checked:
                day = self.on[act.act_number]
                least_g = _least_since(self.lots[line.lot_id], self.days[line.lot_id], day)
                if least_g < 0:
                    return f"批料 L{line.lot_id} 在 {day} 或之后某日的结存成为 {least_g} 克"
        return None

    def _more_back_than_sold(self, act: StockAct, lines: list[Line]) -> str | None:
        """Of a lot: what was sold of it, and what came back of that, as whichever lot."""
        if act.kind not in (ActKind.OTHER_USE, ActKind.RETURN):
            return None
        sold_or_back = act.returns or act.reverses or 0
        for line in lines:
            if line.lot_id is None:
                continue
            lot = self.sold_of[act.act_number] = self.sold_of.get(sold_or_back, line.lot_id)
            self.sold[lot] -= line.grams
            self.sold_days[lot][self.on[act.act_number]] -= line.grams
            least_g = self.sold[lot]
            if line.grams > 0 and act.days_checked:
                least_g = _least_since(least_g, self.sold_days[lot], self.on[act.act_number])
            if least_g < 0:
                return f"批料 L{lot} 退回的比卖出的多 {-least_g} 克"
        return None

    def _not_opposite(self, act: StockAct, lines: list[Line]) -> str | None:
        """What came back as a lot of its own counts for the lot that it had left."""
        if act.reverses is None:
            self.acts[act.act_number] = lines
            return None
        back = [replace(line, lot_id=self._left_by(act, line)) for line in lines]
        if _totals(back, sign=-1) != _totals(self.acts.get(act.reverses, [])):
            return f"与所冲正的第 {act.reverses} 号事项不相反"
        return None

    def _left_by(self, act: StockAct, line: Line) -> int | None:
        return self.left.get((act.act_number, line.lot_id or 0, line.grams), line.lot_id)

    def _parents_differ(self, act: StockAct, lines: list[Line]) -> str | None:
        if act.reverses is not None or act.kind is ActKind.UNPACKING:
            return None
        given = Counter({line.lot_id: -line.grams for line in lines if line.lot_id and line.grams < 0})
        if act.returns is not None:
            given = Counter({self.sold_of[act.act_number]: sum(line.grams for line in lines if line.lot_id)})
        drawn = self.drawn.get(act.act_number, Counter())
        if drawn and drawn != given:
            return "投入各批料的重量与来源记录不符"
        return None

    def _above_ceiling(self, act: StockAct, lines: list[Line]) -> str | None:
        if act.kind is not ActKind.PROCESSING or act.reverses is not None:
            return None
        moved = {line.lot_id: line.grams for line in lines if line.lot_id is not None}
        [(source, input_g)] = [(lot, -grams) for lot, grams in moved.items() if grams < 0]
        [(made, output_g)] = [(lot, grams) for lot, grams in moved.items() if grams > 0]
        ceilings = self.ceilings.get((self.materials[source], self.materials[made]), [])
        ceiling = find_ceiling(ceilings, act.on)
        if ceiling is None or output_g > input_g * ceiling.ceiling_per_10000 // WHOLE:
            return f"投入 {input_g} 克得到 {output_g} 克，高于当日的得率上限"
        return None


def first_misfit() -> Misfit | None:
    """The first act that does not fit, else the first total that does not follow from the acts."""
    replay = _new_replay()
    for act, lines in _acts():
        fault = replay.fault_of(act, lines)
        if fault:
            return Misfit(act.act_number, fault)
    return next(_wrong_totals(replay), None)


def _new_replay() -> Replay:
    ceilings = defaultdict(list)
    for row in db.session.scalars(select(Conversion)):
        ceiling = Ceiling(row.valid_from, row.ceiling_per_10000, row.usual_per_10000, row.source)
        ceilings[row.from_material_id, row.to_material_id].append(ceiling)
    drawn: dict[int, Counter[int]] = defaultdict(Counter)
    left = {}
    edges = select(LotParent.act_number, LotParent.child_id, LotParent.parent_id, LotParent.grams)
    for number, child, parent, grams in db.session.execute(edges):
        drawn[number][parent] += grams
        left[number, child, grams] = parent
    sources = select(StandingAccount.id).where(StandingAccount.kind.in_(MAY_GO_NEGATIVE))
    return Replay(
        ceilings=ceilings,
        materials={lot: material for lot, material in db.session.execute(select(Lot.id, Lot.material_id))},
        may_go_negative=set(db.session.scalars(sources)),
        drawn=drawn,
        left=left,
    )


def _acts() -> Iterator[tuple[StockAct, list[Line]]]:
    query = select(StockAct, Posting.lot_id, Posting.account_id, Posting.grams).outerjoin(StockAct.postings)
    query = query.order_by(StockAct.act_number, Posting.id).execution_options(yield_per=2000)
    with db.session.execute(query) as rows:
        for act, group in groupby(rows, key=lambda row: row[0]):
            yield act, [Line(lot, account, grams) for _, lot, account, grams in group if grams is not None]


def _least_since(balance_g: int, days: Counter[date], on: date) -> int:
    return least_since(balance_g, {day: grams for day, grams in days.items() if day > on})


def _totals(lines: list[Line], *, sign: int = 1) -> Counter[tuple[int | None, int | None]]:
    totals: Counter[tuple[int | None, int | None]] = Counter()
    for line in lines:
        totals[line.lot_id, line.account_id] += sign * line.grams
    return totals


def _wrong_totals(replay: Replay) -> Iterator[Misfit]:
    yield from _wrong_balances(replay)
    yield from _wrong_reservations()
    yield from _wrong_allocations()
    yield from _wrong_stops()


def _wrong_balances(replay: Replay) -> Iterator[Misfit]:
    for lot, balance_g in db.session.execute(select(Lot.id, Lot.balance_g).order_by(Lot.id)):
        if balance_g != replay.lots[lot]:
            yield Misfit(
                _last_act_of(lot), f"批料 L{lot} 结存 {balance_g} 克，按分录应为 {replay.lots[lot]} 克"
            )
    for account, balance_g in db.session.execute(select(StandingAccount.id, StandingAccount.balance_g)):
        if balance_g != replay.accounts[account]:
            expected_g = replay.accounts[account]
            yield Misfit(None, f"科目 {account} 余额 {balance_g} 克，按分录应为 {expected_g} 克")


def _wrong_reservations() -> Iterator[Misfit]:
    offered = select(Transfer.lot_id, func.sum(Transfer.weight_g)).group_by(Transfer.lot_id)
    rows = db.session.execute(offered.where(Transfer.state == TransferState.OFFERED))
    open_offers = {lot: offered_g for lot, offered_g in rows}
    reserved = select(Lot.id, Lot.reserved_g).where((Lot.reserved_g > 0) | Lot.id.in_(open_offers))
    for lot, reserved_g in db.session.execute(reserved.order_by(Lot.id)):
        if reserved_g != open_offers.get(lot, 0):
            yield Misfit(_last_act_of(lot), f"批料 L{lot} 保留 {reserved_g} 克，与未决的转让不符")


def _wrong_allocations() -> Iterator[Misfit]:
    harvested = select(Harvest.allocation_id, func.sum(Harvest.weight_g)).where(Harvest.reversed_at.is_(None))
    rows = db.session.execute(harvested.group_by(Harvest.allocation_id))
    sums = {allocation: harvested_g for allocation, harvested_g in rows}
    for allocation in db.session.scalars(select(Allocation).order_by(Allocation.id)):
        if allocation.harvested_g != sums.get(allocation.id, 0):
            yield Misfit(
                None, f"地块 {allocation.plot.number} {allocation.season} 产季的采收量与采收记录不符"
            )


def _wrong_stops() -> Iterator[Misfit]:
    holds, recalls = Counter[int](), Counter[int]()
    for hold in db.session.scalars(select(Hold).filter_by(lifted_at=None)):
        (recalls if hold.kind is HoldKind.RECALL else holds).update(descendant_ids([hold.lot_id]))
    counted = select(Lot.id, Lot.holds, Lot.recalls).order_by(Lot.id)
    for lot, held, recalled in db.session.execute(counted):
        if (held, recalled) != (holds[lot], recalls[lot]):
            yield Misfit(_last_act_of(lot), f"批料 L{lot} 的冻结数与冻结记录不符")


def _last_act_of(lot: int) -> int | None:
    return db.session.scalar(select(func.max(Posting.act_number)).filter_by(lot_id=lot))
