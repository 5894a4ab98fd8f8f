"""Papers that were issued: every word as it was, the template's version, and the bytes once they were drawn."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.casework.models.leads import Lead
from gi_trace.casework.papers.kinds import CasePaperKind
from gi_trace.casework.papers.template import Draft
from gi_trace.casework.rules.papers import PaperIssuedAlready
from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db, enum_column


class CasePaper(Base):
    """One issued paper of a lead or its case; `about_id` is the visit or the transfer that it tells of.

    `pdf` is drawn when first asked for and kept from then on, so that it never becomes another file.
    """

    __tablename__ = "case_paper"
    __table_args__ = (UniqueConstraint("kind", "number", info=refused_as(PaperIssuedAlready)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    kind: Mapped[CasePaperKind] = mapped_column(enum_column(CasePaperKind))
    number: Mapped[str] = mapped_column(String(80))
    about_id: Mapped[str | None] = mapped_column(String(36))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")

    lead: Mapped[Lead] = relationship()
    by: Mapped[Account] = relationship()

    @property
    def draft(self) -> Draft:
        """Its words."""
        return Draft.of_data(self.content)


def papers_of(lead: Lead) -> list[CasePaper]:
    return list(db.session.scalars(select(CasePaper).filter_by(lead_id=lead.id).order_by(CasePaper.id)))


def find_paper_about(kind: CasePaperKind, about_id: str) -> CasePaper | None:
    query = select(CasePaper).filter_by(kind=kind, about_id=about_id).order_by(CasePaper.id.desc())
    return db.session.scalars(query).first()
