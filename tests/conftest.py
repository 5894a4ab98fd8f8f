"""Fixtures: a real app on a real database, with the cast in it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gi_trace import clock, create_app
from gi_trace.database import db
from gi_trace.registry.first_products import load_first_products
from gi_trace.web.limits import limiter
from tests.cast import PASSWORD, enter_cast


class Browser(FlaskClient):
    """Each request in a context of its own, as in the running service; the test's own reading ends first."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The service on an empty SQLite database with the three products and the cast."""
    service = create_app(TESTING=True, DATA_DIR=str(tmp_path), WTF_CSRF_ENABLED=False)
    service.config["PROPAGATE_EXCEPTIONS"] = False
    service.test_client_class = Browser
    with service.app_context():
        db.create_all()
        load_first_products()
        enter_cast()
        limiter.reset()
        yield service
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser of its own for a member of the cast."""

    def signed_in(sign_in_name: str) -> FlaskClient:
        browser = app.test_client()
        answer = browser.post("/sign-in", data={"sign_in_name": sign_in_name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return browser

    return signed_in


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock: at("2026-11-24T08:00Z")."""

    def set_clock(text: str) -> None:
        instant = datetime.fromisoformat(text)
        monkeypatch.setattr(clock, "now", lambda: instant)

    return set_clock
