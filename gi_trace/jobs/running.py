"""Doing what waits, and finding what was missed."""

import logging

from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.jobs import actions
from gi_trace.jobs.actions import Superseded
from gi_trace.jobs.kinds import KINDS, JobOutcome, RunningJob
from gi_trace.jobs.models import JobState

log = logging.getLogger(__name__)

at_work: list[RunningJob] = []  # in this process, for its signs of life


def work() -> None:
    """Does one job after the other until none waits."""
    while job := actions.begin_next():
        at_work.append(job)
        try:
            _do(job)
        finally:
            at_work.remove(job)
            db.session.remove()


def sweep() -> None:
    """Finds what no wake-up told of: asked before a kill, begun before a kill, due by the clock."""
    actions.take_up_abandoned()
    actions.ask_for_scheduled()
    work()


def _do(job: RunningJob) -> None:
    try:
        outcome = KINDS[job.kind].run(job)
    except Refused as refusal:
        actions.end(job, JobState.FAILED, JobOutcome(refusal.text, **refusal.facts))
    except Superseded:
        log.warning("attempt %s at job %s was overtaken", job.attempt, job.id)
    except Exception:
        log.exception("fault in attempt %s at job %s (%s)", job.attempt, job.id, job.kind)
        actions.give_back(job)
    else:
        actions.end(job, JobState.DONE, outcome or JobOutcome(""))
