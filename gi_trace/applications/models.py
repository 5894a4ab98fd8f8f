"""Applications with their steps and papers. Steps and papers are only ever added."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.applications.rules import OPEN, ApplicationKind, Move, PaperKind, Stage, missing_papers
from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_, Refused
from gi_trace.registry.models import Area, Authorisation, Party, Product, find_party
from gi_trace.registry.rules import Basis


class ReceiptTaken(Refused):
    code = "receipt_taken"
    text = N_("这份申请刚才已经收到。请再按一次，查看办理情况。")


class Application(Base):
    """What a firm asks for, as it said; `party` is None for a firm that asks without an account.

    Such a one follows it with a receipt, of which only the hash is kept.
    """

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ApplicationKind] = mapped_column(enum_column(ApplicationKind))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    basis: Mapped[Basis] = mapped_column(enum_column(Basis))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    address: Mapped[str] = mapped_column(String(200))
    representative: Mapped[str] = mapped_column(String(60))
    contact: Mapped[str] = mapped_column(String(120))
    new_name: Mapped[str] = mapped_column(String(120))
    new_name_since: Mapped[date | None]
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=refused_as(ReceiptTaken))
    right_id: Mapped[int | None] = mapped_column(ForeignKey("authorisation.id"))

    product: Mapped[Product] = relationship()
    party: Mapped[Party | None] = relationship()
    area: Mapped[Area | None] = relationship()
    right: Mapped[Authorisation | None] = relationship()
    steps: Mapped[list["ApplicationStep"]] = relationship(order_by="ApplicationStep.id")

    @property
    def number(self) -> str:
        """As people call it."""
        return f"SQ{self.id:04d}"

    @property
    def papers(self) -> list["ApplicationPaper"]:
        return [paper for step in self.steps for paper in step.papers]

    @property
    def papers_of_round(self) -> list["ApplicationPaper"]:
        """Those that came since a correction was last asked, else all."""
        asked = [place for place, step in enumerate(self.steps) if step.move is Move.ASK_CORRECTION]
        return [paper for step in self.steps[asked[-1] if asked else 0 :] for paper in step.papers]

    @property
    def missing(self) -> list[PaperKind]:
        return missing_papers(paper.kind for paper in self.papers)

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    def last(self, *moves: Move) -> "ApplicationStep | None":
        return next((step for step in reversed(self.steps) if step.move in moves), None)


class ApplicationStep(Base):
    """A move that was made: `words` are for the applicant too, `note` is for the office alone."""

    __tablename__ = "application_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    move: Mapped[Move] = mapped_column(enum_column(Move))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Account | None] = relationship()
    papers: Mapped[list["ApplicationPaper"]] = relationship(order_by="ApplicationPaper.id")


class ApplicationPaper(Base):
    """A file as the firm sent it, in the evidence store under its hash; `name` is what the firm called it."""

    __tablename__ = "application_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("application_step.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


WITH_STEPS = selectinload(Application.steps).options(
    joinedload(ApplicationStep.by), selectinload(ApplicationStep.papers)
)


def hash_of_receipt(receipt: str) -> str:
    return hashlib.sha256(receipt.encode()).hexdigest()


def find_application(receipt: str) -> Application | None:
    query = select(Application).filter_by(receipt_hash=hash_of_receipt(receipt))
    return db.session.scalar(query.options(WITH_STEPS)) if receipt else None


def firm_of(application: Application) -> Party | None:
    """The enterprise of the roll that it is for, whoever handed it in."""
    return application.party or find_party(application.uscc)


def applications_to_mend(party: Party) -> Sequence[Application]:
    """Those that wait for the firm itself."""
    query = select(Application).filter_by(party_id=party.id, stage=Stage.CORRECTION_ASKED)
    return db.session.scalars(query.options(joinedload(Application.product)).order_by(Application.id)).all()


def applications_by_strangers(party: Party) -> Sequence[Application]:
    """Those under way that somebody without an account handed in under the firm's code."""
    query = select(Application).where(Application.party_id.is_(None), Application.uscc == party.uscc)
    query = query.where(Application.stage.in_(OPEN)).options(joinedload(Application.product))
    return db.session.scalars(query.order_by(Application.id)).all()


def count_applications_in_hand() -> int:
    """What waits for the office, not for the applicant."""
    stages = [stage for stage in OPEN if stage is not Stage.CORRECTION_ASKED]
    query = select(func.count()).select_from(Application).where(Application.stage.in_(stages))
    return db.session.scalar(query) or 0


def dated_moves(application: Application) -> list[tuple[Move, date]]:
    return [(step.move, clock.day_of(step.at)) for step in application.steps]
