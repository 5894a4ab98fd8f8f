"""Weight that was coded once and came back in front of an officer: to be coded again. Who did so how much, and the cap.

The cap is data: so many percent of what a firm packed of a product in a year, by days from which it holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import CheckConstraint, ForeignKey, Select, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace import clock
from gi_trace.batches.coming_back import SampledTooMuch
from gi_trace.batches.models import Batch, UnitRange
from gi_trace.batches.rules import UnitState
from gi_trace.constraints import refused_as
from gi_trace.database import Base, db
from gi_trace.registry.models import Party, Product
from gi_trace.registry.taken import CeilingExists
from gi_trace.stock.models import GoodsSeen
from gi_trace.stock.rules.weights import Grams

YEAR = timedelta(days=365)


class ReturnCap(Base):
    """From a day on: the most of a product, in percent of what a firm packed of it in a year, that comes back without a lead,
    and of which officers may see a sample alone."""

    __tablename__ = "return_cap"
    __table_args__ = (
        UniqueConstraint("product_id", "valid_from", info=refused_as(CeilingExists)),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_a_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    valid_from: Mapped[date]
    percent: Mapped[int]
    source: Mapped[str] = mapped_column(Text)

    product: Mapped[Product] = relationship()


@dataclass(frozen=True)
class CodedAgain:
    """One act by which coded weight came back."""

    act_number: int
    batch: Batch
    grams: int
    sighting: GoodsSeen
    on: date


def cap_percent_on(product: Product, day: date) -> int:
    query = select(ReturnCap.percent).filter_by(product_id=product.id).where(ReturnCap.valid_from <= day)
    percent = db.session.scalar(query.order_by(ReturnCap.valid_from.desc()).limit(1))
    return current_app.config["RETURN_PERCENT"] if percent is None else percent


def all_coded_again(batches: Iterable[Batch] | None = None) -> list[CodedAgain]:
    """Of these batches, or of all, in the order of the record."""
    wanted = None if batches is None else {batch.number for batch in batches}
    rows = db.session.execute(_coming_back().order_by(GoodsSeen.act_number))
    return [
        CodedAgain(sighting.act_number, batch, units * batch.net_weight_g, sighting, clock.day_of(at))
        for sighting, batch, units, at in rows
        if wanted is None or batch.number in wanted
    ]


def _coming_back() -> Select:
    """Void ranges whose act has a sighting: what was undone since has no ranges any more."""
    units = func.sum(UnitRange.last_unit - UnitRange.first_unit + 1)
    query = select(GoodsSeen, Batch, units, func.max(UnitRange.at)).select_from(UnitRange)
    query = query.join(GoodsSeen, GoodsSeen.act_number == UnitRange.act_number)
    query = query.join(Batch, Batch.number == UnitRange.batch_number)
    return query.where(UnitRange.state == UnitState.VOID).group_by(GoodsSeen.act_number, Batch.number)


def above_cap(acts: Iterable[CodedAgain]) -> list[tuple[CodedAgain, int, int]]:
    """The acts (all of them, in the order of the record) with which a firm came above the cap of a product: with the grams
    of the year until then, and the most that the cap let come back."""
    found, known = [], list(acts)
    for place, one in enumerate(known):
        of = one.batch.party, one.batch.product
        year = [before for before in known[: place + 1] if before.on > one.on - YEAR]
        back_g = sum(it.grams for it in year if (it.batch.party, it.batch.product) == of)
        most_g = most_back_g(*of, one.on)
        if back_g > most_g:
            found.append((one, back_g, most_g))
    return found


def most_back_g(party: Party, product: Product, day: date) -> int:
    """What the cap lets come back in the year that ends with the day."""
    query = select(func.sum(Batch.units * Batch.net_weight_g)).filter_by(cancelled_at=None)
    query = query.filter_by(party_id=party.id, product_id=product.id)
    packed_g = db.session.scalar(query.where(Batch.packed_on > day - YEAR, Batch.packed_on <= day))
    return int(packed_g or 0) * cap_percent_on(product, day) // 100


def check_sample(batch: Batch, grams: int) -> None:
    """Whether these grams may come back by a sample. Raises SampledTooMuch."""
    since, of = clock.today() - YEAR, (batch.party_id, batch.product_id)
    sampled_g = sum(
        one.grams
        for one in all_coded_again()
        if one.sighting.sampled and one.on > since and (one.batch.party_id, one.batch.product_id) == of
    )
    most_g = most_back_g(batch.party, batch.product, clock.today())
    if sampled_g + grams > most_g:
        raise SampledTooMuch(asked=Grams(grams), before=Grams(sampled_g), most=Grams(most_g))
