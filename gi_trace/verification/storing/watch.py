"""Watches for copies while checks are stored: states of units and batches, and an alert once, in the same commit."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from gi_trace import clock
from gi_trace.codes.unit_code import batch_text
from gi_trace.verification.history import Channel, History
from gi_trace.verification.issued import IssuedBatch
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.models import Alert, AlertKind, AlertState, BatchHistory
from gi_trace.verification.storing.histories import Trace
from gi_trace.verification.storing.rows import Reading, Writing, among_keys
from gi_trace.verification.suspicion import BatchMemory, Sighting, Suspicion, UnitMemory, update

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
        self.known = {number: BatchMemory.from_bytes(state) for number, state in rows}
        self.batches = dict(self.known)
        self.alerts: list[dict[str, Any]] = []

    def weigh(self, batch: IssuedBatch, unit: int, history: History, looker: Looker, trace: Trace) -> History:
        """The history with what the detector makes of its latest check."""
        seen = Sighting(
            trace.at,
            trace.device,
            looker.city,
            looker.channel,
            activated_at=batch.activated_at(unit),
            hidden_code_used=history.opened,
        )
        subject = f"{batch_text(batch.number)}-{unit}-{history.checks}"  # anew after a dismissal
        return self._weighed(batch.number, unit, history, seen, subject)

    def weigh_twins(
        self, number: int, unit: int, history: History, city: str | None, subject: str
    ) -> History:
        """The history after an inspector held two packs with the unit's code: a find, not one more check."""
        inspector = Sighting(clock.now(), None, city, Channel.INSPECTOR, two_in_hand=True)
        return self._weighed(number, unit, history, inspector, subject)

    def _weighed(self, number: int, unit: int, history: History, seen: Sighting, subject: str) -> History:
        state = UnitMemory.from_bytes(history.suspicion) if history.suspicion else UnitMemory()
        pool = self.batches.get(number) or BatchMemory()
        state, self.batches[number], told = update(state, pool, seen)
        if told.alert:
            self.alerts.append(_alert_row(number, unit, history.checks, seen.at, told, subject))
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


def _alert_row(
    number: int, unit: int, checks: int, at: datetime, told: Suspicion, subject: str
) -> dict[str, Any]:
    return {
        "kind": AlertKind.COPY,
        "subject": subject,
        "batch_number": number,
        "unit": unit,
        "raised_at": at,
        "evidence": {
            "score": round(told.score, 1),
            "reasons": [[text, dict(facts)] for text, facts in told.signs],
            "checks": checks,
        },
        "state": AlertState.OPEN,
        "reason": "",
    }
