"""A running service and a real Chromium at phone size."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from gi_trace.database import db
from tests.cast import PASSWORD
from tests.databases import make_service

CHROMIUM = "/usr/bin/chromium"
PATIENCE_S = 60  # a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE_S * 1000)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE_S * 1000
        )
        yield browser
        browser.close()


@pytest.fixture
def service(tmp_path: Path, prepared_sqlite: Path) -> Iterator[Flask]:
    """The app with CSRF on, served on a free port; its address is `PUBLIC_URL`."""
    shutil.copy(prepared_sqlite, tmp_path)
    shutil.copytree(prepared_sqlite.parent / "evidence", tmp_path / "evidence")  # the pages show its photos
    app = make_service(tmp_path, WTF_CSRF_ENABLED=True)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["PUBLIC_URL"] = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def new_context(chromium: Browser, service: Flask) -> Iterator[Callable[..., BrowserContext]]:
    """A browser profile of its own, as a person's phone is; closed at the end."""
    contexts = []

    def make(**options: object) -> BrowserContext:
        settings = {"base_url": service.config["PUBLIC_URL"], "viewport": PHONE, "locale": "zh-CN"}
        context = chromium.new_context(**(settings | options))  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page_of(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A signed-in page of a member of the cast; without a name, a shopper's."""

    def open_page(sign_in_name: str = "", **options: object) -> Page:
        page = new_context(**options).new_page()
        if sign_in_name:
            page.goto("/sign-in")
            page.get_by_label("登录名").fill(sign_in_name)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    return open_page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who goes on to another page breaks its files off, and the server of the tests leaves such a file to Python.

    A real Chromium on two loaded cores may run out of patience once, which says nothing about what is tested: then the
    test runs again, and the log says RERUN. What fails twice is a fault.
    """
    broken_off = (
        r"ignore:Exception ignored in. <_io.FileIO name='.*/static/:pytest.PytestUnraisableExceptionWarning"
    )
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(broken_off))
            item.add_marker(pytest.mark.flaky(reruns=1))
