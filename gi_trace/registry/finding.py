"""How what stands in the registers is found by what people type, however they write it."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from gi_trace.database import db
from gi_trace.names import name_key, simplified
from gi_trace.registry.models import Area, Authorisation, Party, areas_within, was_called
from gi_trace.registry.numbers import same_number

MOST_NUMBERS = 5000  # to compare with one that is asked for


def name_has(column: InstrumentedAttribute[str], asked: str) -> ColumnElement[bool]:
    """Whether a name has what was asked in it: blanks, width, brackets, case and traditional characters aside."""
    written = func.lower(column)
    for kept, plain in ((" ", ""), ("（", "("), ("）", ")")):
        written = func.replace(written, kept, plain)
    key = name_key(asked)
    return written.contains(simplified(key), autoescape=True) | written.contains(key, autoescape=True)


def party_is_called(asked: str) -> ColumnElement[bool]:
    """Enterprises by names and codes that they have or had, growers by name."""
    return was_called(asked) | name_has(Party.name, asked)


def right_is_numbered(asked: str) -> ColumnElement[bool]:
    """By the number of its announcement or registration, in whichever numerals; the numbers there are, are few."""
    there = db.session.scalars(select(Authorisation.number).distinct().limit(MOST_NUMBERS))
    meant = [number for number in there if same_number(number, asked)]
    return name_has(Authorisation.number, asked) | Authorisation.number.in_(meant)


def area_ids_at(code: str) -> list[int]:
    """The area of the code and those that lie within it; none for a code that is no area's."""
    area = db.session.query(Area).filter_by(code=code).first()
    return [one.id for one in areas_within(area)] if area else []
