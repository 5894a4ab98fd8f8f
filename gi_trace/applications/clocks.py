"""Which term runs on an application, and how much of it is left."""

from collections.abc import Iterable

from gi_trace import clock
from gi_trace.applications.models import Application, dated_moves
from gi_trace.applications.rules import Stage, running_term
from gi_trace.terms.deadlines import Clock, deadline
from gi_trace.terms.models import terms_now, work_calendar


def clocks_of(applications: Iterable[Application]) -> dict[int, Clock]:
    """By the numbers of those on which a term runs; calendar and terms are read once."""
    calendar, terms, today = work_calendar(), terms_now(), clock.today()
    clocks = {}
    for application in applications:
        if running := running_term(dated_moves(application)):
            code = running.code
            end = deadline(running.begins_on, terms[code], calendar, today=today, pauses=running.pauses)
            left = calendar.workdays_between(today, end.day)
            clocks[application.id] = Clock(code, code.label, end, left)
    return clocks


def is_correction_overdue(application: Application) -> bool:
    if application.stage is not Stage.CORRECTION_ASKED:
        return False
    return clocks_of([application])[application.id].workdays_left < 0
