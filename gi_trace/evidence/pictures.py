"""Somebody's picture is unpacked here and nowhere else: in a process that ends with it, few at once on a machine.

Whatever a picture costs, it costs that process. Web workers hold the bytes as they came and the copy that comes back.
"""

import fcntl
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask import current_app

from gi_trace.database import end_reading
from gi_trace.errors import N_, Refused

DRAWING = Path(__file__).with_name("drawing.py")
AT_ONCE = 2  # on the machine, whatever serves or works there
MOST_WAITING = 4  # in a process, whose other threads answer everybody else
LONGEST_WAIT, LONGEST_DRAWING = 5, 30  # seconds

_places = threading.BoundedSemaphore(MOST_WAITING + AT_ONCE)


class Undrawable(ValueError):
    """No photo, a damaged one, or one that would cost too much; `media_type` where it is a photo all the same."""

    def __init__(self, media_type: str | None = None):
        super().__init__()
        self.media_type = media_type


class TooManyPictures(Refused):
    code = "too_many_pictures"
    status = 503
    text = N_("现在同时处理的照片太多。请过 {retry_after} 秒再试。")


def copy_of(photo: bytes | Path, *, side: int, most_pixels: int) -> tuple[str, bytes]:
    """Its media type, and a copy as JPEG: upright, no side longer than `side` pixels, without metadata.

    Raises Undrawable, TooManyPictures.
    """
    return _drawn("copy", photo, side, most_pixels)


def artwork_of(picture: bytes, *, side: int, most_pixels: int) -> tuple[str, bytes]:
    """Its media type, and as PNG what is to be printed of it, no side longer than `side` pixels.

    Raises Undrawable, TooManyPictures.
    """
    return _drawn("artwork", picture, side, most_pixels)


def symbols_in(photo: bytes | Path, *, side: int, most_pixels: int) -> tuple[list[str], str]:
    """Texts of all QR symbols of a photo, and where there are none why: small, dark, glare, blurred or none.

    Raises Undrawable, TooManyPictures.
    """
    return json.loads(_drawn("symbols", photo, side, most_pixels)[1])


def _drawn(task: str, photo: bytes | Path, side: int, most_pixels: int) -> tuple[str, bytes]:
    end_reading()
    with _place_on_the_machine():
        media_type, drawn = _run([task, str(side), str(most_pixels)], photo)
    if not drawn:
        raise Undrawable(media_type or None)
    return media_type, drawn


def _run(arguments: list[str], photo: bytes | Path) -> tuple[str, bytes]:
    """(media type, what was drawn), each empty where it was not reached."""
    command = [sys.executable, "-I", str(DRAWING), *arguments]
    environment = {"MALLOC_ARENA_MAX": "1"}  # threads of the HEIC library would each set 64 MB aside
    try:
        if isinstance(photo, bytes):
            ended = subprocess.run(
                command, input=photo, env=environment, capture_output=True, timeout=LONGEST_DRAWING
            )
        else:
            with photo.open("rb") as file:
                ended = subprocess.run(
                    command, stdin=file, env=environment, capture_output=True, timeout=LONGEST_DRAWING
                )
    except subprocess.TimeoutExpired as expired:
        return (expired.stdout or b"").partition(b"\n")[0].decode(), b""
    media_type, _, drawn = ended.stdout.partition(b"\n")
    return media_type.decode(), drawn if ended.returncode == 0 else b""


@contextmanager
def _place_on_the_machine() -> Iterator[None]:
    """One of AT_ONCE files is ours while we draw; the kernel gives it back whatever ends us."""
    if not _places.acquire(blocking=False):
        raise TooManyPictures(retry_after=LONGEST_WAIT)
    try:
        folder = Path(current_app.config["DATA_DIR"]) / "drawing"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(folder):
            yield
    finally:
        _places.release()


@contextmanager
def _locked(folder: Path) -> Iterator[IO[bytes]]:
    give_up = time.monotonic() + LONGEST_WAIT
    while True:
        for number in range(AT_ONCE):
            with (folder / str(number)).open("ab") as file:
                if _is_ours(file):
                    yield file
                    return
        if time.monotonic() > give_up:
            raise TooManyPictures(retry_after=LONGEST_WAIT)
        time.sleep(0.05)


def _is_ours(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
