"""The chain of the record: each row's hash covers the row before, so that no row can be edited,
deleted, inserted or moved unseen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
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


def personal_hash(salt: str, value: str) -> str:
    """What the chain keeps of a personal value; it says nothing once the salt is erased."""
    return hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()


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
