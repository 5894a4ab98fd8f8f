"""Tables of the record. Rows are only ever added."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.database import Base, UTCDateTime, db
from gi_trace.record.acts import Acted
from gi_trace.record.rules import Entry


class RecordRow(Base):
    """One act. `body` is the canonical JSON that the hash covers; the other columns are for finding."""

    __tablename__ = "record_row"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    act: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    by: Mapped[str] = mapped_column(String(40), index=True)
    body: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    personal: Mapped[list["PersonalValue"]] = relationship()

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.body)["facts"]


class RecordHead(Base):
    """The last number and hash: one row, whose lock puts concurrent acts in order."""

    __tablename__ = "record_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class PersonalValue(Base):
    """A personal value named in an act, kept apart so that it can be erased; the chain has its hash."""

    __tablename__ = "record_personal_value"

    row_number: Mapped[int] = mapped_column(ForeignKey("record_row.number"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)


def entries() -> Iterator[Entry]:
    query = select(RecordRow.number, RecordRow.body, RecordRow.previous_hash, RecordRow.hash)
    query = query.order_by(RecordRow.number).execution_options(yield_per=1000)
    with db.session.execute(query) as rows:  # a reader that stops early leaves no open cursor
        for row in rows:
            yield Entry(*row)


def rows_about(subject: str) -> list[RecordRow]:
    return list(db.session.scalars(select(RecordRow).filter_by(subject=subject).order_by(RecordRow.number)))


def holds_demo_data() -> bool:
    """Whether all of this is fictional: the first act of the demo said so, and no act takes it back."""
    return has_happened(Acted.DEMO_BEGUN)


def has_happened(act: Acted) -> bool:
    return db.session.scalar(select(RecordRow.number).filter_by(act=act).limit(1)) is not None
