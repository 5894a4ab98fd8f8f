"""The service in processes of its own, as scripts/serve starts it, on a test's database."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def gunicorn_on(app: Flask, *, workers: int = 2) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """(port, first process), once it answers; all of it is killed at the end."""
    port = _free_port()
    command = [
        "gunicorn",
        "--config",
        "gi_trace/gunicorn_conf.py",
        "--workers",
        str(workers),
        "gi_trace:create_app()",
    ]
    settings = {name: app.config[name] for name in ("DATA_DIR", "DATABASE_URL")} | {"PORT": str(port)}
    settings["OFFICES_NETWORKS"] = "127.0.0.0/8"  # where a test's other offices are
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | {f"GI_TRACE_{name}": text for name, text in settings.items()},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port, process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Sender:
    """A signed-in browser that posts forms; one may be used by many threads at once."""

    def __init__(self, port: int, sign_in_name: str):
        self.port, self.cookies, self.account = port, {}, ""
        form = {"sign_in_name": sign_in_name, "password": PASSWORD}
        self._open("/sign-in")
        status, _ = self.post("/sign-in", form)
        assert status == 302

    def post(self, path: str, form: dict[str, object]) -> tuple[int, str]:
        """Status and text of the answer; each form is one of its own."""
        if self.account == "" and not path.startswith("/sign-in"):
            self._open(f"/{path.split('/')[1]}/")
        sealed = {"csrf_token": self.token, "form_key": f"{self.account or 0}-{secrets.token_urlsafe(16)}"}
        return self._open(path, urlencode(form | sealed))

    def get(self, path: str) -> str:
        """The page's text."""
        status, text = self._open(path)
        assert status == 200, (status, path)
        return text

    def _open(self, path: str, body: str | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if token := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text):
            self.token = token[1]
        if key := re.search(r'name="form_key" value="(\d+)-', text):
            self.account = key[1]
        connection.close()
        return answer.status, text


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/privacy")
            assert connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the service did not start")
