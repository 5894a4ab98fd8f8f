"""Jobs as tests do them: in the test's own process, as the worker would."""

from flask import current_app

from gi_trace.database import db
from gi_trace.jobs.running import work


def do_what_waits() -> None:
    db.session.rollback()
    with current_app.app_context():
        work()
