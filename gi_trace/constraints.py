"""Constraints that speak: who was second reads the refusal that whoever comes later would have read.

Two acts at once may both look before either writes. Then the database refuses the second; the constraint's
`info` says in which words.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, event, select
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from gi_trace.database import Base, db
from gi_trace.errors import Refused

SQLITE = re.compile(r"UNIQUE constraint failed: (.+)")


def refused_as(kind: type[Refused]) -> dict[str, Any]:
    """The `info` of a unique column, constraint or index.

    The refusal's facts are the values of its columns, by their names.
    """
    return {"refused": kind}


def check_free(column: InstrumentedAttribute[str], value: str) -> None:
    """Refuse a value of a unique column that is there already."""
    if db.session.scalar(select(column).where(column == value)) is not None:
        raise column.info["refused"](**{column.key: value})


def is_taken(error: IntegrityError) -> bool:
    """Whether what was written is there already."""
    return getattr(error.orig, "sqlstate", None) == "23505" or bool(SQLITE.search(str(error.orig)))


@event.listens_for(Engine, "handle_error")
def _refuse(context: ExceptionContext) -> Refused | None:
    """The refusal to raise instead; None leaves the fault of the database as it is."""
    error, execution = context.sqlalchemy_exception, context.execution_context
    if not isinstance(error, IntegrityError) or execution is None or not is_taken(error):
        return None
    for name, columns, kind in _refusals():
        if _is_named(name, columns, error):
            return kind(**_facts(columns, execution.compiled_parameters, str(error.orig)))  # type: ignore[attr-defined]
    return None


def _refusals() -> Iterator[tuple[str, list[Column], type[Refused]]]:
    """(name, columns, refusal) of every unique constraint or index that has one."""
    for table in Base.metadata.tables.values():
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        rules: list[UniqueConstraint | Index] = [*unique, *table.indexes]
        for rule in rules:
            columns = list(rule.columns)
            info = rule.info or (columns[0].info if len(columns) == 1 else {})
            if "refused" in info:
                yield str(rule.name), columns, info["refused"]


def _is_named(name: str, columns: list[Column], error: IntegrityError) -> bool:
    """PostgreSQL says the constraint's name, SQLite its columns."""
    if said := SQLITE.search(str(error.orig)):
        return said[1] == ", ".join(f"{column.table.name}.{column.name}" for column in columns)
    return error.orig.diag.constraint_name == name  # type: ignore[union-attr]


def _facts(columns: list[Column], rows: list[dict[str, Any]], said: str) -> dict[str, Any]:
    """Of several rows written at once, PostgreSQL says the values of the one at fault."""
    names = [column.name for column in columns]
    facts = [{name: row.get(name, "") for name in names} for row in rows]
    return next((each for each in facts if all(str(value) in said for value in each.values())), facts[0])
