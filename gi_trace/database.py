"""The database: base class, aware-UTC column type, row locks, and how transactions open."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=15000",
    "foreign_keys=ON",
    "synchronous=FULL",
    "wal_autocheckpoint=8000",  # 32 MB: verification/checkpoints.py comes before it
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


def enum_column(kind: type[StrEnum]) -> Enum:
    """Stored as its value, with a CHECK on both databases."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def lock(row: Base) -> None:
    """Hold the row until the act ends, and see it as it now is."""
    db.session.refresh(row, with_for_update=True)


def begin_writing() -> None:
    """In a GET that has something to keep: end its reading transaction and open a writing one."""
    db.session.rollback()
    db.session.connection(execution_options={"writing": True})


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
    meanwhile, whatever the busy timeout; so whatever may write takes the write lock at its start."""
    if connection.dialect.name != "sqlite":
        return
    writing = connection.get_execution_options().get("writing")
    if writing is None:
        writing = not (has_request_context() and request.method in SAFE_METHODS)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
