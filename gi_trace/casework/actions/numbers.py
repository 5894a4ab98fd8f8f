"""Numbers in the office's own form: one after another within a year, never one twice."""

from sqlalchemy.exc import IntegrityError

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.models import NumberCount, NumberForm, NumberKind, number_form
from gi_trace.casework.rules.case_numbers import check_number_form, number_of
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


def next_number(kind: NumberKind) -> str:
    """A step of filing and deciding; it does not commit."""
    year = clock.today().year
    count = db.session.get(NumberCount, (kind, year)) or _first_count(kind, year)
    lock(count)
    count.last += 1
    return number_of(number_form(kind), year=year, serial=count.last)


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
    own = db.session.get(NumberForm, kind) or NumberForm(kind=kind)
    own.form = form
    db.session.add(own)
    record(Acted.NUMBER_FORM_SET, own, by=by, facts={"form": form})
