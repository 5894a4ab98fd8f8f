"""Alerts: raised once by the service, decided once by an officer."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import add_stop
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import as_proposed
from gi_trace.verification.history import NEVER, Channel
from gi_trace.verification.models import Alert, AlertKind, AlertState, UnitHistory, serial_of
from gi_trace.verification.storing.histories import read_histories, write_histories
from gi_trace.verification.storing.watch import Watch, alert_subject
from gi_trace.verification.suspicion import Sighting, UnitMemory, dismissed


class AlertDecided(Refused):
    code = "alert_decided"
    text = N_("此警报已经处理过。")


def raise_alert(kind: AlertKind, subject: str, evidence: dict[str, Any]) -> None:
    """Unless it was raised before."""
    try:
        _raise_alert(kind, subject, evidence)
    except IntegrityError:  # another process was faster
        pass


@act
def _raise_alert(kind: AlertKind, subject: str, evidence: dict[str, Any]) -> None:
    if db.session.scalar(select(Alert.id).filter_by(kind=kind, subject=subject)) is None:
        db.session.add(Alert(kind=kind, subject=subject, evidence=evidence, raised_at=clock.now()))


def raise_twins(units: Collection[tuple[int, int]], *, visit: str, city: str | None) -> None:
    """An inspector held two packs with the code of each (batch number, unit): certain, at once.

    In the transaction of the caller, who commits. One visit raises an alert of a unit once.
    """
    subjects = {unit: alert_subject(*unit, visit) for unit in sorted(set(units))}
    known = select(Alert.subject).where(Alert.kind == AlertKind.COPY, Alert.subject.in_(subjects.values()))
    raised = set(db.session.scalars(known))
    new = {serial_of(*unit): unit for unit, subject in subjects.items() if subject not in raised}
    connection = db.session.connection()
    before = read_histories(connection, new, lock=True)
    watch = Watch(connection, {number for number, _ in new.values()})
    seen = Sighting(
        clock.now(), None, city, Channel.INSPECTOR, two_in_hand=True
    )  # a find, not one more check
    after = {
        serial: watch.weigh(*unit, before.get(serial, NEVER), seen, visit) for serial, unit in new.items()
    }
    write_histories(connection, before, after)
    watch.write()


@act
def confirm_alert(
    alert: Alert, *, reason: str, by: Account, notice: str = "", confirmed_by: Account | None = None
) -> None:
    """The officer holds it to be true; a copied unit becomes a confirmed counterfeit series of one, which takes two,
    and its page says the notice. Raises AlertDecided, ReasonMissing, and what `add_stop` raises."""
    _decide(alert, AlertState.CONFIRMED, reason, by)
    if alert.is_of_a_unit:
        add_stop(*get_series(alert), reason=reason, notice=notice, by=by, confirmed_by=confirmed_by)
    facts = {"subject": alert.subject, "reason": alert.reason} | as_proposed(by, confirmed_by)
    record(Acted.ALERT_CONFIRMED, alert, by=confirmed_by or by, facts=facts)


def get_series(alert: Alert) -> tuple[Batch, StopKind, int, int]:
    """What is stopped when an alert of a unit is confirmed."""
    assert alert.batch and alert.unit
    return alert.batch, StopKind.COUNTERFEIT, alert.unit, alert.unit


@act
def dismiss_alert(alert: Alert, *, reason: str, by: Account) -> None:
    """There is an honest explanation: the page says so no more, and evidence counts afresh."""
    _decide(alert, AlertState.DISMISSED, reason, by)
    if alert.kind is AlertKind.COPY and alert.batch_number is not None and alert.unit:
        history = db.session.get(UnitHistory, serial_of(alert.batch_number, alert.unit), with_for_update=True)
        if history and history.suspicion:
            history.suspected = False
            history.suspicion = dismissed(UnitMemory.from_bytes(history.suspicion)).to_bytes()
    record(Acted.ALERT_DISMISSED, alert, by=by, facts={"subject": alert.subject, "reason": alert.reason})


def _decide(alert: Alert, state: AlertState, reason: str, by: Account) -> None:
    lock(alert)
    check_undecided(alert)
    check_reason(reason)
    alert.state, alert.reason = state, reason.strip()
    alert.decided_at, alert.decided_by_id = clock.now(), by.id


def check_undecided(alert: Alert) -> None:
    if alert.state is not AlertState.OPEN:
        raise AlertDecided


def latest_copy_alert(batch_number: int, unit: int) -> Alert | None:
    query = select(Alert).filter_by(kind=AlertKind.COPY, batch_number=batch_number, unit=unit)
    return db.session.scalar(query.order_by(Alert.id.desc()).limit(1))
