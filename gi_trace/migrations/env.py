"""How alembic reaches the app's database and tables (run through `flask db`)."""

from typing import Any

from alembic import context
from flask import current_app

from gi_trace.database import db


def skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """A migration in which nothing changes is not written."""
    if context.config.cmd_opts and getattr(context.config.cmd_opts, "autogenerate", False):
        if directives[0].upgrade_ops.is_empty():
            directives.clear()


with db.engine.connect() as connection:
    migrate_settings = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        process_revision_directives=skip_empty,
        **migrate_settings,
    )
    with context.begin_transaction():
        context.run_migrations()
