"""Tables of the record and of the tree over it. Rows are only ever added."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.database import Base, UTCDateTime, db
from gi_trace.record.acts import Acted
from gi_trace.record.notes import Checkpoint, Note, NoteKey
from gi_trace.record.rules import Entry, about_text, tree_entry
from gi_trace.record.tree import BYTES, WIDTH, Frontier, leaf_hash


class RecordRow(Base):
    """One act. `body` is the canonical JSON that the hash covers; the other columns are for finding.

    `salt` hides the act in its public entry (rules.tree_entry)."""

    __tablename__ = "record_row"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    act: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    by: Mapped[str] = mapped_column(String(40), index=True)
    body: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    salt: Mapped[str] = mapped_column(String(32))
    personal: Mapped[list["PersonalValue"]] = relationship()

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.body)["facts"]


class RecordHead(Base):
    """The last number and hash, and the tree's frontier: one row, whose lock puts concurrent acts in order."""

    __tablename__ = "record_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    frontier: Mapped[bytes] = mapped_column(LargeBinary, default=b"")

    @property
    def tree(self) -> Frontier:
        return Frontier.unpacked(self.number, self.frontier)


class RecordTile(Base):
    """A full tile of the tree; those at its edge are worked out. `root` is over its hashes: one of the tile above."""

    __tablename__ = "record_tile"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[bytes] = mapped_column(LargeBinary)


class RecordKey(Base):
    """A key that signs the record, from an instant on until that of the next one. `text` is its public part with the
    record's name (notes.NoteKey); the other one has never been in a database."""

    __tablename__ = "record_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(300), unique=True)
    from_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def key(self) -> NoteKey:
        return NoteKey.read(self.text)


class RecordCheckpoint(Base):
    """A signed state of the tree: `note` is a checkpoint with our signature; witnesses' lines come below it."""

    __tablename__ = "record_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text)
    cosignatures: Mapped[list["RecordCosignature"]] = relationship(
        order_by="RecordCosignature.at", lazy="selectin"
    )

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.read(Note.read(self.note).text)

    @property
    def published(self) -> str:
        return self.note + "".join(one.line for one in self.cosignatures)


class RecordCosignature(Base):
    """A witness has seen a state of the tree that goes on from all it saw before. `witness` is its key as text."""

    __tablename__ = "record_cosignature"

    size: Mapped[int] = mapped_column(ForeignKey("record_checkpoint.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    line: Mapped[str] = mapped_column(Text)


class PersonalValue(Base):
    """A personal value named in an act, kept apart so that it can be erased; the chain has its hash."""

    __tablename__ = "record_personal_value"

    row_number: Mapped[int] = mapped_column(ForeignKey("record_row.number"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)


def entries() -> Iterator[Entry]:
    query = select(RecordRow.number, RecordRow.body, RecordRow.previous_hash, RecordRow.hash)
    query = query.order_by(RecordRow.number).execution_options(yield_per=1000)
    with db.session.execute(query) as rows:  # a reader that stops early leaves no open cursor
        for row in rows:
            yield Entry(*row)


ENTRY = (RecordRow.number, RecordRow.at, RecordRow.act, RecordRow.subject, RecordRow.body, RecordRow.salt)


def tree_entries(begin: int, end: int) -> Iterator[bytes]:
    """Entries of the tree with these indexes, which begin at 0: the row's number less one."""
    query = select(*ENTRY).where(RecordRow.number > begin, RecordRow.number <= end)
    query = query.order_by(RecordRow.number).execution_options(yield_per=1000)
    with db.session.execute(query) as rows:
        for number, at, act, subject, body, salt in rows:
            yield tree_entry(number, at, about_text(act, subject), body, salt)


def tile_hashes(level: int, begin: int, end: int) -> list[bytes]:
    """Of a level of tiles, whatever tile they lie in."""
    if level == 0:
        return [leaf_hash(entry) for entry in tree_entries(begin, end)]
    query = select(RecordTile.root).where(RecordTile.level == level - 1)
    query = query.where(RecordTile.index >= begin, RecordTile.index < end)
    return list(db.session.scalars(query.order_by(RecordTile.index)))


def tile(level: int, index: int, width: int) -> bytes:
    """The first hashes of a tile, as far as the tree has grown."""
    full = db.session.scalar(select(RecordTile.hashes).filter_by(level=level, index=index))
    if full is not None:
        return full[: width * BYTES]
    return b"".join(tile_hashes(level, index * WIDTH, index * WIDTH + width))


def last_checkpoint() -> RecordCheckpoint | None:
    return db.session.scalar(select(RecordCheckpoint).order_by(RecordCheckpoint.size.desc()).limit(1))


def record_keys() -> list[RecordKey]:
    """All that ever signed, the present one last."""
    return list(db.session.scalars(select(RecordKey).order_by(RecordKey.id)))


def rows_about(subject: str) -> list[RecordRow]:
    return list(db.session.scalars(select(RecordRow).filter_by(subject=subject).order_by(RecordRow.number)))


def holds_demo_data() -> bool:
    """Whether all of this is fictional: the first act of the demo said so, and no act takes it back."""
    return has_happened(Acted.DEMO_BEGUN)


def has_happened(act: Acted) -> bool:
    return db.session.scalar(select(RecordRow.number).filter_by(act=act).limit(1)) is not None
