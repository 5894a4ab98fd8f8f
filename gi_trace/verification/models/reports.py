"""What the public tells us of a label."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch
from gi_trace.database import Base, UTCDateTime, enum_column
from gi_trace.errors import N_
from gi_trace.words import Worded


class ReportKind(Worded):
    """Handled apart by law (市场监督管理投诉举报处理暂行办法, art. 7). With the title of the lead that it makes."""

    lead_title: str

    COMPLAINT = "complaint", N_("投诉"), "消费者投诉"  # 投诉: my own dispute with a seller
    REPORT = "report", N_("举报"), "公众举报"  # 举报: a violation, whoever suffers it


class ReportState(Worded):
    RECEIVED = "received", N_("已收到")
    IN_HAND = "in_hand", N_("办理中")
    CLOSED = "closed", N_("已办结")


class Report(Base):
    """One message. The receipt is drawn at random: whoever has it may see the state. Contact may be empty."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[ReportKind] = mapped_column(enum_column(ReportKind))
    code: Mapped[str] = mapped_column(String(60), default="")
    batch_number: Mapped[int | None] = mapped_column(ForeignKey("batch.number"), index=True)
    unit: Mapped[int | None]
    what: Mapped[str] = mapped_column(Text)
    bought_at: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[ReportState] = mapped_column(
        enum_column(ReportState), default=ReportState.RECEIVED, index=True
    )
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    batch: Mapped[Batch | None] = relationship()
    answered_by: Mapped[Account | None] = relationship()
    photos: Mapped[list["ReportPhoto"]] = relationship(order_by="ReportPhoto.id")


class ReportPhoto(Base):
    """A photo re-encoded without metadata, stored under its hash; of the original only the hash is kept."""

    __tablename__ = "report_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    original_sha256: Mapped[str] = mapped_column(String(64))
    original_bytes: Mapped[int]
