"""The guard over all tests sees slow work inside acts, and lets it pass outside of them."""

import io
import socket
import subprocess
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest
from fpdf import FPDF
from PIL import Image

from gi_trace.accounts.passwords import hasher
from gi_trace.database import act
from tests.cast import photo
from tests.slow_work import SlowWork, looked_for

PHOTO, HASH = photo(), hasher.hash("示范")


def connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.create_connection(listening.getsockname()).close()


SLOW = {
    "a file read": lambda folder: (folder / "there").read_bytes(),
    "a file written": lambda folder: (folder / "new").write_bytes(b""),
    "a connection": lambda folder: connect(),
    "a name looked up": lambda folder: socket.getaddrinfo("127.0.0.1", 80),
    "a process": lambda folder: subprocess.run(["true"], check=True),
    "a password kept": lambda folder: hasher.hash("示范"),
    "a password compared": lambda folder: hasher.verify(HASH, "示范"),
    "a picture opened": lambda folder: Image.open(io.BytesIO(PHOTO)),
    "a picture saved": lambda folder: Image.new("1", (1, 1)).save(io.BytesIO(), "PNG"),
    "a paper": lambda folder: FPDF().output(),
    "an archive": lambda folder: ZipFile(io.BytesIO(), "w").close(),
}


@act
def acting(slow, *given):
    return slow(*given)


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_slow_work_is_stopped_inside_an_act_and_nowhere_else(app, tmp_path, slow):
    (tmp_path / "there").write_bytes(b"")
    with looked_for() as found:
        slow(tmp_path)
        assert found == []
        with pytest.raises(SlowWork):
            acting(slow, tmp_path)
        assert len(found) == 1
        slow(tmp_path)
        found.clear()


def test_slow_work_is_found_where_its_error_is_swallowed(app, tmp_path):
    def swallowing() -> None:
        try:
            open(tmp_path / "file", "w")
        except Exception:
            return

    with looked_for() as found:
        acting(swallowing)
        assert [str(tmp_path / "file") in one for one in found] == [True]
        found.clear()


def test_slow_work_is_found_in_another_thread_that_acts(app, tmp_path):
    def elsewhere() -> None:
        with app.app_context(), pytest.raises(SlowWork):
            acting(Path.read_bytes, tmp_path / "file")

    with looked_for() as found:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert len(found) == 1
        found.clear()


def test_a_thread_that_does_not_act_may_do_what_is_slow_meanwhile(app, tmp_path):
    def meanwhile() -> None:
        thread = threading.Thread(target=(tmp_path / "file").write_bytes, args=(b"",))
        thread.start()
        thread.join()

    acting(meanwhile)
    assert (tmp_path / "file").exists()
