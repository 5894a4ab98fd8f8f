"""Watches for copies while checks are stored: what is remembered of units and batches, an alert in the same commit."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, insert, select

from gi_trace.codes.unit_code import batch_text
from gi_trace.verification.history import History
from gi_trace.verification.models import Alert, AlertKind, AlertState, BatchHistory
from gi_trace.verification.storing.rows import Reading, Writing, among_keys
from gi_trace.verification.suspicion import BatchMemory, Sighting, UnitMemory, update

COLUMNS = ("batch_number", "suspicion")
READ_BATCHES = Reading(
    select(BatchHistory.batch_number, BatchHistory.suspicion)
    .where(among_keys("batch_number"))
    .order_by(BatchHistory.batch_number)
    .with_for_update()
)
NEW_BATCHES = Writing(BatchHistory, COLUMNS)
CHANGED_BATCHES = Writing(BatchHistory, COLUMNS, changing=["suspicion"])


def alert_subject(number: int, unit: int, occasion: object) -> str:
    """An alert is raised once a subject: `occasion` is the check that reached the alarm, or an inspector's visit."""
    return f"{batch_text(number)}-{unit}-{occasion}"


class Watch:
    """Over the checks of one transaction."""

    def __init__(self, connection: Connection, batch_numbers: Collection[int]):
        self.connection = connection
        self.stored = dict(READ_BATCHES.rows(connection, batch_numbers))
        self.batches = {number: BatchMemory.from_bytes(memory) for number, memory in self.stored.items()}
        self.alerts: list[dict[str, Any]] = []

    def weigh(self, number: int, unit: int, history: History, seen: Sighting, occasion: object) -> History:
        """The history with what the detector makes of the latest look at the unit."""
        memory = UnitMemory.from_bytes(history.suspicion) if history.suspicion else UnitMemory()
        memory, self.batches[number], told = update(memory, self.batches.get(number) or BatchMemory(), seen)
        if told.alert:
            evidence = {
                "score": round(told.score, 1),
                "reasons": [[text, dict(facts)] for text, facts in told.signs],
                "checks": history.checks,
            }
            self.alerts.append(
                {
                    "kind": AlertKind.COPY,
                    "subject": alert_subject(number, unit, occasion),
                    "batch_number": number,
                    "unit": unit,
                    "raised_at": seen.at,
                    "evidence": evidence,
                    "state": AlertState.OPEN,
                    "reason": "",
                }
            )
        return history._replace(
            suspected=told.suspected, publicly_shown=told.publicly_shown, suspicion=memory.to_bytes()
        )

    def write(self) -> None:
        rows = [(number, memory.to_bytes()) for number, memory in self.batches.items()]
        changed = [(number, memory) for number, memory in rows if memory != self.stored.get(number)]
        NEW_BATCHES.write(self.connection, [row for row in changed if row[0] not in self.stored])
        CHANGED_BATCHES.write(self.connection, [row for row in changed if row[0] in self.stored])
        if self.alerts:
            self.connection.execute(insert(Alert), self.alerts)
