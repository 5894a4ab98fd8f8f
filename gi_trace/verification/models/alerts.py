"""What the service noticed by itself and an officer decides."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch
from gi_trace.database import Base, UTCDateTime, enum_column
from gi_trace.errors import N_
from gi_trace.words import Worded


class AlertKind(Worded):
    """With the title of the lead that it makes."""

    lead_title: str

    COPY = "copy", N_("疑似复制"), "标识疑似被复制"  # the checks of a unit look like those of several packs
    STOLEN_PACK = (
        "stolen_pack",
        N_("离线包可能失窃"),
        "离线包密钥疑似外泄",
    )  # a code made with an offline pack's keys
    GUESSING = "guessing", N_("大量试码"), "大量猜测标识码"  # unknown codes in numbers from one network


class AlertState(Worded):
    OPEN = "open", N_("待处理")
    CONFIRMED = "confirmed", N_("属实")
    DISMISSED = "dismissed", N_("已撤销")


class Alert(Base):
    """Raised once for its subject, with the evidence as it was then."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(enum_column(AlertKind))
    subject: Mapped[str] = mapped_column(String(80))
    batch_number: Mapped[int | None] = mapped_column(ForeignKey("batch.number"), index=True)
    unit: Mapped[int | None]
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[AlertState] = mapped_column(enum_column(AlertState), default=AlertState.OPEN, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    batch: Mapped[Batch | None] = relationship()
    decided_by: Mapped[Account | None] = relationship()

    @property
    def is_of_a_unit(self) -> bool:
        """A copy of one: what is confirmed of it becomes a counterfeit series."""
        return self.kind is AlertKind.COPY and self.batch_number is not None and self.unit is not None
