"""How alembic reaches the app's database and tables (run through `flask db`)."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from gi_trace.database import db


def skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """A migration in which nothing changes is not written."""
    if context.config.cmd_opts and getattr(context.config.cmd_opts, "autogenerate", False):
        if directives[0].upgrade_ops.is_empty():
            directives.clear()


def let_tables_be_remade(connection: Connection) -> None:
    """On SQLite a table is changed by making it anew, which its references would forbid; they are checked at the end.

    The setting belongs to the connection, which is closed afterwards, and takes no effect inside a transaction.
    """
    if connection.dialect.name == "sqlite":
        connection.detach()
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]


def check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration leaves rows whose references lead nowhere: {broken[:5]}")


with db.engine.connect() as connection:
    let_tables_be_remade(connection)
    migrate_settings = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection.execution_options(writing=True),
        target_metadata=db.metadata,
        process_revision_directives=skip_empty,
        transactional_ddl=True,  # all or nothing, also on SQLite: gi_trace/database.py opens the transaction
        **migrate_settings,
    )
    with context.begin_transaction():
        context.run_migrations()
        check_references(connection)
