"""scripts/serve, started for real on a free port: what it prints is true, and it stops without a trace."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from stat import S_IMODE
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVE, ADMIN = ROOT / "scripts/serve", ROOT / "scripts/admin"


@dataclass
class Service:
    process: subprocess.Popen[str]
    address: str
    greeting: str

    def page(self, path: str) -> str:
        with urlopen(self.address + path, timeout=30) as answer:
            assert answer.status == 200
            return answer.read().decode()

    def stop(self, how: signal.Signals) -> int:
        """Sends the signal to the first process alone; returns its exit status."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def has_processes(self) -> bool:
        """Also a while later: what has ended stands in the list until the machine's first process takes it away."""
        for _ in range(50):
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return False
            time.sleep(0.1)
        return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts the service with the keys and database in tmp_path/data, and waits for its greeting."""
    services: list[Service] = []

    def started(*arguments: str) -> Service:
        port = free_port()
        process = subprocess.Popen(
            [SERVE, "--port", str(port), "--data", tmp_path / "data", *arguments],
            env={name: text for name, text in os.environ.items() if not name.startswith("GI_TRACE_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        service = Service(process, f"http://127.0.0.1:{port}", "")
        services.append(service)
        for line in process.stdout:
            service.greeting += line
            if service.address in line and "Ctrl-C" in line:
                return service
        raise AssertionError(f"scripts/serve ended: {service.greeting}")

    yield started
    for service in services:
        with suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.stdout.close()
        service.process.wait()


def sign_in(address: str, name: str, password: str) -> str:
    """Where a person ends after signing in."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{address}/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    form = {"csrf_token": token, "sign_in_name": name, "password": password}
    return browser.open(f"{address}/sign-in", urlencode(form).encode()).url


def admin(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """scripts/admin, typed in `folder`."""
    settings = {name: text for name, text in os.environ.items() if not name.startswith("GI_TRACE_")}
    return subprocess.run([ADMIN, *arguments], cwd=folder, env=settings, capture_output=True, text=True)


def test_it_greets_with_an_address_sign_ins_that_work_and_a_valid_label(start, tmp_path):
    service = start()
    assert service.address in service.greeting
    sign_ins = re.findall(r"(demo-\S+) / (\S+)", service.greeting)
    assert len(sign_ins) >= 3
    for name, password in sign_ins:
        assert not sign_in(service.address, name, password).endswith("/sign-in")
    [label] = re.findall(rf"{service.address}(/c/\w{{20}})", service.greeting)
    page = service.page(label)
    assert "标识有效" in page and "会城" in page and "采收" in page, "a chain to see"
    assert f"{service.address}/sign-in" in service.greeting
    what_the_readme_shows_in_five_minutes_is_there(service, dict(sign_ins), tmp_path / "data")

    keys = list((tmp_path / "data/keys").iterdir())
    assert keys and all(S_IMODE(key.stat().st_mode) == 0o600 for key in keys)

    second = subprocess.run([SERVE, "--port", service.address[-5:]], capture_output=True, text=True)
    assert second.returncode != 0 and "already in use" in second.stderr

    assert service.stop(signal.SIGINT) == 0
    assert not service.has_processes()


def what_the_readme_shows_in_five_minutes_is_there(
    service: Service, sign_ins: dict[str, str], data: Path
) -> None:
    """Its addresses, its people, and its commands as they are typed."""
    tour = (ROOT / "README.md").read_text().split("## Five minutes")[1].split("\n## ")[0]
    addresses, names = re.findall(r"`(/[a-z-]+)`", tour), set(re.findall(r"`(demo-[a-z]+)`", tour))
    commands = re.findall(r"^ +scripts/admin (.+)$", tour, re.MULTILINE)
    assert addresses and len(commands) == 2 and len(names) == 5
    assert all(service.page(address) for address in addresses)
    [password] = set(sign_ins.values())
    for name in names - set(sign_ins):
        assert not sign_in(service.address, name, password).endswith("/sign-in")
    for command in commands:
        told = admin(data, "--data", str(data), *command.split())
        assert told.returncode == 0, told.stderr


def test_a_real_start_has_no_demo_and_keeps_its_keys(start, tmp_path):
    service = start("--no-demo")
    assert "create-admin" in service.greeting and "/c/" not in service.greeting
    assert "登录" in service.page("/sign-in")
    assert service.stop(signal.SIGTERM) == 0
    assert not service.has_processes()

    keys = {key.name: key.read_bytes() for key in (tmp_path / "data/keys").iterdir()}
    assert start("--no-demo").stop(signal.SIGTERM) == 0
    assert keys == {key.name: key.read_bytes() for key in (tmp_path / "data/keys").iterdir()}


def test_commands_run_on_the_data_of_the_service_and_nowhere_else(start, tmp_path):
    data = ("--data", str(tmp_path / "data"))
    refused = admin(tmp_path, *data, "record", "verify")
    assert refused.returncode == 2 and "no service" in refused.stderr and not list(tmp_path.iterdir())

    assert admin(tmp_path, *data, "prepare", "--no-demo").returncode == 0
    made = admin(tmp_path, *data, "create-admin", "--sign-in-name", "first", "--name", "首任")
    password = re.search(r"：(\S+)", made.stdout)[1]
    assert sign_in(start("--no-demo").address, "first", password).endswith("/sign-in/password")
    assert "记录完整" in admin(tmp_path, "--data=data", "record", "verify").stdout, (
        "a folder beside the caller's"
    )

    (tmp_path / "data/gi_trace.db").rename(tmp_path / "taken away")
    told = admin(tmp_path, *data, "leads", "gather")
    assert told.returncode == 1 and "没有表" in told.stderr and "Traceback" not in told.stderr


def test_what_looks_at_a_file_alone_needs_no_service_and_leaves_nothing(tmp_path):
    """A bundle checked against no key of anybody's would be called forged: then a key must be told."""
    bundle = tmp_path / "bundle.zip"
    bundle.write_text("no archive")
    told = admin(tmp_path, "--data", "none", "evidence", "verify", "bundle.zip", "--key", "0" * 63 + "1")
    assert told.returncode == 1 and "不是完整的证据包" in told.stdout
    refused = admin(tmp_path, "--data", "none", "evidence", "verify", "bundle.zip")
    assert refused.returncode == 2 and "no service" in refused.stderr
    assert "--key" in admin(tmp_path, "--data", "none", "evidence", "verify", "--help").stdout
    assert list(tmp_path.iterdir()) == [bundle]


def test_no_keys_are_made_in_a_folder_that_nobody_named(tmp_path):
    settings = {name: text for name, text in os.environ.items() if not name.startswith("GI_TRACE_")}
    flask = [ROOT / ".venv/bin/python", "-m", "flask", "--app", "gi_trace", "record", "verify"]
    told = subprocess.run(
        flask, cwd=tmp_path, env=settings | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert told.returncode != 0 and "没有指明数据文件夹" in told.stderr and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [["--port"], ["--port", "0"], ["--port", "65536"], ["--port", "80x"], ["--data"], ["--prot", "1"]],
)
def test_a_mistyped_argument_is_named(arguments):
    refused = subprocess.run([SERVE, *arguments], capture_output=True, text=True)
    assert refused.returncode == 2
    assert arguments[0] in refused.stderr
