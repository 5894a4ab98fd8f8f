"""A guard for all tests: whatever is slow and begins while an act holds the write lock is stopped, and told.

Files, networks and processes are seen by Python's own audit events; passwords, pictures, papers and archives where
their libraries begin. Everything is really done, unless an act is on.
"""

import os
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from zipfile import ZipFile

import pytest
from argon2 import PasswordHasher
from flask import has_app_context
from fpdf import FPDF
from PIL import Image

from gi_trace.database import db, is_writing

EVENTS = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen")
LIBRARIES = (
    (PasswordHasher, "hash"),
    (PasswordHasher, "verify"),
    (Image, "open"),
    (Image.Image, "save"),
    (FPDF, "output"),
    (ZipFile, "__init__"),
)
# Python reads itself at first use, and the time zones; a module is code wherever it stands.
ITS_OWN = (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), "/usr/share/zoneinfo")
CODE = (".py", ".pyc", ".so")

_found: list[str] = []


class SlowWork(AssertionError):
    """Everybody who writes would have waited for this."""


@contextmanager
def looked_for() -> Iterator[list[str]]:
    """What was slow inside acts meanwhile, also in other threads, and where the error itself was swallowed."""
    _found.clear()
    yield _found


def watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on: an audit hook stays for as long as the process."""
    sys.addaudithook(_look)
    for owner, name in LIBRARIES:
        monkeypatch.setattr(owner, name, _watched(getattr(owner, name)))


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event in EVENTS and _acts() and not (event == "open" and _is_its_own(arguments[0])):
        _stop(f"{event} {arguments[0]!r}")


def _watched(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if _acts():
            _stop(call.__qualname__)
        return call(*args, **kwargs)

    return watched


def _acts() -> bool:
    """Asked for every file: so no session is made only to ask it."""
    return has_app_context() and db.session.registry.has() and is_writing()


def _is_its_own(file: str | bytes | int) -> bool:
    if isinstance(file, int):  # a file that is open already
        return True
    name = os.fsdecode(file)
    return name.startswith(ITS_OWN) or name.endswith(CODE)


def _stop(what: str) -> None:
    _found.append(what)
    raise SlowWork(f"{what} while an act holds the write lock")
