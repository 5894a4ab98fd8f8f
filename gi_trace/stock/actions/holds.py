"""Stopping a lot and everything made from it, lifting that again, and laboratory reports.

Every lot counts the stops that reach it, so that asking costs one row. Stopped lots cannot be used,
so what a stop reached does not change until it is lifted.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_authority, check_officer
from gi_trace.stock.chain import descendant_ids
from gi_trace.stock.models import Hold, HoldKind, Lot, LotTest
from gi_trace.stock.rules.holds import AlreadyHeld, HoldLifted, LotRecalled, RecallIsFinal
from gi_trace.stock.rules.seasons import check_business_day


@dataclass(frozen=True)
class LabReport:
    """What a laboratory's report says."""

    report_number: str
    laboratory: str
    tested_on: date
    passed: bool
    notes: str = ""


@act
def hold_lot(lot: Lot, *, reason: str, by: Account, kind: HoldKind = HoldKind.HOLD) -> Hold:
    """Stop a lot and all that was made from it, down to batches already sold."""
    check_authority(by)
    hold = place_hold(lot, kind, reason=reason, by=by)
    facts = {"lot": lot.number, "kind": kind, "reason": hold.reason}
    record(Acted.HOLD_PLACED, hold, by=by, facts=facts)
    return hold


@act
def lift_hold(hold: Hold, *, reason: str, by: Account) -> None:
    """Restore what this stop alone had stopped."""
    check_authority(by)
    check_reason(reason)
    lock(hold)
    if hold.kind.is_final:
        raise RecallIsFinal
    if hold.lifted_at:
        raise HoldLifted(day=clock.day_of(hold.lifted_at))
    _count(hold, -1)
    hold.lifted_at, hold.lifted_by_id, hold.lift_reason = clock.now(), by.id, reason.strip()
    facts = {"lot": hold.lot.number, "reason": hold.lift_reason}
    record(Acted.HOLD_LIFTED, hold, by=by, facts=facts)


@act
def report_test(lot: Lot, facts: LabReport, *, by: Account) -> LotTest:
    """Add a laboratory's report; a failed one stops the lot in the same act if nothing does yet."""
    check_officer(by)
    check_business_day(facts.tested_on, today=clock.today())
    test = LotTest(lot=lot, **vars(facts))
    db.session.add(test)
    if not facts.passed:
        ensure_held(lot, HoldKind.HOLD, reason=f"{facts.laboratory} {facts.report_number}", by=by)
    record(Acted.LOT_TESTED, test, by=by, facts={"lot": lot.number, **vars(facts)})
    return test


def place_hold(lot: Lot, kind: HoldKind, *, reason: str, by: Account | None) -> Hold:
    """Place a stop inside an act that records and commits."""
    check_reason(reason)
    hold = Hold(lot=lot, kind=kind, reason=reason.strip(), placed_at=clock.now())
    hold.placed_by_id = by.id if by else None
    lock(lot)
    _check_not_stopped_so(lot, kind)
    db.session.add(hold)
    _count(hold, 1)
    return hold


def ensure_held(lot: Lot, kind: HoldKind, *, reason: str, by: Account | None) -> Hold | None:
    """Place a stop unless a recall or one of its kind stands already. Returns the one of its kind."""
    lock(lot)
    standing = _standing_hold(lot, kind)
    if standing or lot.recalls:
        return standing
    return place_hold(lot, kind, reason=reason, by=by)


def _check_not_stopped_so(lot: Lot, kind: HoldKind) -> None:
    if lot.recalls:
        raise LotRecalled(lot=lot.number)
    standing = _standing_hold(lot, kind)
    if standing:
        raise AlreadyHeld(lot=lot.number, reason=standing.reason)


def _standing_hold(lot: Lot, kind: HoldKind) -> Hold | None:
    query = select(Hold).filter_by(lot_id=lot.id, kind=kind, lifted_at=None).limit(1)
    return db.session.scalar(query)


def _count(hold: Hold, change: int) -> None:
    counter = Lot.recalls if hold.kind is HoldKind.RECALL else Lot.holds
    ids = _locked_descendants(hold.lot_id or hold.lot.id)
    stop = update(Lot).where(Lot.id.in_(ids)).values({counter: counter + change})
    db.session.execute(stop)


def _locked_descendants(lot_id: int) -> set[int]:
    """The lot and all made from it, locked. An act that was making one more meanwhile has then ended,
    so looking again finds it."""
    found: set[int] = set()
    while (ids := descendant_ids([lot_id])) != found:
        found = ids
        locking = select(Lot.id).where(Lot.id.in_(ids)).order_by(Lot.id).with_for_update()
        db.session.scalars(locking).all()
    return found
