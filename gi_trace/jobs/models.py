"""Jobs: what an act left to be done, and how far it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from gi_trace.accounts.models import Account
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.words import Worded


class JobState(Worded):
    QUEUED = "queued", N_("等待中")
    RUNNING = "running", N_("进行中")
    DONE = "done", N_("已完成")
    FAILED = "failed", N_("未完成")


OPEN = (JobState.QUEUED, JobState.RUNNING)
IS_RUNNING = text("state = 'running'")


class Job(Base):
    """`arguments` hold no secrets. `outcome` is a text with `facts`, of success or of the refusal."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_running_kind", "kind", unique=True, sqlite_where=IS_RUNNING, postgresql_where=IS_RUNNING
        ),  # one at a time of each kind, whatever number of workers there is
        Index("ix_job_kind_asked_at", "kind", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), index=True, default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    alive_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    asked_by: Mapped[Account | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def last_asked_at(kind: str) -> datetime | None:
    """When the service itself last asked for such work."""
    query = select(func.max(Job.asked_at)).where(Job.kind == kind, Job.asked_by_id.is_(None))
    return db.session.scalar(query)


def has_open_job(kind: str) -> bool:
    query = select(Job.id).where(Job.kind == kind, Job.state.in_(OPEN)).limit(1)
    return db.session.scalar(query) is not None


def next_queued(kinds: list[str]) -> Job | None:
    """The oldest of these kinds of which none is running."""
    busy = select(Job.kind).where(Job.state == JobState.RUNNING)
    query = select(Job).where(Job.state == JobState.QUEUED, Job.kind.in_(kinds), Job.kind.not_in(busy))
    return db.session.scalar(query.order_by(Job.id).limit(1).with_for_update(skip_locked=True, of=Job))


def abandoned_jobs(before: datetime) -> list[Job]:
    """Whose worker has given no sign of life since."""
    query = select(Job).where(Job.state == JobState.RUNNING, Job.alive_at < before)
    return list(db.session.scalars(query.with_for_update(of=Job)))
