"""Other cities' offices, the leads that go between them and us, and every message of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.casework.models import Lead, LeadState
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.offices.rules import MessageKind
from gi_trace.words import Worded


class Office(Base):
    """Another city's office. Without key and address it has no such service: letters go on paper."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("url = '' OR public_key <> ''", name="key_of_address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(40))
    in_agreement: Mapped[bool]
    public_key: Mapped[str] = mapped_column(String(64), default="")
    url: Mapped[str] = mapped_column(String(200), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Direction(Worded):
    OUT = "out", N_("发出")
    IN = "in", N_("收到")


class TransferAnswer(Worded):
    ACCEPTED = "accepted", N_("接收")
    REFUSED = "refused", N_("退回")


class LeadTransfer(Base):
    """A lead on its way between two offices; each date is that on which the step was taken."""

    __tablename__ = "lead_transfer"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    sent_on: Mapped[date]
    received_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    answer: Mapped[TransferAnswer | None] = mapped_column(enum_column(TransferAnswer, "answer"))
    answer_reason: Mapped[str] = mapped_column(Text, default="")
    result_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(Text, default="")

    lead: Mapped[Lead] = relationship()
    office: Mapped[Office] = relationship()
    messages: Mapped[list["OfficeMessage"]] = relationship(order_by="OfficeMessage.at")
    originals: Mapped[list["TransferOriginal"]] = relationship(
        order_by="TransferOriginal.sha256", back_populates="transfer"
    )

    @property
    def waits_for_answer(self) -> bool:
        return self.answered_on is None

    @property
    def waits_for_result(self) -> bool:
        return self.answer == TransferAnswer.ACCEPTED and self.result_on is None


class OfficeMessage(Base):
    """One message as it was sealed, and the receipt for it. An outgoing one without receipt is sent again."""

    __tablename__ = "office_message"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    transfer_id: Mapped[str] = mapped_column(ForeignKey("lead_transfer.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    package: Mapped[str] = mapped_column(Text)
    receipt: Mapped[str] = mapped_column(Text, default="")
    receipted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_fault: Mapped[str] = mapped_column(String(200), default="")

    transfer: Mapped[LeadTransfer] = relationship(back_populates="messages")


class TransferOriginal(Base):
    """A photo that follows a lead's package; `arrived_at` when the receiver had it whole and checked."""

    __tablename__ = "lead_transfer_original"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    transfer_id: Mapped[str] = mapped_column(ForeignKey("lead_transfer.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(40))
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_fault: Mapped[str] = mapped_column(String(200), default="")

    transfer: Mapped[LeadTransfer] = relationship(back_populates="originals")


def all_offices() -> list[Office]:
    return list(db.session.scalars(select(Office).order_by(Office.retired_at.is_not(None), Office.code)))


def offices_in_use() -> list[Office]:
    return [office for office in all_offices() if office.retired_at is None]


def find_office(code: str) -> Office | None:
    return db.session.scalar(select(Office).filter_by(code=code))


def transfers_of(lead: Lead) -> list[LeadTransfer]:
    query = select(LeadTransfer).filter_by(lead_id=lead.id).order_by(LeadTransfer.sent_on, LeadTransfer.id)
    return list(db.session.scalars(query))


def find_lead_gone_out(ids: list[str]) -> Lead | None:
    """Our lead that went out under one of these ids and is with the other office still."""
    query = select(Lead).join(LeadTransfer, LeadTransfer.lead_id == Lead.id)
    query = query.where(LeadTransfer.id.in_(ids), LeadTransfer.direction == Direction.OUT)
    query = query.where(Lead.state.in_((LeadState.OPEN, LeadState.TRANSFERRED)))
    return db.session.scalars(query.order_by(Lead.id)).first()


def all_transfers() -> list[LeadTransfer]:
    return list(db.session.scalars(select(LeadTransfer).order_by(LeadTransfer.sent_on.desc())))


def unreceipted_messages() -> list[OfficeMessage]:
    """Outgoing messages for which no receipt came yet, the oldest first; without those that go by hand."""
    query = select(OfficeMessage).filter_by(direction=Direction.OUT, receipted_at=None)
    query = query.join(LeadTransfer).join(Office).where(Office.url != "")
    return list(db.session.scalars(query.order_by(OfficeMessage.at)))


def waiting_originals() -> list[TransferOriginal]:
    """Outgoing photos without receipt whose lead's package has one."""
    query = select(TransferOriginal).filter_by(arrived_at=None).join(LeadTransfer)
    query = query.where(LeadTransfer.direction == Direction.OUT, LeadTransfer.received_on.is_not(None))
    return list(db.session.scalars(query.order_by(TransferOriginal.transfer_id, TransferOriginal.sha256)))
