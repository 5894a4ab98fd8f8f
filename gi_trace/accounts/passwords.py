"""Passwords, as argon2 hashes and compares them: one at a time in a process, and never inside a transaction.

Each takes 64 MB and all cores for a tenth of a second: forty at once made everybody else wait for seconds.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from gi_trace.accounts.rules import TooManySignIns
from gi_trace.database import end_reading

MOST_WAITING = 8  # threads of a process, whose others answer everybody else
RETRY_SECONDS = 5
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

hasher = PasswordHasher()
_places = threading.BoundedSemaphore(MOST_WAITING)
_turn = threading.Lock()


def hashed(password: str) -> str:
    """Raises TooManySignIns."""
    with _in_turn():
        return hasher.hash(password)


def fits(password: str, known_hash: str | None) -> bool:
    """Takes as long where there is no account (None) as where there is one. Raises TooManySignIns."""
    with _in_turn():
        try:
            return hasher.verify(known_hash or _nobodys_hash(), password) and known_hash is not None
        except VerificationError:
            return False


def one_time_password() -> str:
    return "-".join("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(3))


@contextmanager
def _in_turn() -> Iterator[None]:
    end_reading()
    if not _places.acquire(blocking=False):
        raise TooManySignIns(retry_after=RETRY_SECONDS)
    try:
        with _turn:
            yield
    finally:
        _places.release()


@cache
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_hex(16))
