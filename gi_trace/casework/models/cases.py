"""Filed cases: their steps, decision, stops and publication. Steps are only ever added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Stop
from gi_trace.casework.models.leads import LEADS_FOR_QUEUE, Lead
from gi_trace.casework.rules.case_term import CasePauseKind, ExtensionKind
from gi_trace.casework.rules.fines import Amounts, FineGround
from gi_trace.casework.rules.hearing import SaidStep
from gi_trace.casework.rules.steps import CaseState, Response, StepFact, StepKind
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.patrol.models import Offence
from gi_trace.terms.deadlines import Pause


class Case(Base):
    """A filed case of one lead, in the hands of two officers."""

    __tablename__ = "case_file"
    __table_args__ = (CheckConstraint("first_officer_id <> second_officer_id", name="two_officers"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), unique=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState), index=True)
    offence_id: Mapped[int | None] = mapped_column(ForeignKey("offence.id"))
    first_officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    second_officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    filed_on: Mapped[date]

    lead: Mapped[Lead] = relationship()
    offence: Mapped[Offence | None] = relationship()
    first_officer: Mapped[Account] = relationship(foreign_keys=first_officer_id)
    second_officer: Mapped[Account] = relationship(foreign_keys=second_officer_id)
    steps: Mapped[list["CaseStep"]] = relationship(order_by="CaseStep.id")
    decision: Mapped["Decision | None"] = relationship(back_populates="case")
    publication: Mapped["Publication | None"] = relationship(back_populates="case")
    extensions: Mapped[list["CaseExtension"]] = relationship(order_by="CaseExtension.id")
    pauses: Mapped[list["CasePause"]] = relationship(order_by="CasePause.starts_on")
    stops: Mapped[list["CaseStop"]] = relationship(order_by="CaseStop.stop_id")

    @property
    def officers(self) -> tuple[Account, Account]:
        return self.first_officer, self.second_officer

    @property
    def pause_spans(self) -> list[Pause]:
        return [Pause(pause.starts_on, pause.ends_on) for pause in self.pauses]

    def is_in_hands_of(self, account: Account) -> bool:
        return account.id in (self.first_officer_id, self.second_officer_id)

    @property
    def said(self) -> list[SaidStep]:
        """Its steps, as far as they decide whether the party was heard."""
        answers = [step.facts.get(StepFact.RESPONSE) for step in self.steps]
        return [
            SaidStep(step.kind, step.on, Response(answer) if answer else None)
            for step, answer in zip(self.steps, answers, strict=True)
        ]

    def step(self, kind: StepKind) -> "CaseStep | None":
        """The latest step of the kind."""
        return next((step for step in reversed(self.steps) if step.kind == kind), None)


class CaseStep(Base):
    """One step: the day on which it happened, and the moment at which it was entered."""

    __tablename__ = "case_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(enum_column(StepKind))
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account] = relationship()


class CaseExtension(Base):
    """More days for a case, from where its term ended before; `document` is the approval or the minutes."""

    __tablename__ = "case_extension"
    __table_args__ = (CheckConstraint("days > 0", name="days_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[ExtensionKind] = mapped_column(enum_column(ExtensionKind))
    days: Mapped[int]
    document: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account] = relationship(foreign_keys=by_id)
    confirmed_by: Mapped[Account] = relationship(foreign_keys=confirmed_by_id)


class CasePause(Base):
    """Days that the term of a case does not count, both included; `ends_on` None while it goes on."""

    __tablename__ = "case_pause"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[CasePauseKind] = mapped_column(enum_column(CasePauseKind))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    document: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account] = relationship(foreign_keys=by_id)
    confirmed_by: Mapped[Account] = relationship(foreign_keys=confirmed_by_id)


class Decision(Base):
    """What was decided; amounts in fen, each never negative."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("goods_value_fen >= 0 AND turnover_fen >= 0", name="values_not_negative"),
        CheckConstraint("gains_fen >= 0 AND fine_fen >= 0", name="sums_not_negative"),
        CheckConstraint("confiscated_gains_fen BETWEEN 0 AND gains_fen", name="confiscated_of_gains"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    decided_on: Mapped[date]
    ground: Mapped[FineGround] = mapped_column(enum_column(FineGround))
    ground_text: Mapped[str] = mapped_column(String(200), default="")
    violated: Mapped[str] = mapped_column(Text, default="")  # facts; those of old rows stand in the text
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    order_to_correct: Mapped[bool]
    confiscated_goods: Mapped[str] = mapped_column(Text, default="")
    goods_value_fen: Mapped[int]
    turnover_fen: Mapped[int]
    gains_fen: Mapped[int]
    confiscated_gains_fen: Mapped[int]
    fine_fen: Mapped[int]
    text: Mapped[str] = mapped_column(Text)

    case: Mapped[Case] = relationship(back_populates="decision")

    @property
    def amounts(self) -> Amounts:
        return Amounts(
            self.goods_value_fen,
            self.turnover_fen,
            self.gains_fen,
            self.confiscated_gains_fen,
            self.fine_fen,
        )


class CaseStop(Base):
    """A hold, recall or confirmed counterfeit series that rests on a case."""

    __tablename__ = "case_stop"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    stop_id: Mapped[int] = mapped_column(ForeignKey("batch_stop.id"), primary_key=True)

    stop: Mapped[Stop] = relationship()


class Publication(Base):
    """The public text of a decision, until its term ends or it is withdrawn."""

    __tablename__ = "publication"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date]
    keep_until: Mapped[date]
    withdrawn_on: Mapped[date | None]
    withdraw_reason: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case] = relationship(back_populates="publication")

    def is_public_on(self, day: date) -> bool:
        return self.withdrawn_on is None and day <= self.keep_until


def case_of_lead(lead: Lead) -> Case | None:
    return db.session.scalar(select(Case).filter_by(lead_id=lead.id))


# What a queue shows of each case, in a few queries for all of them.
CASES_FOR_QUEUE = (
    selectinload(Case.lead).options(*LEADS_FOR_QUEUE),
    selectinload(Case.steps),
    selectinload(Case.extensions),
    selectinload(Case.pauses),
    selectinload(Case.decision),
    selectinload(Case.publication),
    selectinload(Case.first_officer),
    selectinload(Case.second_officer),
)


def open_cases(of: Account | None = None) -> list[Case]:
    """All of them, or those that one works on."""
    query = select(Case).where(Case.state != CaseState.CLOSED).options(*CASES_FOR_QUEUE)
    if of is not None:
        query = query.where((Case.first_officer_id == of.id) | (Case.second_officer_id == of.id))
    return list(db.session.scalars(query))


def count_open_cases() -> int:
    query = select(func.count()).select_from(Case).where(Case.state != CaseState.CLOSED)
    return db.session.scalar(query) or 0


def decisions_in_public(today: date) -> list[Publication]:
    query = select(Publication).where(Publication.withdrawn_on.is_(None), Publication.keep_until >= today)
    return list(db.session.scalars(query.order_by(Publication.published_on.desc(), Publication.case_id)))
