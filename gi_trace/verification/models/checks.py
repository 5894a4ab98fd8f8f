"""Checks. Their tables lead with the serial, whose high bits are the batch: they can be spread over machines by it."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column

from gi_trace.codes.unit_code import MAX_UNIT, UNIT_BITS
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.verification.history import Channel


def serial_of(batch_number: int, unit: int) -> int:
    """Batch number and unit as one number, as in the unit code."""
    return batch_number << UNIT_BITS | unit


# In SQLite an INTEGER key is the table's own order; PostgreSQL needs 8 bytes for 45 bits.
Serial = BigInteger().with_variant(Integer, "sqlite")


class Check(Base):
    """One person's look at a unit, the number-th. Thinned to counts after GI_TRACE_CHECK_DAYS.

    `device` is a keyed hash of a cookie and the batch; `browser`, where no cookie came, one of address,
    browser and batch, whose key is deleted after its day. Neither links anything across batches.
    """

    __tablename__ = "verification"
    __table_args__ = {"sqlite_with_rowid": False}  # one tree instead of a table and an index

    serial: Mapped[int] = mapped_column(Serial, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    device: Mapped[bytes] = mapped_column(LargeBinary(16))
    browser: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    city: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))


class UnitHistory(Base):
    """What a page needs of a unit's checks, however many; `suspicion` is the copy detector's state."""

    __tablename__ = "unit_history"

    serial: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    checks: Mapped[int]
    first_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_city: Mapped[str | None] = mapped_column(String(40))
    last_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_city: Mapped[str | None] = mapped_column(String(40))
    opened: Mapped[bool] = mapped_column(default=False)  # its hidden code was used
    suspected: Mapped[bool] = mapped_column(default=False)
    publicly_shown: Mapped[bool] = mapped_column(default=False)
    suspicion: Mapped[bytes | None] = mapped_column(LargeBinary(256))

    __table_args__ = (
        Index(
            "ix_unit_history_suspected",
            "serial",
            sqlite_where=text("suspected"),
            postgresql_where=text("suspected"),
        ),
    )

    # Of a row, and as columns in queries.
    batch_number = column_property(serial.bitwise_rshift(literal(UNIT_BITS, Integer)), deferred=True)
    unit = column_property(serial.bitwise_and(MAX_UNIT), deferred=True)


class BatchHistory(Base):
    """The copy detector's state of a batch, which all its units share."""

    __tablename__ = "batch_history"

    batch_number: Mapped[int] = mapped_column(
        ForeignKey("batch.number"), primary_key=True, autoincrement=False
    )
    suspicion: Mapped[bytes] = mapped_column(LargeBinary(512))


class CheckCount(Base):
    """What stays of raw checks when they are thinned: how many on a day in a city."""

    __tablename__ = "verification_count"

    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    city: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    checks: Mapped[int]


class DayKey(Base):
    """The key of one day's browser hashes; deleted after the day, so that they cannot be made again."""

    __tablename__ = "day_key"

    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


def checks_of(batch_number: int, unit: int, *, most: int = 200) -> list[Check]:
    """The latest checks of the unit that are not thinned yet, newest first."""
    query = select(Check).filter_by(serial=serial_of(batch_number, unit)).order_by(Check.number.desc())
    return list(db.session.scalars(query.limit(most)))


def count_checks(batch_number: int, unit: int) -> int:
    history = db.session.get(UnitHistory, serial_of(batch_number, unit), populate_existing=True)
    return history.checks if history else 0


def checked_units(batch_number: int, ranges: Iterable[tuple[int, int]]) -> int:
    """How many of the units of these ranges the public has checked."""
    return sum(_checked_in(batch_number, first, last) for first, last in ranges)


def _checked_in(batch_number: int, first: int, last: int) -> int:
    serials = UnitHistory.serial.between(serial_of(batch_number, first), serial_of(batch_number, last))
    return db.session.scalar(select(func.count()).select_from(UnitHistory).where(serials)) or 0


def checked_among(batch_number: int, ranges: Iterable[tuple[int, int]]) -> list[int]:
    """Which of the units of these ranges, which are in order, the public has checked."""
    return [unit for first, last in ranges for unit in _units_checked(batch_number, first, last)]


def _units_checked(batch_number: int, first: int, last: int) -> list[int]:
    within = UnitHistory.serial.between(serial_of(batch_number, first), serial_of(batch_number, last))
    serials = db.session.scalars(select(UnitHistory.serial).where(within).order_by(UnitHistory.serial))
    return [serial & MAX_UNIT for serial in serials]
