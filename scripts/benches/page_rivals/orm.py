"""The work of a check as the ORM's own tutorials write it, for both rivals: load, decide, store, commit."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gi_trace import clock
from gi_trace.batches.models import Batch, Stop, UnitRange
from gi_trace.batches.rules import StopKind
from gi_trace.codes.unit_code import open_code, parse
from gi_trace.verification.answer import UnitFacts, findings_of, verdict_of
from gi_trace.verification.history import Channel
from gi_trace.verification.models import BatchHistory, Check, UnitHistory, serial_of
from gi_trace.verification.suspicion import BatchMemory, Sighting, UnitMemory, update

RELOAD = timedelta(minutes=10)


def check(session: Session, keys, text: str, device: bytes) -> dict[str, object]:
    """What the template needs; the check is committed."""
    session.info["writing"] = (
        True  # tutorials know no acts; see gi_trace/database.py, here too: no "database is locked"
    )
    session.connection(execution_options={"writing": True})
    opened = open_code(parse(text), keys)
    batch = session.get(Batch, opened.batch_number)
    facts = facts_of(session, batch, opened.unit)
    history = session.get(UnitHistory, serial_of(batch.number, opened.unit))
    facts = replace(facts, suspected=history is not None and history.suspected)
    page = {
        "verdict": verdict_of(facts),
        "findings": [{"name": found, "holds": found.holds} for found in findings_of(facts)],
        "batch": batch,
        "product": batch.product.name,
        "party": batch.party,
        "right": batch.authorisation,
        "code": text,
        "checks": history.checks if history else 0,
        "first_at": history.first_at if history else None,
        "last_at": history.last_at if history else None,
    }
    store(session, batch, opened.unit, history, device)
    session.commit()
    return page


def facts_of(session: Session, batch: Batch, unit: int) -> UnitFacts:
    ranges = select(UnitRange).filter_by(batch_number=batch.number)
    ranges = ranges.where(UnitRange.first_unit <= unit, UnitRange.last_unit >= unit)
    latest = session.scalar(ranges.order_by(UnitRange.id.desc()).limit(1))
    stops = select(Stop).filter_by(batch_number=batch.number, lifted_at=None)
    kinds = {stop.kind for stop in session.scalars(stops) if stop.first_unit <= unit <= stop.last_unit}
    return UnitFacts(
        right=batch.authorisation.right,
        packed_on=batch.packed_on,
        today=clock.today(),
        state=latest.state if latest else None,
        best_before=batch.best_before,
        stops=frozenset(kinds) | ({StopKind.RECALL} if batch.lot_recalls else set()),
        cancelled=batch.cancelled_at is not None,
    )


def store(session: Session, batch: Batch, unit: int, history: UnitHistory | None, device: bytes) -> None:
    now, serial = clock.now(), serial_of(batch.number, unit)
    reloads = select(Check.number).filter_by(serial=serial, device=device).where(Check.at > now - RELOAD)
    if session.scalar(reloads.limit(1)) is not None:
        return
    if history is None:
        history = UnitHistory(serial=serial, checks=0, first_at=now, suspected=False)
        session.add(history)
    pool = session.get(BatchHistory, batch.number)
    state = UnitMemory.from_bytes(history.suspicion) if history.suspicion else UnitMemory()
    state, told_pool, told = update(state, BatchMemory.from_bytes(pool.suspicion), Sighting(now, device))
    history.checks, history.last_at = history.checks + 1, now
    history.suspicion, history.suspected, pool.suspicion = (
        state.to_bytes(),
        told.suspected,
        told_pool.to_bytes(),
    )
    session.add(Check(serial=serial, number=history.checks, at=now, device=device, channel=Channel.WEB))
