"""Uses of hidden codes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from gi_trace.database import Base, UTCDateTime


class HiddenCodeUse(Base):
    """The first right entry of a unit's hidden code: the one thing that may be called a first use."""

    __tablename__ = "hidden_code_use"

    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"), primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    city: Mapped[str | None] = mapped_column(String(40))
    device: Mapped[bytes] = mapped_column(LargeBinary(16))


class HiddenCodeTry(Base):
    """A wrong entry."""

    __tablename__ = "hidden_code_try"
    __table_args__ = (Index("ix_hidden_code_try_unit", "batch_number", "unit", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_number: Mapped[int] = mapped_column(ForeignKey("batch.number"))
    unit: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    device: Mapped[bytes] = mapped_column(LargeBinary(16))
