"""Imports as tests bring them: sent, read by the worker, confirmed, taken over by the worker."""

from sqlalchemy import inspect

from gi_trace.database import db
from gi_trace.excel.table import RowFault
from gi_trace.imports.actions import confirm_import, send_import
from gi_trace.imports.models import Import, ImportKind, prepared_rows
from gi_trace.registry.rolls.plan import PlannedRow, planned_row
from tests.cast import person, two_officers
from tests.excel import roll_xlsx
from tests.jobs import do_what_waits


def read(sent: Import) -> Import:
    """As it is once the worker has done what waits."""
    do_what_waits()
    return as_it_is(sent)


def as_it_is(sent: Import) -> Import:
    """From the database: the worker ends the session that knew it."""
    return db.session.get_one(Import, inspect(sent).identity)


def taken_over(sent: Import, by: str = "") -> Import:
    """Decided by one, or by two officers."""
    who = {"by": person(by)} if by else two_officers()
    confirm_import(as_it_is(sent), **who)
    return read(sent)


def send_roll(*rows: dict) -> Import:
    return send_roll_file(roll_xlsx(*rows))


def send_roll_file(content: bytes) -> Import:
    return read(send_import(ImportKind.ROLL, "名册.xlsx", content, by=person("zhao")))


def planned_rows(sent: Import) -> list[PlannedRow]:
    return [planned_row(row) for row in prepared_rows(sent)]


def the_fault(sent: Import) -> RowFault:
    [fault] = sent.faults
    return fault
