"""Fixtures: a real app on a real database, with the cast in it."""

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from gi_trace import clock
from gi_trace.database import db
from tests import slow_work
from tests.cast import PASSWORD
from tests.databases import Postgres, load_demo_into, make_service, prepare
from tests.well_formed import check_well_formed

# A busy machine is slow, which says nothing about what is tested.
hypothesis.settings.register_profile("without deadlines", deadline=None)
hypothesis.settings.load_profile("without deadlines")


# Each test has a service of its own: what werkzeug writes for building an address is written when first asked for,
# which makes a service four times faster.
_written_at_once = Rule._compile_builder


def _written_when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    written = cache(lambda: _written_at_once(rule, append_unknown))
    return lambda rule, **values: written()(rule, **values)


Rule._compile_builder = _written_when_asked  # type: ignore[method-assign]


class Browser(FlaskClient):
    """Each request in a context of its own, as in the running service; the test's own reading ends first.

    Answers are read to their end at once: a stream left open would keep the context of its request. What is XML in them
    parses, in every test.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        with self.application.app_context():
            answer = super().open(*args, **kwargs | {"buffered": True})
        check_well_formed(answer)
        return answer


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looked through for garbage again and again, it made a service cost thrice."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _watched() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        slow_work.watch(monkeypatch)
        yield


@pytest.fixture(autouse=True)
def _nothing_slow_inside_an_act() -> Iterator[None]:
    with slow_work.looked_for() as found:
        yield
    assert found == []


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder / "gi_trace.db"


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo in it, and nobody of the cast; loaded once, tests take copies."""
    folder = tmp_path_factory.mktemp("demo")
    load_demo_into(folder)
    return folder


@pytest.fixture
def demo(loaded_demo: Path, tmp_path: Path) -> Iterator[Flask]:
    """The service on demo data of the test's own."""
    service = make_service(shutil.copytree(loaded_demo, tmp_path / "demo"))
    service.test_client_class = Browser
    with service.app_context():
        yield service
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with TemporaryDirectory(prefix="gi") as folder:  # short: a socket's path has at most 107 bytes
        server = Postgres(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def database_url(tmp_path: Path, prepared_sqlite: Path) -> str:
    """SQLite with the three products and the cast; `tests/actions` also runs on PostgreSQL."""
    shutil.copy(prepared_sqlite, tmp_path)
    return ""


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """The service on a database of the test's own."""
    service = make_service(tmp_path, database_url)
    service.config["PROPAGATE_EXCEPTIONS"] = False
    service.test_client_class = Browser
    with service.app_context():
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


def failed_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> Any:
    """What is skipped has not been tested, so it counts as failed: nothing is left out silently."""
    if report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Any:
    return failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Any:
    return failed_if_skipped((yield))
