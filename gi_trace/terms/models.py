"""What terms are counted by: the days that the authority entered, and the terms that it set otherwise than they came."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.terms.deadlines import Term, TermUnit, WorkCalendar, is_at_least
from gi_trace.terms.legal import TermCode


class CalendarYear(Base):
    """A year whose arrangement of holidays the authority entered from the published notice."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    entered_by: Mapped[Account] = relationship()
    days: Mapped[list["CalendarDay"]] = relationship(order_by="CalendarDay.day", cascade="all, delete-orphan")


class CalendarDay(Base):
    """A day of such a year that is not as its weekday says."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("calendar_year.year"), index=True)
    worked: Mapped[bool]


class LegalTerm(Base):
    """A term that the authority set otherwise than it came, with its source."""

    __tablename__ = "legal_term"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    code: Mapped[TermCode] = mapped_column(enum_column(TermCode), primary_key=True)
    amount: Mapped[int]
    unit: Mapped[TermUnit] = mapped_column(enum_column(TermUnit))
    source: Mapped[str] = mapped_column(String(200))


def work_calendar() -> WorkCalendar:
    days = {entered.day: entered.worked for entered in db.session.scalars(select(CalendarDay))}
    return WorkCalendar(days, frozenset(db.session.scalars(select(CalendarYear.year))))


def calendar_years() -> list[CalendarYear]:
    return list(db.session.scalars(select(CalendarYear).order_by(CalendarYear.year.desc())))


def source_of(code: TermCode) -> str:
    own = db.session.get(LegalTerm, code)
    return own.source if own else code.source


def terms_now() -> dict[TermCode, Term]:
    """A term that was entered below what the law gives is as the law gives it."""
    own = {
        entered.code: Term(entered.amount, entered.unit) for entered in db.session.scalars(select(LegalTerm))
    }
    allowed = {code: term for code, term in own.items() if not code.least or is_at_least(term, code.least)}
    return {code: code.first for code in TermCode} | allowed
