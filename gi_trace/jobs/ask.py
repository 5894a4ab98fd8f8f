"""Asking for work in the background."""

from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.database import act, after_commit
from gi_trace.jobs.actions import add_job
from gi_trace.jobs.models import Job
from gi_trace.jobs.queue import wake


@act
def ask_for(kind: str, arguments: dict[str, Any], *, by: Account | None) -> Job:
    """The job, with its id; a part of the act that asks, whose commit makes it and wakes the worker.

    `arguments` are JSON without secrets; `by` None is the service.
    """
    asked = add_job(kind, arguments, by=by)
    after_commit(wake)
    return asked
