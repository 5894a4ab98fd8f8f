"""Looking at a code: what it is, what to say of it, and that somebody looked."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app

from gi_trace import clock
from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.codes.digital_link import Address, read_address
from gi_trace.codes.unit_code import Malformed, Origin, open_code
from gi_trace.database import db
from gi_trace.keys import Keys, keys
from gi_trace.verification.looking.issued import IssuedBatch
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.rules import UnitFacts, Verdict, verdict_of
from gi_trace.verification.storing import store
from gi_trace.verification.storing.histories import NEVER, History
from gi_trace.verification.storing.journal import Journal


@dataclass(frozen=True, slots=True)
class Look:
    """A code and its verdict; batch, unit and facts are None when the code is not of ours.

    `history` is that of the checks before this one; `origin` tells why a code is not ours.
    """

    verdict: Verdict
    code: str
    batch: IssuedBatch | None = None
    unit: int | None = None
    facts: UnitFacts | None = None
    history: History = NEVER
    origin: Origin = Origin.OURS


def look_at(text: str, looker: Looker | None = None) -> Look:
    """The verdict of what was typed or scanned. With a looker it is a check, stored before this returns."""
    try:
        address = read_address(text)
    except Malformed:
        return Look(Verdict.MALFORMED, text.strip()[:60])
    return look_at_address(address, looker)


def look_at_address(address: Address, looker: Looker | None = None) -> Look:
    """As look_at; a GTIN or batch number in the address that the code contradicts makes it not ours."""
    if db.session.registry.has():
        db.session.rollback()  # never wait for the journal's turn with a transaction open
    return look_through(the_journal(), keys(), address, looker)


def look_through(journal: Journal, service_keys: Keys, address: Address, looker: Looker | None) -> Look:
    """As look_at_address, outside of any application context."""
    opened = open_code(address.code, service_keys.by_epoch)
    if opened.origin != Origin.OURS or opened.batch_number is None or opened.unit is None:
        return Look(Verdict.NOT_OURS, address.code, origin=opened.origin)
    if address.batch_number not in (None, opened.batch_number):
        return Look(Verdict.NOT_OURS, address.code, origin=Origin.NOT_OURS)
    asked = store.Look(opened.epoch, opened.batch_number, opened.unit, looker, clock.now(), address.gtin)
    batch, history = journal.answer(asked)
    if batch is None:
        return Look(Verdict.NOT_OURS, address.code, origin=Origin.NOT_OURS)
    facts = facts_of(batch, opened.unit, history)
    return Look(verdict_of(facts), address.code, batch, opened.unit, facts, history)


def facts_of(batch: IssuedBatch, unit: int, history: History) -> UnitFacts:
    latest = batch.range_of(unit)
    stops = frozenset(stop.kind for stop in batch.stops if stop.first_unit <= unit <= stop.last_unit)
    return _facts(batch, UnitState(latest.state) if latest else None, stops, history.suspected, clock.today())


@lru_cache(maxsize=2000)
def _facts(
    batch: IssuedBatch, state: UnitState | None, stops: frozenset[StopKind], suspected: bool, today: date
) -> UnitFacts:
    """Of all units of the batch that are in the same state."""
    return UnitFacts(
        right=batch.right,
        packed_on=batch.packed_on,
        today=today,
        state=state,
        best_before=batch.best_before,
        counterfeit=StopKind.COUNTERFEIT in stops,
        recalled=batch.lot_recalls > 0 or StopKind.RECALL in stops,
        on_hold=batch.lot_holds > 0 or StopKind.HOLD in stops,
        cancelled=batch.cancelled_at is not None,
        suspected=suspected,
    )


def the_journal() -> Journal:
    return current_app.extensions["gi_trace_journal"]


def init_journal(app: Flask) -> None:
    """In each process; the engine needs the application's context."""
    with app.app_context():
        checks = store.CheckStore(device_key=keys().devices, reload_minutes=app.config["RELOAD_MINUTES"])
        app.extensions["gi_trace_journal"] = Journal(
            db.engine, checks, Path(app.config["DATA_DIR"]) / "checks.lock"
        )
