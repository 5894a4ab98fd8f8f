"""Watches for copies while checks are stored: states of units and batches, and an alert once, in the same commit."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, insert, select

from gi_trace.batches.rules import UnitState as State
from gi_trace.codes.unit_code import batch_text
from gi_trace.verification import suspicion
from gi_trace.verification.histories import History, Trace
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.looker import Looker
from gi_trace.verification.models import Alert, AlertKind, AlertState, BatchHistory
from gi_trace.verification.rows import Reading, Writing, among_keys
from gi_trace.verification.suspicion import BatchState, Suspicion, UnitState

READ_BATCHES = Reading(
    select(BatchHistory.batch_number, BatchHistory.suspicion)
    .where(among_keys("batch_number"))
    .order_by(BatchHistory.batch_number)
    .with_for_update()
)
NEW_BATCHES = Writing(BatchHistory)
CHANGED_BATCHES = Writing(BatchHistory, changing=["suspicion"])
ADD_ALERT = insert(Alert)


class Watch:
    """Over the checks of one transaction."""

    def __init__(self, connection: Connection, batch_numbers: Collection[int]):
        self.connection = connection
        rows = READ_BATCHES.rows(connection, batch_numbers)
        self.known = {number: BatchState.from_bytes(state) for number, state in rows}
        self.batches = dict(self.known)
        self.alerts: list[dict[str, Any]] = []

    def weigh(self, batch: IssuedBatch, unit: int, history: History, looker: Looker, trace: Trace) -> History:
        """The history with what the detector makes of its latest check."""
        activated = next(
            (r for r in batch.ranges if r.state is State.ACTIVATED and r.first_unit <= unit <= r.last_unit),
            None,
        )
        check = suspicion.Check(
            trace.at,
            trace.device,
            looker.city,
            looker.channel,
            activated_at=activated.at if activated else None,
            hidden_code_used=history.opened,
        )
        state = UnitState.from_bytes(history.suspicion) if history.suspicion else UnitState()
        pool = self.batches.get(batch.number) or BatchState()
        state, self.batches[batch.number], told = suspicion.update(state, pool, check)
        if told.alert:
            self.alerts.append(_alert_row(batch.number, unit, history, told))
        return history._replace(
            suspected=told.suspected,
            publicly_shown=told.publicly_shown,
            suspicion=state.to_bytes(),
        )

    def write(self) -> None:
        changed = {n: state for n, state in self.batches.items() if self.known.get(n) is not state}
        rows = [(number, state.to_bytes()) for number, state in changed.items()]
        NEW_BATCHES.write(self.connection, [row for row in rows if row[0] not in self.known])
        CHANGED_BATCHES.write(self.connection, [row for row in rows if row[0] in self.known])
        if self.alerts:
            self.connection.execute(ADD_ALERT, self.alerts)


def _alert_row(number: int, unit: int, history: History, told: Suspicion) -> dict[str, Any]:
    """A unit may be suspected anew after a dismissal, so the subject names the check that did it."""
    return {
        "kind": AlertKind.COPY,
        "subject": f"{batch_text(number)}-{unit}-{history.checks}",
        "batch_number": number,
        "unit": unit,
        "raised_at": history.last_at,
        "evidence": {
            "score": round(told.score, 1),
            "reasons": [[text, facts] for text, facts in told.reasons],
            "checks": history.checks,
        },
        "state": AlertState.OPEN,
        "reason": "",
    }
