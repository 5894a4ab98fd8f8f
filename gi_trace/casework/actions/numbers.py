"""Numbers in the office's own form: one after another within a year, never one twice."""

from sqlalchemy.exc import IntegrityError

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.models import (
    Case,
    CasePaper,
    Decision,
    NumberCount,
    NumberForm,
    NumberKind,
    number_form,
)
from gi_trace.casework.rules.case_numbers import NumberFormTaken, check_number_form, number_of
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

NUMBERED: tuple[type[Case | Decision | CasePaper], ...] = (Case, Decision, CasePaper)


def next_number(kind: NumberKind) -> str:
    """A step of filing and deciding; it does not commit. A number that another kind has in this form is passed over."""
    year, form = clock.today().year, number_form(kind)
    count = db.session.get(NumberCount, (kind, year)) or _first_count(kind, year)
    lock(count)
    while True:
        count.last += 1
        number = number_of(form, year=year, serial=count.last)
        if not any(db.session.query(one.number).filter_by(number=number).first() for one in NUMBERED):
            return number


def _first_count(kind: NumberKind, year: int) -> NumberCount:
    """The year's counter; another officer may be making it at this moment."""
    try:
        with db.session.begin_nested():
            db.session.add(NumberCount(kind=kind, year=year, last=0))
    except IntegrityError:
        pass
    return db.session.get_one(NumberCount, (kind, year))


@act
def set_number_form(kind: NumberKind, form: str, *, by: Account) -> None:
    form = form.strip()
    check_number_form(form)
    if any(number_form(other) == form for other in NumberKind if other is not kind):
        raise NumberFormTaken
    own = db.session.get(NumberForm, kind) or NumberForm(kind=kind)
    own.form = form
    db.session.add(own)
    record(Acted.NUMBER_FORM_SET, own, by=by, facts={"form": form})
