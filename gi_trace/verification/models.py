"""Checks by the public: what happened to units. A unit that nobody checked has no row."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from gi_trace.database import Base, UTCDateTime, db, enum_column


class Channel(StrEnum):
    WEB = "web"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    API = "api"


class Check(Base):
    """One person's look at a unit. `device` is a keyed hash that links nothing across batches or days."""

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_unit", "batch_number", "unit", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"))
    unit: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    device: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    city: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))


def checks_of(batch_number: int, unit: int, *, most: int = 200) -> list[Check]:
    """The latest checks of the unit, newest first."""
    query = select(Check).filter_by(batch_number=batch_number, unit=unit).order_by(Check.at.desc())
    return list(db.session.scalars(query.limit(most)))


def count_checks(batch_number: int, unit: int) -> int:
    query = select(func.count()).select_from(Check).filter_by(batch_number=batch_number, unit=unit)
    return db.session.scalar(query) or 0


def looked_since(batch_number: int, unit: int, device: bytes, since: datetime) -> bool:
    """Whether the same device looked at the unit since then."""
    query = select(Check.id).filter_by(batch_number=batch_number, unit=unit, device=device)
    return db.session.scalar(query.where(Check.at >= since).limit(1)) is not None
