"""The database: base class, aware-UTC column type, row locks, and how acts write.

Everything reads, and only an act writes: it takes the write lock as its first line, holds it for its own checks
and writes, and commits once at its end. Files, networks, pictures and passwords come before or after it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, MetaData, event, insert, inspect
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.types import TypeDecorator

Given = ParamSpec("Given")
Result = TypeVar("Result")
Row = TypeVar("Row", bound="Base")

PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=15000",
    "foreign_keys=ON",
    "synchronous=FULL",
    "wal_autocheckpoint=8000",  # 32 MB: carried over seldom, since all who wait for a commit wait for it
)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, naive UTC in the database. A naive value is a mistake."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def enum_column(kind: type[StrEnum], constraint: str = "") -> Enum:
    """Stored as its value, with a CHECK on both databases; `constraint` names it where the enum was renamed since."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        name=constraint or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class NotWriting(RuntimeError):
    """Something would be written or locked outside of an act: a mistake in the code, never a person's."""


@contextmanager
def writing() -> Iterator[None]:
    """One transaction that writes: committed at the end, rolled back whole when anything is raised.

    What was read before is forgotten, so that it is read anew under the lock. Inside another one it is a part of
    that one, which cannot be committed any more once the part has failed.
    """
    session = db.session()
    if is_writing():
        try:
            yield
        except BaseException:
            session.info["writing"] = "spoilt"
            raise
        return
    if session.new or session.dirty or session.deleted:
        raise NotWriting("rows were changed before the act began")
    session.rollback()
    session.info |= {"writing": "sound", "after_commit": []}
    try:
        session.connection(execution_options={"writing": True})
        if first := session.info.get("first_in_act"):
            first()
        yield
        if session.info["writing"] == "spoilt":
            raise NotWriting("a part of the act failed, and the act went on")
        session.commit()
        session.info.pop("first_in_act", None)
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.info["writing"]
        calls = session.info.pop("after_commit")
    for call in calls:
        call()


class _Rehearsed(Exception):
    """The end of a rehearsal, which nobody sees."""


@contextmanager
def rehearsal() -> Iterator[None]:
    """What acts do inside is undone at the end, and what they would have called once committed is not called.

    So whatever would be refused is refused here. It goes as far as what is slow.
    """
    session = db.session()
    session.info["rehearsal"] = True
    try:
        with suppress(_Rehearsed), writing():
            yield
            session.flush()
            raise _Rehearsed
    finally:
        del session.info["rehearsal"]


def first_in_act(call: Callable[[], None]) -> None:
    """Called at the beginning of each act, inside it, until one is on disk: what it writes stands or falls with that."""
    db.session().info["first_in_act"] = call


def act(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Marks an act: all of it happens in one `writing()`, with the rows that it is given as they then are."""

    @wraps(function)
    def acting(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        with writing():
            for row in (*args, *kwargs.values()):
                if isinstance(row, Base) and inspect(row).expired:
                    db.session.refresh(row)  # at its first use later it would flush rows that are half made
            return function(*args, **kwargs)

    return acting


def is_writing() -> bool:
    return "writing" in db.session().info


def end_reading() -> None:
    """Before what takes long (a password, a picture, somebody's network): no transaction stays open meanwhile."""
    if is_writing():
        if "rehearsal" in db.session().info:
            raise _Rehearsed
        raise NotWriting("something slow is done inside an act")
    db.session.rollback()


def after_commit(call: Callable[[], None]) -> None:
    """Called once the act is on disk, and not at all when it fails; a kill may come between. Must not raise."""
    if not is_writing():
        raise NotWriting("nothing will be committed here")
    db.session().info["after_commit"].append(call)


def lock(row: Base) -> None:
    """Hold the row until the act ends, and see it as it now is."""
    if not is_writing():
        raise NotWriting("a row is locked outside of an act")
    db.session.refresh(row, with_for_update=True)


def insert_all(table: type[Row], rows: Sequence[dict[str, Any]]) -> list[Row]:
    """Many rows (columns by name) by one statement, as they then are; inside an act. In no certain order: to keep it,
    SQLAlchemy would send them to SQLite one by one."""
    return list(db.session.scalars(insert(table).returning(table), rows)) if rows else []


@event.listens_for(Session, "before_flush")
def _only_acts_flush(session: Session, *_: Any) -> None:
    if "writing" not in session.info:
        raise NotWriting("rows are written outside of an act")


@event.listens_for(Session, "do_orm_execute")
def _only_acts_change(state: ORMExecuteState) -> None:
    if not state.is_select and (state.is_insert or state.is_update or state.is_delete):
        if "writing" not in state.session.info:
            raise NotWriting("rows are changed outside of an act")


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, _: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None  # transactions are opened by _begin_sqlite alone
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    """Under WAL a transaction that reads first and writes later fails at once when another writes
    meanwhile, whatever the busy timeout; so whatever writes takes the write lock at its start."""
    if connection.dialect.name == "sqlite":
        is_to_write = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_to_write else "BEGIN")
