"""What can be done in the background: capabilities register a function for each kind of job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.database import db
from gi_trace.jobs.rules import Schedule


@dataclass
class RunningJob:
    """One attempt at a job, as its function is given it; `arguments` as they were asked."""

    id: int
    attempt: int
    kind: str
    arguments: dict[str, Any]
    asked_by_id: int | None
    noted_at: float = 0.0  # when its progress was last written, on the monotonic clock

    @property
    def asked_by(self) -> Account | None:
        return db.session.get(Account, self.asked_by_id) if self.asked_by_id else None


class JobOutcome:
    """What came of a job, for people: a text to translate, and its facts."""

    def __init__(self, text: str, **facts: Any):
        self.text, self.facts = text, facts


JobFunction = Callable[[RunningJob], JobOutcome | None]


@dataclass(frozen=True)
class JobKind:
    label: str
    run: JobFunction
    schedule: Schedule | None
    is_needed: Callable[[], bool]


KINDS: dict[str, JobKind] = {}


def job(
    kind: str, label: str, *, schedule: Schedule | None = None, is_needed: Callable[[], bool] = lambda: True
) -> Callable[[JobFunction], JobFunction]:
    """Registers the function that does jobs of a kind; `label` is a msgid.

    It runs in the worker, outside of any act, and may run again after a kill in the middle: what it did before must
    not be done twice. A `Refused` that it raises is the job's end, in the refusal's words. With a schedule the service
    asks for it by itself, when `is_needed`.
    """

    def registered(function: JobFunction) -> JobFunction:
        KINDS[kind] = JobKind(label, function, schedule, is_needed)
        return function

    return registered
