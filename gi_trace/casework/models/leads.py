"""Suspicions, with what their clocks need. Who told us lies in a table of its own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch
from gi_trace.casework.rules.goods import GoodsOutcome, GoodsSettledAlready
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.patrol.models import Finding
from gi_trace.patrol.rules import Measure
from gi_trace.registry.models import Party, Product
from gi_trace.terms.deadlines import Pause
from gi_trace.words import Worded


class LeadState(Worded):
    OPEN = "open", N_("核查中")
    FILED = "filed", N_("已立案")
    CLOSED = "closed", N_("不予立案")
    TRANSFERRED = "transferred", N_("已移送外地")


class Lead(Base):
    """A suspicion. `source_key` names the row that it came from, so that it comes once; amounts in fen."""

    __tablename__ = "lead"
    __table_args__ = (CheckConstraint("value_fen >= 0", name="value_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[LeadSource] = mapped_column(enum_column(LeadSource))
    source_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(Text, default="")
    respondent_name: Mapped[str] = mapped_column(String(120), default="", index=True)
    respondent_code: Mapped[str] = mapped_column(String(40), default="")
    respondent_address: Mapped[str] = mapped_column(String(200), default="")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    batch_number: Mapped[int | None] = mapped_column(ForeignKey("batch.number"), index=True)
    first_unit: Mapped[int | None]
    last_unit: Mapped[int | None]
    value_fen: Mapped[int] = mapped_column(default=0)
    received_on: Mapped[date]
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    risk_points: Mapped[int]
    risk_reasons: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[LeadState] = mapped_column(enum_column(LeadState), default=LeadState.OPEN, index=True)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    extended_on: Mapped[date | None]
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    settled_on: Mapped[date | None]
    settle_reason: Mapped[str] = mapped_column(Text, default="")

    party: Mapped[Party | None] = relationship()
    product: Mapped[Product | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    assigned_to: Mapped[Account | None] = relationship()
    pauses: Mapped[list["LeadPause"]] = relationship(order_by="LeadPause.starts_on")
    complaint: Mapped["Complaint | None"] = relationship(back_populates="lead")
    informant: Mapped["Informant | None"] = relationship(back_populates="lead")
    findings: Mapped[list[Finding]] = relationship(
        secondary="lead_finding", viewonly=True, order_by=Finding.first_received_at
    )

    goods_settled: Mapped[list["GoodsSettled"]] = relationship(
        secondary="lead_finding",
        secondaryjoin="LeadFinding.finding_id == foreign(GoodsSettled.finding_id)",
        viewonly=True,
        order_by="GoodsSettled.on",
    )

    @property
    def number(self) -> str:
        return f"XS{self.id:05d}"

    @property
    def pause_spans(self) -> list[Pause]:
        return [Pause(pause.starts_on, pause.ends_on) for pause in self.pauses]

    @property
    def can_be_assigned(self) -> bool:
        """While it is open; and closed or with another office, as long as who complained or told us waits for us."""
        complaint, informant = self.complaint, self.informant
        waits = complaint is not None and complaint.ended_on is None and complaint.refused_on is None
        waits = waits or (informant is not None and informant.told_on is None)
        return self.state is LeadState.OPEN or (waits and self.state is not LeadState.FILED)

    @property
    def holder_left(self) -> bool:
        return self.assigned_to is not None and self.assigned_to.closed_at is not None


class LeadFinding(Base):
    """A finding of a patrol that belongs to a lead, and so to its case."""

    __tablename__ = "lead_finding"

    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), primary_key=True)
    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"), primary_key=True)


class GoodsSettled(Base):
    """What became of the goods of one finding that were kept for proof."""

    __tablename__ = "goods_settled"

    finding_id: Mapped[str] = mapped_column(
        ForeignKey("finding.id"), primary_key=True, info=refused_as(GoodsSettledAlready)
    )
    outcome: Mapped[GoodsOutcome] = mapped_column(enum_column(GoodsOutcome))
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class PauseKind(Worded):
    TEST = "test", N_("检验检测")
    IDENTIFICATION = "identification", N_("权利人鉴定")


class LeadPause(Base):
    """Time for a test, or for identification by the right's holder, which the clock does not count."""

    __tablename__ = "lead_pause"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    kind: Mapped[PauseKind] = mapped_column(enum_column(PauseKind))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(200), default="")


