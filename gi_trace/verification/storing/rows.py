"""Many rows of a table, read or written by one statement of our own text.

SQLAlchemy says once, for a kind of database, how a statement reads and how its types are stored; to work that out at
each group of checks, and to send rows one by one, would cost a tenth of all they cost.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Select, Table, TextClause, text
from sqlalchemy.engine.interfaces import DBAPICursor

from gi_trace.database import Base

Convert = Callable[[Sequence[Any]], list[Any]]
KEYS = "KEYS_GO_HERE"
KEYS_ROUNDED_TO, ROWS_AT_ONCE = 8, 16  # so that there are few statements, and the driver keeps all of them


def among_keys(column: str) -> TextClause:
    """Condition of a select that a `Reading` runs: the column has one of its keys."""
    return text(f"{column} IN ({KEYS})")


class Reading:
    """A select with `among_keys` and no other parameters."""

    def __init__(self, query: Select[*tuple[Any, ...]]):
        self.query = query
        self._prepared = cache(self._prepare)

    def rows(self, connection: Connection, keys: Collection[int]) -> list[list[Any]]:
        if not keys:
            return []
        statement, mark, convert = self._prepared(connection.dialect)
        asked = [*keys]
        asked += asked[-1:] * (-len(asked) % KEYS_ROUNDED_TO)  # a key asked for twice finds nothing more
        statement = statement.replace(KEYS, ", ".join([mark] * len(asked)))
        return [convert(row) for row in _executed(connection, statement, asked).fetchall()]

    def _prepare(self, dialect: Dialect) -> tuple[str, str, Convert]:
        kinds = [column.type.dialect_impl(dialect) for column in self.query.selected_columns]
        compiled = self.query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return (
            str(compiled),
            _mark(dialect),
            _converter(kind.result_processor(dialect, None) for kind in kinds),
        )


class Writing:
    """Rows of a table with these columns: new ones, or with `changing` new values of some columns of known ones."""

    def __init__(self, kind: type[Base], columns: Sequence[str], *, changing: Sequence[str] = ()):
        self.table, self.columns, self.changing = cast(Table, kind.__table__), columns, changing
        self._prepared = cache(self._prepare)

    def write(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        head, row_marks, tail, convert = self._prepared(connection.dialect)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            values = [value for row in part for value in convert(row)]
            _executed(connection, head + ", ".join([row_marks] * len(part)) + tail, values)

    def _prepare(self, dialect: Dialect) -> tuple[str, str, str, Convert]:
        kinds = [self.table.columns[name].type.dialect_impl(dialect) for name in self.columns]
        tail = ""
        if self.changing:
            keys = ", ".join(column.name for column in self.table.primary_key)
            tail = f" ON CONFLICT ({keys}) DO UPDATE SET "
            tail += ", ".join(f"{name} = excluded.{name}" for name in self.changing)
        head = f"INSERT INTO {self.table.name} ({', '.join(self.columns)}) VALUES "
        marks = f"({', '.join([_mark(dialect)] * len(kinds))})"
        return head, marks, tail, _converter(kind.bind_processor(dialect) for kind in kinds)


def _executed(connection: Connection, statement: str, values: Sequence[Any]) -> DBAPICursor:
    """By the driver alone; its errors come as they are."""
    cursor = connection.connection.cursor()
    cursor.execute(statement, values)
    return cursor


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.paramstyle == "qmark" else "%s"


def _converter(processors: Iterable[Callable[[Any], Any] | None]) -> Convert:
    places = [(place, how) for place, how in enumerate(processors) if how]

    def convert(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, how in places:
            if values[place] is not None:
                values[place] = how(values[place])
        return values

    return convert
