"""What the desk's clocks and numbers go by: entered days, legal terms, forms of numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.casework.rules.deadlines import Term, TermUnit, WorkCalendar
from gi_trace.casework.rules.terms import TermCode
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.words import Worded


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


class NumberKind(Worded):
    """With the form that it has until the office gives another."""

    first_form: str

    CASE = "case", N_("立案编号"), "示市监立〔{year}〕{serial}号"
    DECISION = "decision", N_("处罚决定书编号"), "示市监处罚〔{year}〕{serial}号"


class NumberForm(Base):
    """How the office writes its numbers of one kind."""

    __tablename__ = "number_form"

    kind: Mapped[NumberKind] = mapped_column(enum_column(NumberKind), primary_key=True)
    form: Mapped[str] = mapped_column(String(60))


class NumberCount(Base):
    """The last serial given in a year; its lock keeps two officers from one number."""

    __tablename__ = "number_count"

    kind: Mapped[NumberKind] = mapped_column(enum_column(NumberKind), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def work_calendar() -> WorkCalendar:
    days = {entered.day: entered.worked for entered in db.session.scalars(select(CalendarDay))}
    return WorkCalendar(days, frozenset(db.session.scalars(select(CalendarYear.year))))


def calendar_years() -> list[CalendarYear]:
    return list(db.session.scalars(select(CalendarYear).order_by(CalendarYear.year.desc())))


def terms_now() -> dict[TermCode, Term]:
    own = {
        entered.code: Term(entered.amount, entered.unit) for entered in db.session.scalars(select(LegalTerm))
    }
    return {code: code.first for code in TermCode} | own


def number_form(kind: NumberKind) -> str:
    own = db.session.get(NumberForm, kind)
    return own.form if own else kind.first_form
