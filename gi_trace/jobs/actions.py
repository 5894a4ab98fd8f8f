"""What is written of a job: asked, begun, how far it is, ended."""

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.constraints import is_taken
from gi_trace.database import NotWriting, act, db, is_writing
from gi_trace.errors import N_
from gi_trace.jobs.kinds import KINDS, JobKind, JobOutcome, RunningJob
from gi_trace.jobs.models import Job, JobState, abandoned_jobs, has_open_job, last_asked_at, next_queued
from gi_trace.jobs.rules import is_due

LEASE = timedelta(seconds=20)  # a running job gives a sign of life every few seconds
MOST_ATTEMPTS = 3
KEPT = timedelta(days=30)  # of what the service asked for by itself
SECONDS_BETWEEN_NOTES = 0.5
INTERRUPTED = N_("多次中断，没有完成。请再办一次；仍不行时请告知管理员。")


class Superseded(Exception):
    """Another attempt at the job has begun, or it has ended: this one stops without a trace."""


def add_job(kind: str, arguments: dict[str, Any], *, by: Account | None) -> Job:
    """The row alone, with its id; inside an act."""
    assert kind in KINDS, kind
    asked = Job(kind=kind, arguments=arguments, asked_by_id=by.id if by else None, asked_at=clock.now())
    db.session.add(asked)
    db.session.flush()
    return asked


def progress(job: RunningJob, done: int, total: int) -> None:
    """Writes how far it is, at most twice a second, in a transaction of its own; so never inside an act.

    Raises Superseded when the job is no longer this attempt's.
    """
    if is_writing():
        raise NotWriting("progress inside an act would wait for the act")
    if time.monotonic() - job.noted_at < SECONDS_BETWEEN_NOTES and done < total:
        return
    job.noted_at = time.monotonic()
    if not sign_of_life(job, done=done, total=total):
        raise Superseded


def sign_of_life(job: RunningJob, **columns: int) -> bool:
    """Whether the job is still this attempt's. Beside the session, which may be reading for the job meanwhile."""
    mine = (Job.id == job.id) & (Job.attempts == job.attempt) & (Job.state == JobState.RUNNING)
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        noted = connection.execute(update(Job).where(mine).values(alive_at=clock.now(), **columns))
        return noted.rowcount == 1


def begin_next() -> RunningJob | None:
    """The oldest job that waits for work of a kind at rest, begun; None when there is none."""
    if next_queued(list(KINDS)) is None:  # looks without the write lock
        return None
    try:
        return _begin()
    except IntegrityError as error:
        if is_taken(error):  # another worker began one of the kind at this moment, and will look for more
            return None
        raise


@act
def _begin() -> RunningJob | None:
    job = next_queued(list(KINDS))
    if job is None:
        return None
    job.state, job.attempts, job.done = JobState.RUNNING, job.attempts + 1, 0
    job.started_at = job.alive_at = clock.now()
    return RunningJob(job.id, job.attempts, job.kind, job.arguments, job.asked_by_id)


@act
def end(job: RunningJob, state: JobState, outcome: JobOutcome) -> None:
    """Nothing, when another attempt has begun meanwhile."""
    row = db.session.get_one(Job, job.id, with_for_update=True)
    if (row.attempts, row.state) == (job.attempt, JobState.RUNNING):
        _end(row, state, outcome)


@act
def give_back(job: RunningJob) -> None:
    """After a fault of ours: it is begun again, as often as after a kill."""
    row = db.session.get_one(Job, job.id, with_for_update=True)
    if (row.attempts, row.state) == (job.attempt, JobState.RUNNING):
        _begin_again(row)


@act
def take_up_abandoned() -> None:
    """Jobs whose worker was killed in the middle wait anew, or end when that happened too often."""
    for row in abandoned_jobs(clock.now() - LEASE):
        _begin_again(row)


def ask_for_scheduled() -> None:
    """What the service does by itself, each when it is due."""
    for name, kind in KINDS.items():
        if _is_wanted(name, kind):
            _ask_for_scheduled(name, kind)


@act
def _ask_for_scheduled(name: str, kind: JobKind) -> None:
    if _is_wanted(name, kind):
        old = (Job.kind == name) & Job.asked_by_id.is_(None) & (Job.ended_at < clock.now() - KEPT)
        db.session.execute(delete(Job).where(old))
        add_job(name, {}, by=None)


def _is_wanted(name: str, kind: JobKind) -> bool:
    if kind.schedule is None or has_open_job(name):
        return False
    return is_due(kind.schedule, last_asked_at(name), clock.now()) and kind.is_needed()


def _begin_again(row: Job) -> None:
    if row.attempts < MOST_ATTEMPTS:
        row.state = JobState.QUEUED
    else:
        _end(row, JobState.FAILED, JobOutcome(INTERRUPTED))


def _end(row: Job, state: JobState, outcome: JobOutcome) -> None:
    row.state, row.ended_at, row.outcome = state, clock.now(), outcome.text
    row.facts = {
        name: value if type(value) in (int, str) else str(value) for name, value in outcome.facts.items()
    }
