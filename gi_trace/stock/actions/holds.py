"""Stopping a lot and everything made from it, lifting that again, and laboratory reports. One officer holds; two recall
and lift (`hold_proposals.py` is how one asks the other).

Every lot counts the stops that reach it, so that asking costs one row. Stopped lots cannot be used,
so what a stop reached does not change until it is lifted.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.proposals.actions import check_awaits_nothing
from gi_trace.proposals.models import Proposal, placed_meanwhile
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import as_proposed, check_authority, check_officer, check_second_officer
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
def hold_lot(
    lot: Lot,
    *,
    reason: str,
    by: Account,
    kind: HoldKind = HoldKind.HOLD,
    confirmed_by: Account | None = None,
) -> Hold:
    """Stop a lot and all that was made from it, down to batches already sold. Raises AlreadyHeld, LotRecalled,
    ReasonMissing, and of a recall what `check_second_officer` raises."""
    check_authority(by)
    if kind.is_final or confirmed_by:
        check_second_officer(by, confirmed_by)
    hold = place_hold(lot, kind, reason=reason, by=by)
    _record_placed(hold, by, confirmed_by)
    return hold


def hold_until_recalled(lot: Lot, proposal: Proposal) -> Hold:
    """Beside any other hold, so that lifting that one frees nothing that waits for a decision."""
    lock(lot)
    hold = _place(lot, HoldKind.HOLD, proposal.reason, proposal.proposed_by)
    _record_placed(hold, proposal.proposed_by, None)
    return hold


@act
def lift_hold(hold: Hold, *, reason: str, by: Account, confirmed_by: Account | None = None) -> None:
    """Restore what this stop alone had stopped; two do so. Raises HoldLifted, RecallIsFinal, ReasonMissing,
    StopAwaitsDecision, and what `check_second_officer` raises."""
    check_authority(by)
    check_second_officer(by, confirmed_by)
    lock(hold)
    check_awaits_nothing(hold)
    check_may_lift_hold(hold)
    _lift(hold, reason, by, confirmed_by)


def check_may_lift_hold(hold: Hold) -> None:
    if hold.kind.is_final:
        raise RecallIsFinal
    if hold.lifted_at:
        raise HoldLifted(day=clock.day_of(hold.lifted_at))


def release_held_lots(proposal: Proposal) -> None:
    """What was held until it is decided ends with the decision."""
    for hold in proposal.stops(Hold):
        lock(hold)
        _lift(hold, proposal.word or proposal.state.label, proposal.proposed_by, proposal.decided_by)


def _lift(hold: Hold, reason: str, by: Account, confirmed_by: Account | None) -> None:
    check_reason(reason)
    _count(hold, -1)
    hold.lifted_at, hold.lifted_by_id, hold.lift_reason = clock.now(), by.id, reason.strip()
    facts = {"lot": hold.lot.number, "reason": hold.lift_reason} | as_proposed(by, confirmed_by)
    record(Acted.HOLD_LIFTED, hold, by=confirmed_by or by, facts=facts)


def _record_placed(hold: Hold, by: Account, confirmed_by: Account | None) -> None:
    facts = {"lot": hold.lot.number, "kind": hold.kind, "reason": hold.reason}
    record(Acted.HOLD_PLACED, hold, by=confirmed_by or by, facts=facts | as_proposed(by, confirmed_by))


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
    lock(lot)
    check_not_stopped_so(lot, kind)
    return _place(lot, kind, reason, by)


def _place(lot: Lot, kind: HoldKind, reason: str, by: Account | None) -> Hold:
    check_reason(reason)
    hold = Hold(lot=lot, kind=kind, reason=reason.strip(), placed_at=clock.now())
    hold.placed_by_id = by.id if by else None
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


def check_not_stopped_so(lot: Lot, kind: HoldKind) -> None:
    if lot.recalls:
        raise LotRecalled(lot=lot.number)
    standing = _standing_hold(lot, kind)
    if standing:
        raise AlreadyHeld(lot=lot.number, reason=standing.reason)


def _standing_hold(lot: Lot, kind: HoldKind) -> Hold | None:
    """What is held only until a proposal is decided stands in the way of nothing."""
    waiting = placed_meanwhile()
    holds = db.session.scalars(select(Hold).filter_by(lot_id=lot.id, kind=kind, lifted_at=None))
    return next((hold for hold in holds if subject_of(hold) not in waiting), None)


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
