"""Which lots were made from which: upward to the plots, downward to everything made."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select

from gi_trace.database import db
from gi_trace.stock.models import Lot, LotParent, LotTest, OnSiteCheck


@dataclass(frozen=True)
class Step:
    """`grams` of one lot (id) went into another."""

    parent: int
    child: int
    grams: int
    act_number: int


@dataclass(frozen=True)
class Chain:
    """A piece of the family tree of lots: the lots by id, and the steps between them."""

    lots: dict[int, Lot]
    steps: list[Step]


def ancestor_ids(lots: Iterable[int]) -> set[int]:
    """Ids of these lots and of all that went into them."""
    return _reached(lots, start=LotParent.child_id, end=LotParent.parent_id)


def descendant_ids(lots: Iterable[int]) -> set[int]:
    """Ids of these lots and of all that was made from them."""
    return _reached(lots, start=LotParent.parent_id, end=LotParent.child_id)


def chain_up(lots: Iterable[int]) -> Chain:
    return _chain(ancestor_ids(lots), inner=LotParent.child_id)


def chain_down(lots: Iterable[int]) -> Chain:
    return _chain(descendant_ids(lots), inner=LotParent.parent_id)


def opening_checks_of(lot: Lot) -> list[OnSiteCheck]:
    query = select(OnSiteCheck).where(OnSiteCheck.id.in_(lot.opening_checks))
    return list(db.session.scalars(query.order_by(OnSiteCheck.id)))


def lot_tests_of(lots: Iterable[int]) -> list[LotTest]:
    """Laboratory reports on these lots (ids) and on all that went into them."""
    query = select(LotTest).where(LotTest.lot_id.in_(ancestor_ids(lots)))
    return list(db.session.scalars(query.order_by(LotTest.id)))


def _reached(lots: Iterable[int], *, start: object, end: object) -> set[int]:
    first = select(Lot.id).where(Lot.id.in_(list(lots))).cte("reached", recursive=True)
    onward = select(end).join(first, start == first.c.id)  # type: ignore[call-overload]
    reached = first.union(onward)
    return set(db.session.scalars(select(reached.c.id)))


def _chain(ids: set[int], *, inner: object) -> Chain:
    steps: Select = select(LotParent).where(inner.in_(ids))  # type: ignore[attr-defined]
    found = [
        Step(step.parent_id, step.child_id, step.grams, step.act_number)
        for step in db.session.scalars(steps.order_by(LotParent.child_id, LotParent.parent_id))
    ]
    lots = {lot.id: lot for lot in db.session.scalars(select(Lot).where(Lot.id.in_(ids)))}
    return Chain(lots, found)
