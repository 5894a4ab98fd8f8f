"""Many rows of a table, read or written by one statement.

Checks are stored some thirty at a time while more wait, so what one row costs counts. SQLAlchemy works out its
statements anew each time and sends rows to SQLite one by one, letting the waiting threads in between. Here it
says once, for a kind of database, what a statement reads and how its types are stored.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Select, Table, TextClause, text
from sqlalchemy.engine.interfaces import DBAPICursor

from gi_trace.database import Base

Rows = Sequence[Sequence[Any]]
Convert = tuple[tuple[int, Callable[[Any], Any]], ...]  # (place in the row, how)
KEYS = "KEYS_GO_HERE"
KEYS_ROUNDED_TO, ROWS_AT_ONCE = 8, 16  # so that there are few statements, and the driver keeps all of them


def among_keys(column: str) -> TextClause:
    """Condition of a select that a `Reading` runs: the column has one of its keys."""
    return text(f"{column} IN ({KEYS})")


class Reading:
    """A select with `among_keys` and no other parameters."""

    def __init__(self, query: Select[*tuple[Any, ...]]):
        self.query = query
        self._prepared = lru_cache(4)(self._prepare)

    def rows(self, connection: Connection, keys: Collection[int]) -> list[list[Any]]:
        if not keys:
            return []
        statement, mark, convert = self._prepared(connection.dialect)
        asked = [*keys]
        asked += asked[-1:] * (-len(asked) % KEYS_ROUNDED_TO)  # a key asked for twice finds nothing more
        marks = ", ".join([mark] * len(asked))
        with _executed(connection, statement.replace(KEYS, marks), asked) as cursor:
            return [_converted(row, convert) for row in cursor.fetchall()]

    def _prepare(self, dialect: Dialect) -> tuple[str, str, Convert]:
        types = [column.type.dialect_impl(dialect) for column in self.query.selected_columns]
        processors = [kind.result_processor(dialect, None) for kind in types]
        statement = self.query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return str(statement), _mark(dialect), _places(processors)


class Writing:
    """New rows of a table, all its columns in their order; or, with columns `changing`, rows that stand there."""

    def __init__(self, kind: type[Base], *, changing: Sequence[str] = ()):
        self.table = cast(Table, kind.__table__)
        self.changing = changing
        self._prepared = lru_cache(4)(self._prepare)

    def write(self, connection: Connection, rows: Rows) -> None:
        head, row_marks, tail, convert = self._prepared(connection.dialect)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            values = [value for row in part for value in _converted(row, convert)]
            with _executed(connection, head + ", ".join([row_marks] * len(part)) + tail, values):
                pass

    def _prepare(self, dialect: Dialect) -> tuple[str, str, str, Convert]:
        columns = list(self.table.columns)
        processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
        head = f"INSERT INTO {self.table.name} ({', '.join(column.name for column in columns)}) VALUES "
        row_marks = f"({', '.join([_mark(dialect)] * len(columns))})"
        return head, row_marks, self._tail(), _places(processors)

    def _tail(self) -> str:
        if not self.changing:
            return ""
        keys = ", ".join(column.name for column in self.table.primary_key)
        values = ", ".join(f"{name} = excluded.{name}" for name in self.changing)
        return f" ON CONFLICT ({keys}) DO UPDATE SET {values}"


def _executed(connection: Connection, statement: str, values: list[Any]) -> closing[DBAPICursor]:
    """By the driver alone; its errors come as they are."""
    cursor = connection.connection.cursor()
    cursor.execute(statement, values)
    return closing(cursor)


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.paramstyle == "qmark" else "%s"


def _places(processors: Sequence[Callable[[Any], Any] | None]) -> Convert:
    return tuple((place, how) for place, how in enumerate(processors) if how)


def _converted(row: Sequence[Any], convert: Convert) -> list[Any]:
    values = list(row)
    for place, how in convert:
        if values[place] is not None:
            values[place] = how(values[place])
    return values
