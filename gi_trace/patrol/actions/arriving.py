"""What all that phones send has in common: once each, from an officer of its visit, with a receipt."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import db, lock
from gi_trace.patrol.items import Made
from gi_trace.patrol.models import Arrived, Evidence, Finding, FindingVersion, Scan, Visit, VisitVersion
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import (
    ItemChanged,
    NotInOffice,
    NotInVisit,
    OfAnotherVisit,
    VisitMissing,
    clock_ahead_s,
)
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

Kind = TypeVar("Kind", bound=Arrived)
OfVisit = VisitVersion | Scan | Finding | FindingVersion | Evidence


def officer_with(phone: PatrolPhone) -> Account:
    """Whose phone it is, which stays locked: two flushes of one phone must not write one item twice. Also of a phone that
    was revoked: what its officer had sealed is not lost, and tells it (`Doubt`)."""
    lock(phone)
    return phone.officer


def known_as(kind: type[Kind], made: Made, officer: Account) -> Kind | None:
    """What arrived from the officer under this id before. Raises ItemChanged where it said something else."""
    known = db.session.get(kind, made.id)
    if known is not None and (known.content_sha256, known.by_id) != (made.sha256, officer.id):
        raise ItemChanged
    return known


def made_on(phone: PatrolPhone, made: Made) -> dict[str, Any]:
    """The columns of `MadeOnPhone`, and the id. Raises NotInOffice."""
    check_in_office(phone.officer, happened_at(made))
    return {
        "id": made.id,
        "by_id": phone.officer_id,
        "phone_id": phone.id,
        "made_at": made.made_at,
        "clock_ahead_s": _clock_ahead_s(made),
        "heard_at": made.heard_at,
    }


def arrived(phone: PatrolPhone, made: Made) -> dict[str, Any]:
    """The columns of `Arrived`, and the id; the receipt is written by `kept`. Raises NotInOffice."""
    came = {"received_at": clock.now(), "content_sha256": made.sha256, "receipt": 0}
    return made_on(phone, made) | came


def happened_at(made: Made) -> datetime:
    """By our clock."""
    return made.made_at - timedelta(seconds=_clock_ahead_s(made))


def _clock_ahead_s(made: Made) -> int:
    return clock_ahead_s(made.made_at, made.clock_ahead_s, made.heard_at, clock.now())


def check_in_office(officer: Account, at: datetime) -> None:
    if officer.closed_at is not None and at > officer.closed_at:
        raise NotInOffice(name=officer.name)


def kept(acted: Acted, subject: Any, item: Any, officer: Account, facts: dict[str, Any]) -> Any:
    """Written to the record, whose number is the receipt."""
    facts |= {"content_sha256": item.content_sha256, "id": item.id}
    item.receipt = record(acted, subject, by=officer, facts=facts)
    return item


def visit_of(visit_id: str, officer: Account) -> Visit:
    """Raises VisitMissing, NotInVisit."""
    visit = db.session.get(Visit, visit_id)
    if visit is None:
        raise VisitMissing
    check_in_visit(visit, officer)
    return visit


def check_in_visit(visit: Visit, officer: Account) -> None:
    if officer.id not in visit.officer_ids:
        raise NotInVisit


def check_of_visit(kind: type[OfVisit], named: str | None, visit_id: str) -> None:
    """What an item names is of the item's own visit, where it has arrived. Raises OfAnotherVisit."""
    known: OfVisit | None = db.session.get(kind, named) if named else None  # type: ignore[assignment]
    if known is not None and known.visit_id != visit_id:
        raise OfAnotherVisit