class Informant(Base):
    """Who told us. Read only through the act that records each look."""

    __tablename__ = "informant"

    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), primary_key=True, autoincrement=False)
    identity: Mapped[str] = mapped_column(Text)
    told_on: Mapped[date | None]
    told_how: Mapped[str] = mapped_column(String(200), default="")

    lead: Mapped[Lead] = relationship(back_populates="informant")


class MediationOutcome(Worded):
    AGREED = "agreed", N_("达成协议")
    FAILED = "failed", N_("调解不成")
    WITHDRAWN = "withdrawn", N_("投诉人撤回")


class Complaint(Base):
    """What a complaint (投诉) has and a report (举报) has not: acceptance, mediation, confirmation."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("accepted_on IS NULL OR refused_on IS NULL", name="accepted_or_refused"),
    )

    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), primary_key=True, autoincrement=False)
    claim: Mapped[str] = mapped_column(Text, default="")
    accepted_on: Mapped[date | None]
    refused_on: Mapped[date | None]
    refuse_reason: Mapped[str] = mapped_column(Text, default="")
    ended_on: Mapped[date | None]
    outcome: Mapped[MediationOutcome | None] = mapped_column(enum_column(MediationOutcome))
    agreement: Mapped[str] = mapped_column(Text, default="")
    confirmed_on: Mapped[date | None]

    lead: Mapped[Lead] = relationship(back_populates="complaint")


# What a queue shows of each lead, in a few queries for all of them.
LEADS_FOR_QUEUE = (
    selectinload(Lead.pauses),
    selectinload(Lead.complaint),
    selectinload(Lead.informant),
    selectinload(Lead.assigned_to),
    selectinload(Lead.goods_settled),
    selectinload(Lead.findings).selectinload(Finding.versions),
)


def leads_in_hand(of: Account | None = None) -> list[Lead]:
    """Open leads, and filed or settled ones whose complaint or informant still waits; or those assigned to one."""
    query = select(Lead).where(is_in_hand()).options(*LEADS_FOR_QUEUE)
    if of is not None:
        query = query.where(Lead.assigned_to_id == of.id)
    return list(db.session.scalars(query))


def count_leads_in_hand() -> int:
    return db.session.scalar(select(func.count()).select_from(Lead).where(is_in_hand())) or 0


def is_in_hand() -> ColumnElement[bool]:
    mediating = Lead.complaint.has(Complaint.ended_on.is_(None) & Complaint.refused_on.is_(None))
    return (Lead.state == LeadState.OPEN) | mediating | Lead.informant.has(Informant.told_on.is_(None))


def open_leads() -> list[Lead]:
    return list(db.session.scalars(select(Lead).filter_by(state=LeadState.OPEN)))


def goods_waiting(lead: Lead) -> list[Finding]:
    """Its findings whose goods are kept for proof, as long as nobody has said what became of them."""
    settled = {one.finding_id for one in lead.goods_settled}
    kept = [one for one in lead.findings if one.versions and one.latest.measure is Measure.PRESERVED]
    return [one for one in kept if one.id not in settled]


def find_lead_of(source_key: str) -> Lead | None:
    return db.session.scalar(select(Lead).filter_by(source_key=source_key))


def leads_merged_into(lead: Lead) -> list[Lead]:
    """Those that were closed with its number (`merge_lead`), and those that had been merged into them."""
    found: list[Lead] = []
    numbers = [lead.number]
    while numbers:
        query = select(Lead).where(Lead.settle_reason.in_(numbers), Lead.state == LeadState.CLOSED)
        more = [one for one in db.session.scalars(query.order_by(Lead.id)) if one not in found]
        found += more
        numbers = [one.number for one in more]
    return found


def earlier_leads(lead: Lead, since: date) -> int:
    """How many other leads since then name the same respondent."""
    if not lead.respondent_code and not lead.respondent_name:
        return 0
    same = (
        Lead.respondent_code == lead.respondent_code
        if lead.respondent_code
        else Lead.respondent_name == lead.respondent_name
    )
    query = select(func.count()).select_from(Lead).where(same, Lead.received_on >= since)
    return db.session.scalar(query.where(Lead.id != lead.id)) or 0
