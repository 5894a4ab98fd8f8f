"""Appending to the record: the last step of every act, in the act's own transaction."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol

from sqlalchemy import insert, inspect, select

from gi_trace import clock
from gi_trace.database import Base, db
from gi_trace.record.acts import Acted
from gi_trace.record.growing import first_broken_leaf, keep_full_tiles
from gi_trace.record.models import PersonalValue, RecordHead, RecordRow, entries
from gi_trace.record.rules import (
    START,
    about_text,
    canonical,
    entry_hash,
    first_broken_number,
    salted_hash,
    tree_entry,
)
from gi_trace.record.tree import leaf_hash


class Actor(Protocol):
    id: Any


@dataclass(frozen=True)
class Happening:
    """One row to append: the act, what it was done to, and what is known of it.

    `facts` hold no personal data (text, integers, dates, lists of these); `personal` values enter the
    chain as salted hashes and can be erased later.
    """

    act: Acted
    subject: Base
    facts: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)


def record(
    act: Acted,
    subject: Base,
    *,
    by: Actor | None,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> int:
    """Append one row and return its number; it stands or falls with the transaction.

    `by` None is the service itself. For `facts` and `personal` see Happening.
    """
    return record_all([Happening(act, subject, facts or {}, personal or {})], by=by)


def record_all(happenings: Iterable[Happening], *, by: Actor | None) -> int:
    """Append a row for each, in their order, and return the last number."""
    db.session.flush()  # the subjects need their ids
    head = _locked_head()
    size, tree = head.number, head.tree
    at, actor = clock.now(), f"account:{by.id}" if by else "service"
    rows: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for happening in happenings:
        row = _row_after(head, happening, at, actor, values)
        rows.append(row)
        head.number, head.hash = row["number"], row["hash"]
    if rows:  # a statement for all of them: an import appends hundreds while it holds the lock
        db.session.execute(insert(RecordRow), rows)
    if values:
        db.session.execute(insert(PersonalValue), values)
    leaves = [_leaf(row) for row in rows]
    for leaf in leaves:
        tree.append(leaf)
    head.frontier = tree.packed
    keep_full_tiles(0, size, leaves)
    db.session.flush()
    return head.number


def _row_after(
    head: RecordHead, happening: Happening, at: datetime, actor: str, values: list[dict[str, Any]]
) -> dict[str, Any]:
    """The columns of the next row; those of its personal values are added to `values`."""
    number, subject, hashes = head.number + 1, subject_of(happening.subject), {}
    for name, value in happening.personal.items():
        salt = secrets.token_hex(16)
        hashes[name] = salted_hash(salt, value)
        values.append({"row_number": number, "name": name, "salt": salt, "value": value})
    body = canonical(
        {
            "act": happening.act.value,
            "at": at.isoformat(timespec="microseconds"),
            "by": actor,
            "facts": {name: _plain(value) for name, value in happening.facts.items()},
            "personal": hashes,
            "subject": subject,
        }
    )
    row = {
        "number": number,
        "at": at,
        "act": happening.act.value,
        "subject": subject,
        "by": actor,
        "body": body,
        "salt": secrets.token_hex(16),
    }
    return row | {"previous_hash": head.hash, "hash": entry_hash(number, head.hash, body)}


def _leaf(row: dict[str, Any]) -> bytes:
    about = about_text(row["act"], row["subject"])
    return leaf_hash(tree_entry(row["number"], row["at"], about, row["body"], row["salt"]))


def subject_of(row: Base) -> str:
    """Name of a row in the record: table and primary key, as in `batch:12`."""
    key = "-".join(str(part) for part in inspect(row).identity or ())
    return f"{row.__tablename__}:{key}"


def first_broken_row() -> tuple[int | None, int, str]:
    """(number at which the record stops holding or None, rows, hash of the last row)."""
    head = db.session.get(RecordHead, 1)
    last = (head.number, head.hash) if head else (0, START)
    broken = first_broken_number(entries(), last) or _first_differing_column() or first_broken_leaf()
    return broken, *last


def _locked_head() -> RecordHead:
    head = db.session.scalar(
        select(RecordHead).filter_by(id=1).with_for_update().execution_options(populate_existing=True)
    )
    if head is None:
        head = RecordHead(id=1, number=0, hash=START, frontier=b"")
        db.session.add(head)
        db.session.flush()
    return head


def _first_differing_column() -> int | None:
    """The columns for finding, and personal values not erased, must say what the hashed body says."""
    query = select(RecordRow).order_by(RecordRow.number).execution_options(yield_per=500)
    with db.session.execute(query) as rows:  # stopping early leaves no open cursor
        return next((row.number for row in rows.scalars() if not _columns_agree(row)), None)


def _columns_agree(row: RecordRow) -> bool:
    body = json.loads(row.body)
    same = (row.act, row.subject, row.by) == (body["act"], body["subject"], body["by"])
    kept = all(
        salted_hash(value.salt, value.value) == body["personal"].get(value.name) for value in row.personal
    )
    return same and kept and row.at == datetime.fromisoformat(body["at"])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    return value
