"""What we saw last of other offices' records."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gi_trace.database import Base, UTCDateTime
from gi_trace.record.notes import Checkpoint, Note


class WitnessedRecord(Base):
    """The largest state of a record that we signed for; `note` is "" before the first."""

    __tablename__ = "witnessed_record"

    origin: Mapped[str] = mapped_column(String(200), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def root(self) -> bytes:
        return Checkpoint.read(Note.read(self.note).text).root if self.note else b""
