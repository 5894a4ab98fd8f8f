"""Proofs that an act stands in the record, to be kept and checked by whoever was given one."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from gi_trace.database import Base, db
from gi_trace.record.actions import subject_of
from gi_trace.record.checkpoints import covering_checkpoint
from gi_trace.record.models import RecordCheckpoint, RecordRow, tile
from gi_trace.record.notes import Proof
from gi_trace.record.rules import about_salt, about_text, tree_entry
from gi_trace.record.tree import inclusion_proof, nodes_of


@dataclass(frozen=True)
class Recorded:
    """An act with the signed state that holds it (None in its first minute). `salt` opens what it is about."""

    number: int
    at: datetime
    salt: str
    checkpoint: RecordCheckpoint | None

    @property
    def witnesses(self) -> int:
        return len(self.checkpoint.cosignatures) if self.checkpoint else 0


def recorded(thing: Base) -> Recorded | None:
    """The first act about it; None of what is older than the record."""
    query = select(RecordRow).filter_by(subject=subject_of(thing)).order_by(RecordRow.number).limit(1)
    row = db.session.scalar(query)
    if row is None:
        return None
    return Recorded(row.number, row.at, about_salt(row.salt), covering_checkpoint(row.number))


def find_proof(number: int, salt: str) -> Proof | None:
    """For whoever has the salt; none while no state was signed that holds the act."""
    row = db.session.get(RecordRow, number)
    if row is None or about_salt(row.salt) != salt:
        return None
    kept = covering_checkpoint(number)
    if kept is None:
        return None
    hashes = inclusion_proof(number - 1, kept.size, nodes_of(kept.size, tile))
    about = about_text(row.act, row.subject)
    entry = tree_entry(number, row.at, about, row.body, row.salt).decode()
    extra = json.dumps({"about": about, "entry": entry, "salt": salt}, ensure_ascii=False)
    return Proof(number - 1, tuple(hashes), kept.published, extra.encode())
