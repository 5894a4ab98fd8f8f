"""Signed states of the tree: made in the background, kept in the database and in files outside it for ever."""

import os
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from gi_trace import clock
from gi_trace.database import act, db, end_reading
from gi_trace.errors import N_, Refused
from gi_trace.record.models import (
    RecordCheckpoint,
    RecordHead,
    last_checkpoint,
    record_keys,
    tile,
    tree_entries,
)
from gi_trace.record.notes import Checkpoint, Note, NoteWrong
from gi_trace.record.signing import log_signer
from gi_trace.record.tree import Frontier, leaf_hash, nodes_of, root_at

TAIL = 8192  # bytes of a file of checkpoints that hold its last ones


class RecordRewritten(Refused):
    """Nothing is signed any more: two signed states that contradict each other would be a proof of our own fault."""

    code = "record_rewritten"
    text = N_(
        "存证记录与第 {size} 条时签过的状态不符：有人改动过数据库，或用旧的备份替换过。不再签署，请立即查明。"
    )


def is_growth_unsigned() -> bool:
    """Whether anything was recorded since the last checkpoint, by a service that began to sign."""
    if not record_keys():
        return False
    last, head = last_checkpoint(), db.session.get(RecordHead, 1)
    return head is not None and head.number > (last.size if last else 0)


def sign_checkpoint() -> Checkpoint:
    """The record's present state, signed once it was held against the last ones. Raises RecordRewritten, RecordKeyUnfit."""
    signer = log_signer()
    last_rows, head = last_checkpoint(), db.session.get_one(RecordHead, 1, populate_existing=True)
    present = Checkpoint(signer.name, head.number, head.tree.root)
    known = [last_rows.checkpoint] if last_rows else []
    _check_goes_on(present, [*known, *_last_in_files()])
    end_reading()
    note = f"{present.text}\n{signer.sign(present.text)}"
    _append(clock.now(), note)  # outside first: what only the database has can be taken back with it
    _keep(present.size, note)
    return present


def checkpoints_in_files() -> Iterator[Note]:
    """All that were ever signed on this machine, the oldest first."""
    for file in _files():
        yield from _notes(file.read_text())


def first_contradicted_state() -> int | None:
    """Size of the first signed state, of files or database, that the present record does not go on from, or None.

    In one pass over the record; what no key of ours signed is passed over.
    """
    frontier, head = Frontier(), db.session.get(RecordHead, 1)
    entries = tree_entries(0, head.number if head else 0)
    for note in merge(checkpoints_in_files(), _checkpoints_in_database(), key=_size_of):
        state = Checkpoint.read(note.text)
        for entry in islice(entries, max(0, state.size - frontier.size)):
            frontier.append(leaf_hash(entry))
        if (state.size, state.root) != (frontier.size, frontier.root) and _is_ours(note):
            return state.size
    return None


def _checkpoints_in_database() -> Iterator[Note]:
    query = select(RecordCheckpoint.note).order_by(RecordCheckpoint.size).execution_options(yield_per=1000)
    with db.session.execute(query) as notes:
        for note in notes.scalars():
            yield Note.read(note)


def _size_of(note: Note) -> int:
    return Checkpoint.read(note.text).size


def _is_ours(note: Note) -> bool:
    for known in record_keys():
        try:
            note.seconds_signed(known.key)
            return True
        except NoteWrong:
            continue
    return False


def _check_goes_on(present: Checkpoint, signed: list[Checkpoint]) -> None:
    node = nodes_of(present.size, tile)
    states = {(one.size, one.root) for one in [*signed, present]}
    for size, root in sorted(states):
        if size > present.size or root_at(size, node) != root:
            raise RecordRewritten(size=size)


@act
def _keep(size: int, note: str) -> None:
    if db.session.get(RecordCheckpoint, size) is None:
        db.session.add(RecordCheckpoint(size=size, at=clock.now(), note=note))


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "checkpoints"


def _files() -> list[Path]:
    return sorted(_folder().glob("????-??"))


def _append(at: datetime, note: str) -> None:
    """A file a month. What a power cut left half written is closed by a blank line."""
    _folder().mkdir(mode=0o700, exist_ok=True)
    file = _folder() / clock.minute_of(at)[:7]
    is_new = not file.exists()
    with open(file, "ab") as written:
        written.write(("" if is_new else "\n\n").encode() + note.encode())
        written.flush()
        os.fsync(written.fileno())


def _last_in_files() -> list[Checkpoint]:
    files = _files()
    if not files:
        return []
    with open(files[-1], "rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
        tail = file.read().decode(errors="replace")
    return [Checkpoint.read(note.text) for note in list(_notes(tail))[-1:]]


def _notes(text: str) -> Iterator[Note]:
    """Text and signatures stand in blocks with a blank line between."""
    blocks = text.split("\n\n")
    for body, signatures in zip(blocks, blocks[1:], strict=False):
        if signatures.startswith("— "):
            try:
                yield Note.read(f"{body.strip()}\n\n{signatures.strip()}\n")
            except NoteWrong:  # half written
                continue


def covering_checkpoint(number: int) -> RecordCheckpoint | None:
    """The last one that a witness saw, when it holds the act of that number; else the last."""
    seen = select(RecordCheckpoint).where(
        RecordCheckpoint.cosignatures.any(), RecordCheckpoint.size >= number
    )
    newest = db.session.scalar(seen.order_by(RecordCheckpoint.size.desc()).limit(1)) or last_checkpoint()
    return newest if newest and newest.size >= number else None
