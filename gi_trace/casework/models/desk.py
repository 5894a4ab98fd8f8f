"""How the office numbers its papers."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gi_trace.casework.rules.case_numbers import NumberKind
from gi_trace.database import Base, db, enum_column


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


def number_form(kind: NumberKind) -> str:
    own = db.session.get(NumberForm, kind)
    return own.form if own else kind.first_form
