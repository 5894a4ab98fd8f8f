"""How what stands in the registers is found by what people type, however they write it."""

from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, String, and_, false, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from gi_trace.database import db
from gi_trace.names import name_key, search_key, simplified
from gi_trace.registry.models import (
    Area,
    Authorisation,
    AuthorisationChange,
    Party,
    PartyEntry,
    areas_within,
    entry_has,
    was_called,
)
from gi_trace.registry.numbers import same_number
from gi_trace.registry.rules import FINAL, STATE_AFTER, ChangeKind, RightState
from gi_trace.registry.uscc import SOLE_TRADER

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


def is_publicly_called(asked: str) -> ColumnElement[bool]:
    """As `was_called`; but who is shown covered, a sole trader, is found by a whole name or code alone, not letter by
    letter."""
    key = search_key(asked[:120])
    whole = (PartyEntry.name_key == key) | (PartyEntry.uscc == key.upper())
    covered = PartyEntry.uscc.startswith(SOLE_TRADER)
    entries = select(PartyEntry.party_id)
    return Party.id.in_(entries.where(whole | entry_has(key) & ~covered)) if key else false()


def right_is_numbered(asked: str) -> ColumnElement[bool]:
    """By the number of its announcement or registration, in whichever numerals, or one that was put right since: packs
    still bear it. The numbers there are, are few."""
    there = db.session.scalars(select(Authorisation.number).distinct().limit(MOST_NUMBERS))
    meant = [number for number in there if same_number(number, asked)]
    had = Authorisation.id.in_(_with_former_number(asked))
    documents = Authorisation.changes.any(name_has(AuthorisationChange.document, asked))
    return or_(name_has(Authorisation.number, asked), Authorisation.number.in_(meant), had, documents)


def _with_former_number(asked: str) -> list[int]:
    """Ids of rights that bore it until a correction; there are few of these."""
    corrections = select(AuthorisationChange).filter_by(kind=ChangeKind.CORRECTED).limit(MOST_NUMBERS)
    key = search_key(asked)
    return [
        change.authorisation_id
        for change in db.session.scalars(corrections)
        for number in change.former_numbers
        if key and key in search_key(number) or same_number(number, asked)
    ]


def is_in_state(state: RightState, day: date) -> ColumnElement[bool]:
    """`state_on`, asked of the database about all rights at once; a test holds the two together."""
    last = func.coalesce(_last_kind(day), "")
    kinds = [kind.value for kind, after in STATE_AFTER.items() if after is state]
    if state in FINAL:
        return last.in_(kinds)
    goes_on = last.not_in([kind.value for kind, after in STATE_AFTER.items() if after in FINAL])
    has_begun = Authorisation.starts_on <= day
    is_over = and_(Authorisation.ends_on.is_not(None), Authorisation.ends_on < day)
    if state is RightState.NOT_YET:
        return goes_on & ~has_begun
    if state is RightState.EXPIRED:
        return goes_on & has_begun & is_over
    unchanged = [""] if state is RightState.IN_FORCE else []
    return last.in_([*kinds, *unchanged]) & has_begun & ~is_over


def _last_kind(day: date) -> ScalarSelect[str]:
    """Of the change that decides on the day, as `last_change` has it: the latest by day, then the last made."""
    change, revoking = aliased(AuthorisationChange), aliased(AuthorisationChange)
    revoked = select(revoking.id).where(
        revoking.authorisation_id == Authorisation.id,
        revoking.kind == ChangeKind.REVOKED,
        revoking.revokes_id == change.id,
    )
    query = select(type_coerce(change.kind, String)).where(
        change.authorisation_id == Authorisation.id,
        change.kind.in_(list(STATE_AFTER)),
        change.effective_on <= day,
        ~revoked.correlate(Authorisation, change).exists(),
    )
    newest = query.order_by(change.effective_on.desc(), change.id.desc()).limit(1)
    return newest.correlate(Authorisation).scalar_subquery()


def area_ids_at(code: str) -> list[int]:
    """The area of the code and those that lie within it; none for a code that is no area's."""
    area = db.session.query(Area).filter_by(code=code).first()
    return [one.id for one in areas_within(area)] if area else []
