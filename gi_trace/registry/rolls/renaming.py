"""Importing a list of changes: read against the names that are registered, and taken over as dated entries."""

from dataclasses import replace
from datetime import date
from typing import Any

from gi_trace import clock
from gi_trace.errors import N_
from gi_trace.excel.answers import Question
from gi_trace.imports.kinds import Found
from gi_trace.imports.models import Import, answers_of
from gi_trace.record.actions import Happening
from gi_trace.registry import party_actions
from gi_trace.registry.models import Party, parties_with
from gi_trace.registry.parties import has_ended, known_since, names_alike
from gi_trace.registry.rolls.changes import Called, plan_changes, read_changes

ROWS_OF_A_PIECE = 100
REASON = N_("按导入的变更名单")


def read_change_list(sent: Import) -> Found:
    """Raises UnreadableFile for faults of the file itself, Question for what it asks."""
    try:
        changes = read_changes(sent.content or b"", answers_of(sent))
    except Question as question:
        question.asked["list"] = "changes"
        raise
    told = changes.table.told() | {"list": "changes"}
    known = {party.uscc or "": _called(party) for party in parties_with({row.uscc for row in changes.rows})}
    names = names_alike({row.after for row in changes.rows})
    plan = plan_changes(changes.rows, known, names, clock.today())
    if faults := changes.faults or plan.faults:
        return Found(faults, counts=told)
    rows = [{"name": row.prepared()} for row in plan.rows]
    counts = told | {"new": 0, "parties": 0, "changed": len(rows), "unchanged": plan.unchanged}
    pieces = [rows[start : start + ROWS_OF_A_PIECE] for start in range(0, len(rows), ROWS_OF_A_PIECE)]
    return Found((), pieces, counts, sorted({row.uscc for row in changes.rows}))


def rename(kept: dict[str, Any], party: Party, sent: Import) -> Happening:
    """One row, within the act that takes its piece over."""
    facts = replace(party_actions.facts_now(party), name=kept["after"])
    day, document = date.fromisoformat(kept["from_day"]), kept["number"] or ""
    entry = party_actions.add_entry(party, facts, day, by=sent.confirmed_by, reason=REASON, document=document)
    return party_actions.changed(entry)


def _called(party: Party) -> Called:
    latest = max((entry.from_day for entry in party.entries if entry.from_day), default=None)
    return Called(party.name, has_ended(party), known_since(party), latest)
