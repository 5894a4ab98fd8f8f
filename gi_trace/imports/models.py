"""Imports: what was sent, what reading it found, and how far it is taken over."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.excel.answers import Answers
from gi_trace.excel.table import RowFault
from gi_trace.jobs.models import Job
from gi_trace.proposals.models import open_proposals
from gi_trace.words import Worded

KEPT = timedelta(days=1)  # of what is not confirmed


class ImportKind(Worded):
    ROLL = "roll", N_("用标名册")
    PLOTS = "plots", N_("种植户和地块")
    ALLOCATIONS = "allocations", N_("核定产量")
    HARVESTS = "harvests", N_("采收申报")


class ImportState(Worded):
    READING = "reading", N_("正在读取")
    ASKING = "asking", N_("等待回答")
    AT_FAULT = "at_fault", N_("有问题")
    READY = "ready", N_("待确认")
    CONFIRMED = "confirmed", N_("等待导入")
    TAKING_OVER = "taking_over", N_("正在导入")
    DONE = "done", N_("已导入")
    GIVEN_UP = "given_up", N_("不导入")


DECIDED = (ImportState.CONFIRMED, ImportState.TAKING_OVER, ImportState.DONE, ImportState.GIVEN_UP)


class Import(Base):
    """Something to be taken over as a whole: a file, or what a form asks for many at once.

    `answers` are what people said beside the file; `question` is what it asks, with its `kind`; `counts` what it would
    change, for people; `firms` the codes of all that it names, of harvests the plots; `faults` as `RowFault`s in their
    order, the first of `fault_count`. `seen` is the number of the record when it was read. Pieces up to `place` are taken
    over: `taken` of its `rows`. Without a `job` it is small, and read and taken over while a page waits.
    """

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(enum_column(ImportKind))
    state: Mapped[ImportState] = mapped_column(
        enum_column(ImportState), index=True, default=ImportState.READING
    )
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    question: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    firms: Mapped[list[str]] = mapped_column(JSON, default=list, deferred=True)
    fault_rows: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, deferred=True)
    fault_count: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rows: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(default=0)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # where it took two
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    sent_by: Mapped[Account] = relationship(foreign_keys=sent_by_id)
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=confirmed_by_id)
    job: Mapped[Job | None] = relationship()

    @property
    def is_expired(self) -> bool:
        """Nobody confirmed it in time, and what was sent is forgotten."""
        old = self.state not in DECIDED and self.sent_at < clock.now() - KEPT
        return old and not open_proposals(f"import:{self.id}")

    @property
    def has_stopped(self) -> bool:
        """Decided, and nothing in the background works on it any more: somebody must ask for it again."""
        decided = self.state in (ImportState.CONFIRMED, ImportState.TAKING_OVER)
        return decided and not (self.job and self.job.is_open)

    @property
    def faults(self) -> list[RowFault]:
        return [RowFault(*columns) for columns in self.fault_rows]


class ImportShape(Base):
    """What the labels of a header mean, as an officer said of a file with this very header: keys of columns by label."""

    __tablename__ = "import_shape"

    kind: Mapped[ImportKind] = mapped_column(enum_column(ImportKind), primary_key=True)
    shape: Mapped[str] = mapped_column(String(64), primary_key=True)
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ImportPiece(Base):
    """Rows of an import that are taken over in one transaction, prepared while it was read."""

    __tablename__ = "import_piece"

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


def prepared_rows(sent: Import) -> Iterator[dict[str, Any]]:
    """What would be taken over, in order, read piece by piece."""
    for place in range(db.session.query(ImportPiece).filter_by(import_id=sent.id).count()):
        yield from db.session.get_one(ImportPiece, (sent.id, place)).rows


def find_import(kind: ImportKind, sha256: str, answers: dict[str, Any]) -> Import | None:
    """An import of the very same file to the very same end that was taken over."""
    query = select(Import).filter_by(kind=kind, sha256=sha256, state=ImportState.DONE).order_by(Import.id)
    same = db.session.scalars(query) if sha256 else ()
    return next((sent for sent in same if _end_of(sent.answers) == _end_of(answers)), None)


def _end_of(answers: dict[str, Any]) -> dict[str, Any]:
    """What they ask for; what labels mean is remembered, and asked once."""
    return {name: answer for name, answer in answers.items() if name != "columns"}


def answers_of(sent: Import) -> Answers:
    """What was said beside the file, and earlier of headers like its own."""
    shapes = db.session.scalars(select(ImportShape).filter_by(kind=sent.kind))
    said = {name: sent.answers.get(name) or {} for name in ("columns", "said")}
    return Answers(
        **said,
        hidden_rows=sent.answers.get("hidden_rows"),
        hidden_sheets=sent.answers.get("hidden_sheets"),
        remembered={each.shape: each.columns for each in shapes},
    )


def with_content(ids: Iterable[int]) -> set[int]:
    """Those of these imports whose file is kept; looked at without reading it."""
    query = select(Import.id).where(Import.id.in_(tuple(ids)), Import.content.is_not(None))
    return set(db.session.scalars(query))


def find_under_way(kinds: Iterable[ImportKind], *, but: Import | None) -> Import | None:
    query = select(Import).filter_by(state=ImportState.TAKING_OVER).where(Import.kind.in_(tuple(kinds)))
    return db.session.scalar(query.where(Import.id != (but.id if but else 0)).limit(1))


def find_naming(kind: ImportKind, codes: Iterable[str], *, but: Import | None) -> Import | None:
    """One that is being taken over and names any of these codes."""
    query = select(Import).filter_by(state=ImportState.TAKING_OVER, kind=kind)
    others = db.session.scalars(query.where(Import.id != (but.id if but else 0)))
    asked = set(codes)
    return next((other for other in others if not asked.isdisjoint(other.firms)), None)
