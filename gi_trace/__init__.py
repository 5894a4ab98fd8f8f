"""gi_trace: traceability of geographical indications and checks against counterfeits."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from gi_trace.commands import init_commands
from gi_trace.config import database_url, settings_from_environment
from gi_trace.database import db
from gi_trace.keys import Keys
from gi_trace.verification.storing.journal import init_journal
from gi_trace.web import init_web, public
from gi_trace.web.api import init_api
from gi_trace.web.uploads import init_uploads

ROOT = Path(__file__).resolve().parent.parent
csrf = CSRFProtect()


def create_app(**settings: Any) -> Flask:
    """The whole service. `settings` stand above the environment (tests use them)."""
    app = Flask(
        __name__,
        instance_path=str(ROOT / "instance"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(settings_from_environment() | settings)
    service_keys = Keys(app.config["DATA_DIR"])
    app.extensions["gi_trace_keys"] = service_keys
    app.config.update(
        SECRET_KEY=service_keys.cookies,
        SQLALCHEMY_DATABASE_URI=database_url(app.config),
        SQLALCHEMY_ENGINE_OPTIONS={"pool_use_lifo": True},  # the connection whose cache is warm
        SESSION_COOKIE_NAME="gi_trace",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=bool(app.config["SECURE_COOKIES"]),
        MAX_CONTENT_LENGTH=app.config["UPLOAD_MB"] * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,  # of what is typed: 8 MB of it took 15 s
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "gi_trace/migrations"), render_as_batch=True)
    init_uploads(app)
    csrf.init_app(app)
    init_journal(app)
    init_web(app)
    init_api(app, csrf)
    csrf.exempt(public.bp)  # nothing there acts for anyone signed in, and it works without cookies
    init_commands(app)
    return app
