"""The chain of the record: each row's hash covers the row before, so that no row can be edited,
deleted, inserted or moved unseen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One row as stored: number from 1, canonical JSON text, hash of the row before, own hash."""

    number: int
    body: str
    previous_hash: str
    hash: str


def canonical(body: dict[str, Any]) -> str:
    """JSON with sorted keys and no blanks. Floats are refused: their text differs between machines."""
    _refuse_floats(body)
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def entry_hash(number: int, previous_hash: str, body: str) -> str:
    return hashlib.sha256(f"{number}\n{previous_hash}\n{body}".encode()).hexdigest()


def salted_hash(salt: str, value: str) -> str:
    """What the chain keeps of a personal value, and the public of an act; it says nothing without the salt."""
    return hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()


def tree_entry(number: int, at: datetime, about: str, body: str, salt: str) -> bytes:
    """What everybody may read of an act, a leaf of the tree: its number, its time, and hashes of the rest.

    `about` (see `about_text`) can be shown to whom it concerns by its own salt, which does not tell the body's.
    """
    entry = {
        "about": salted_hash(about_salt(salt), about),
        "at": at.isoformat(timespec="microseconds"),
        "body": salted_hash(salt, body),
        "number": number,
    }
    return canonical(entry).encode()


def about_text(act: str, subject: str) -> str:
    return f"{act} {subject}"


def about_salt(salt: str) -> str:
    return salted_hash(salt, "about")


def first_broken_number(entries: Iterable[Entry], head: tuple[int, str]) -> int | None:
    """Number at which the chain stops holding, or None. `head` is the last (number, hash) known."""
    expected_number, previous = 1, START
    for entry in entries:
        whole = entry.number == expected_number and entry.previous_hash == previous
        if not whole or entry.hash != entry_hash(entry.number, previous, entry.body):
            return expected_number
        expected_number, previous = entry.number + 1, entry.hash
    return None if head == (expected_number - 1, previous) else expected_number


def _refuse_floats(value: Any) -> None:
    if isinstance(value, str):  # nearly everything
        return
    if isinstance(value, float):
        raise TypeError("a float cannot be recorded: use integers or text")
    if isinstance(value, dict):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)
