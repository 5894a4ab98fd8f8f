"""Batches, print runs and ranges of units. Nothing is stored per unit."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Mapped,
    column_property,
    mapped_column,
    relationship,
)

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.rules import DownloadKind, StopKind, UnitState
from gi_trace.batches.unit_states import Range, Segment, Tally, segments_of, tally_of, within
from gi_trace.codes.unit_code import Malformed, batch_text, parse_batch_text
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import AT_A_TIME, Authorisation, Party, Product
from gi_trace.stock.models import Lot
from gi_trace.stock.rules.age import Age


class BatchDraw(Base):
    """Grams of one lot that went into a batch."""

    __tablename__ = "batch_draw"
    __table_args__ = (CheckConstraint("grams > 0", name="grams_positive"),)

    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    grams: Mapped[int] = mapped_column(BigInteger)

    batch: Mapped["Batch"] = relationship(back_populates="draws")
    lot: Mapped[Lot] = relationship()


def _most_of_lots(counter: InstrumentedAttribute[int], batch_number: Mapped[int]) -> ScalarSelect[int]:
    most = select(func.coalesce(func.max(counter), 0)).join(BatchDraw, BatchDraw.lot_id == Lot.id)
    return most.where(BatchDraw.batch_number == batch_number).scalar_subquery()


class Batch(Base):
    """Packed goods of one product and net weight. `number` is random: it tells nobody how much is made."""

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("number BETWEEN 0 AND 8388607", name="number_has_23_bits"),
        CheckConstraint("units BETWEEN 1 AND 4194303", name="units_have_22_bits"),
        CheckConstraint("net_weight_g > 0", name="net_weight_positive"),
        Index(
            "uq_batch_own_number",
            "party_id",
            "own_number",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        UniqueConstraint("party_id", "client_key", name="uq_batch_client_key"),
        Index("ix_batch_registered_at_number", "registered_at", "number"),  # as they are listed
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    authorisation_id: Mapped[int] = mapped_column(ForeignKey("authorisation.id"), index=True)
    own_number: Mapped[str] = mapped_column(String(40))
    season: Mapped[str] = mapped_column(String(20))
    net_weight_g: Mapped[int]
    units: Mapped[int]
    packed_on: Mapped[date]
    best_before: Mapped[date | None]
    client_key: Mapped[str | None] = mapped_column(String(64))
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Fixed by the lots on the packing date, and never rising afterwards.
    aged_years: Mapped[int | None]
    stored_on: Mapped[date | None]
    claimed_year: Mapped[int | None]
    opening_checks: Mapped[list[int]] = mapped_column(JSON, default=list)
    # What its packs say: names and numbers as they stood on the packing date.
    printed_product: Mapped[str] = mapped_column(String(60))
    printed_name: Mapped[str] = mapped_column(String(120))
    printed_uscc: Mapped[str] = mapped_column(String(18))
    printed_number: Mapped[str] = mapped_column(String(60))
    origin: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)  # once filled, read no more
    # Holds and recalls that reach it from its lots, read in the same query: nothing can miss one.
    lot_holds: Mapped[int] = column_property(_most_of_lots(Lot.holds, number))
    lot_recalls: Mapped[int] = column_property(_most_of_lots(Lot.recalls, number))

    party: Mapped[Party] = relationship()
    product: Mapped[Product] = relationship()
    authorisation: Mapped[Authorisation] = relationship()
    draws: Mapped[list[BatchDraw]] = relationship(back_populates="batch", order_by="BatchDraw.lot_id")
    print_runs: Mapped[list["PrintRun"]] = relationship(back_populates="batch", order_by="PrintRun.id")

    @property
    def number_text(self) -> str:
        return batch_text(self.number)

    @property
    def drawn(self) -> list[tuple[Lot, int]]:
        """The lots that it was packed from, with the grams of each."""
        return [(draw.lot, draw.grams) for draw in self.draws]

    @property
    def age(self) -> Age | None:
        """On the packing date; None for goods that do not age."""
        if self.aged_years is None:
            return None
        return Age(self.aged_years, self.stored_on, self.claimed_year)

    @property
    def weight_g(self) -> int:
        return self.units * self.net_weight_g


class PrintRun(Base):
    """Units first..last of a batch sent to print once."""

    __tablename__ = "print_run"
    __table_args__ = (
        CheckConstraint("first_unit >= 1 AND last_unit >= first_unit", name="units_in_order"),
        UniqueConstraint("batch_number", "client_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"), index=True)
    first_unit: Mapped[int]
    last_unit: Mapped[int]
    client_key: Mapped[str | None] = mapped_column(String(64))
    printer: Mapped[str] = mapped_column(String(120), default="")
    ordered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    spoilage_consented: Mapped[int] = mapped_column(default=0)  # so many spoilt units the authority knew of
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    batch: Mapped[Batch] = relationship(back_populates="print_runs")
    ordered_by: Mapped[Account] = relationship()
    downloads: Mapped[list["Download"]] = relationship(back_populates="run", order_by="Download.id")

    @property
    def number(self) -> str:
        return f"YZ{self.id:05d}"

    @property
    def units(self) -> int:
        return self.last_unit - self.first_unit + 1


class Download(Base):
    """Permission to fetch a print run's file, once noted: who, when, in which form.

    Its hash once all of it has left; a file in parts has one for each, which the record keeps (`label_life.sent_parts`).
    """

    __tablename__ = "download"
    __table_args__ = (UniqueConstraint("print_run_id", "client_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    print_run_id: Mapped[int] = mapped_column(ForeignKey("print_run.id"), index=True)
    kind: Mapped[DownloadKind] = mapped_column(enum_column(DownloadKind), default=DownloadKind.LABELS)
    form: Mapped[str] = mapped_column(String(20))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(200), default="")
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sha256: Mapped[str | None] = mapped_column(String(64))
    client_key: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account] = relationship()
    run: Mapped[PrintRun] = relationship(back_populates="downloads")


class UnitRange(Base):
    """Units first..last of a batch came into a state. Of ranges that overlap the latest speaks.

    Ranges may be many, so a row is short: the reason stands once, with the act in the record.
    """

    __tablename__ = "unit_range"
    __table_args__ = (
        CheckConstraint("first_unit >= 1 AND last_unit >= first_unit", name="units_in_order"),
        Index("ix_unit_range_batch_number_first_unit", "batch_number", "first_unit"),
        Index(
            "uq_unit_range_client_key",
            "batch_number",
            "client_key",
            unique=True,
            sqlite_where=text("client_key IS NOT NULL"),
            postgresql_where=text("client_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"))
    state: Mapped[UnitState] = mapped_column(enum_column(UnitState))
    first_unit: Mapped[int]
    last_unit: Mapped[int]
    act_number: Mapped[int | None] = mapped_column(ForeignKey("record_row.number"))
    client_key: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    act: Mapped[RecordRow | None] = relationship()
    by: Mapped[Account] = relationship()

    @property
    def facts(self) -> dict[str, Any]:
        """What the act said: its reason, and how many of its units the public had checked by then."""
        return self.act.facts if self.act else {}


class Stop(Base):
    """A hold, a recall or a counterfeit series on units first..last of a batch, until it is lifted.

    `reason` is for the file, `notice` what the public reads.
    """

    __tablename__ = "batch_stop"
    __table_args__ = (CheckConstraint("first_unit >= 1 AND last_unit >= first_unit", name="units_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"), index=True)
    kind: Mapped[StopKind] = mapped_column(enum_column(StopKind))
    first_unit: Mapped[int]
    last_unit: Mapped[int]
    notice: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lift_reason: Mapped[str] = mapped_column(Text, default="")

    batch: Mapped[Batch] = relationship()
    placed_by: Mapped[Account] = relationship(foreign_keys=placed_by_id)
    lifted_by: Mapped[Account | None] = relationship(foreign_keys=lifted_by_id)


def registration_number(batch: Batch) -> int:
    """Of the act that registered it."""
    told = {"subject": f"batch:{batch.number}", "act": Acted.BATCH_REGISTERED.value}
    return db.session.scalars(select(RecordRow.number).filter_by(**told)).one()


def has_downloads(batch: Batch) -> bool:
    """Whether a file of its labels ever left, hidden codes too."""
    query = select(Download.id).join(PrintRun).where(PrintRun.batch_number == batch.number)
    return db.session.scalar(query.limit(1)) is not None


def unit_ranges(batch: Batch) -> list[UnitRange]:
    query = select(UnitRange).filter_by(batch_number=batch.number).order_by(UnitRange.id)
    return list(db.session.scalars(query))


def new_ranges(
    batch_number: int, state: UnitState, ranges: Iterable[Range], *, act_number: int, by: Account
) -> list[UnitRange]:
    """Rows for what one act said of ranges of units."""
    told = {"batch_number": batch_number, "state": state, "act_number": act_number}
    told |= {"at": clock.now(), "by_id": by.id}
    return [UnitRange(first_unit=first, last_unit=last, **told) for first, last in ranges]


def ranges_of_act(told: UnitRange) -> list[UnitRange]:
    """All ranges that were told in the same act."""
    query = select(UnitRange).filter_by(batch_number=told.batch_number, act_number=told.act_number)
    return list(db.session.scalars(query.order_by(UnitRange.id)))


def activated_ranges(batch_number: int, first: int, last: int) -> list[UnitRange]:
    query = select(UnitRange).filter_by(batch_number=batch_number, state=UnitState.ACTIVATED)
    return list(db.session.scalars(query.where(UnitRange.first_unit <= last, UnitRange.last_unit >= first)))


def draws_from(lots: Iterable[int]) -> list[BatchDraw]:
    """What batches drew from these lots (ids)."""
    query = select(BatchDraw).where(BatchDraw.lot_id.in_(list(lots)))
    return list(db.session.scalars(query.order_by(BatchDraw.batch_number)))


def batches_of(party: Party) -> list[Batch]:
    query = select(Batch).filter_by(party_id=party.id).order_by(Batch.registered_at.desc())
    return list(db.session.scalars(query))


def ordered_units(batch: Batch) -> int:
    """How many units were sent to print; runs follow one another from unit 1."""
    return db.session.scalar(select(func.max(PrintRun.last_unit)).filter_by(batch_number=batch.number)) or 0


def batches_to_print(party: Party) -> list[Batch]:
    """Those of which no label was ordered yet, the oldest first."""
    query = select(Batch).where(
        Batch.party_id == party.id, Batch.cancelled_at.is_(None), ~Batch.print_runs.any()
    )
    return list(db.session.scalars(query.order_by(Batch.number)))


def print_run_of(batch: Batch, unit: int) -> PrintRun | None:
    query = select(PrintRun).filter_by(batch_number=batch.number)
    return db.session.scalar(query.where(PrintRun.first_unit <= unit, PrintRun.last_unit >= unit))


def unit_segments(batch_number: int, first: int, last: int) -> list[Segment[UnitState]]:
    """The last-said states of units first..last, in runs of one state."""
    query = select(UnitRange.first_unit, UnitRange.last_unit, UnitRange.state)
    query = query.filter_by(batch_number=batch_number).order_by(UnitRange.id)
    query = query.where(UnitRange.first_unit <= last, UnitRange.last_unit >= first)
    return segments_of(first, last, [(a, b, state) for a, b, state in db.session.execute(query)])


def segments_in(batch_number: int, ranges: Sequence[Range]) -> Iterator[Segment[UnitState]]:
    """The same of many ranges, which are in order, with one question."""
    return within(unit_segments(batch_number, ranges[0][0], ranges[-1][1]), ranges)


def run_segments(run: PrintRun) -> list[Segment[UnitState]]:
    return unit_segments(run.batch_number, run.first_unit, run.last_unit)


def run_tally(run: PrintRun) -> Tally:
    return tally_of(run_segments(run))


def run_tallies(runs: Iterable[PrintRun]) -> dict[int, Tally]:
    """Of many runs, by their ids, in as few questions as there are hundreds of batches."""
    wanted = list(runs)
    numbers = sorted({run.batch_number for run in wanted})
    told: dict[int, list[tuple[int, int, UnitState]]] = {number: [] for number in numbers}
    query = select(UnitRange.batch_number, UnitRange.first_unit, UnitRange.last_unit, UnitRange.state)
    for start in range(0, len(numbers), AT_A_TIME):
        some = query.where(UnitRange.batch_number.in_(numbers[start : start + AT_A_TIME]))
        for number, first, last, state in db.session.execute(some.order_by(UnitRange.id)):
            told[number].append((first, last, state))
    return {run.id: tally_of(_segments_within(run, told[run.batch_number])) for run in wanted}


def _segments_within(run: PrintRun, told: list[tuple[int, int, UnitState]]) -> list[Segment[UnitState]]:
    first, last = run.first_unit, run.last_unit
    return segments_of(first, last, [one for one in told if one[0] <= last and one[1] >= first])


def runs_to_look_at(party: Party | None = None) -> list[PrintRun]:
    """Print runs, of one party or of all, with units that are not simply in the market; the oldest first."""
    query = select(PrintRun).join(Batch).where(has_units_to_look_at())
    if party:
        query = query.where(Batch.party_id == party.id)
    return list(db.session.scalars(query.order_by(PrintRun.id)))


def has_units_to_look_at() -> ColumnElement[bool]:
    """Of print runs with their batches: found by sums of ranges, which may name a run too many (a unit activated twice)
    but none too few."""
    run, told = PrintRun, UnitRange
    inside = (told.batch_number == run.batch_number) & told.first_unit.between(run.first_unit, run.last_unit)
    units = func.coalesce(func.sum(told.last_unit - told.first_unit + 1), 0)
    active = select(units).where(inside, told.state == UnitState.ACTIVATED).scalar_subquery()
    other = select(told.id).where(inside, told.state != UnitState.ACTIVATED).exists()
    return Batch.cancelled_at.is_(None) & (other | (active < run.last_unit - run.first_unit + 1))


def find_batch(text: str) -> Batch | None:
    """By its printed number."""
    try:
        return db.session.get(Batch, parse_batch_text(text))
    except Malformed:
        return None


def open_stops(batch: Batch) -> list[Stop]:
    query = select(Stop).filter_by(batch_number=batch.number, lifted_at=None).order_by(Stop.id)
    return list(db.session.scalars(query))
