"""Photos of patrols: announce, receive piece by piece, complete, look at. Files are written before the acts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, end_reading, lock
from gi_trace.evidence.store import KeptPhoto, evidence_store
from gi_trace.patrol.actions.arriving import check_of_visit, made_on, officer_with, visit_of
from gi_trace.patrol.items import PHOTO, Made, read_item
from gi_trace.patrol.models import Evidence, EvidenceState, Finding
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import ItemChanged, NotInVisit, PhotoUnknown
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

SAID = {
    "visit_id": "visit",
    "finding_id": "finding",
    "kind": "kind",
    "marks_of_id": "marks_of",
    "phone_sha256": "sha256",
    "size": "size",
}  # columns by the names on the wire: what the same photo says again


def announce_photo(item: object, *, phone: PatrolPhone) -> Evidence:
    """What will arrive: its size and the hash that the phone took at capture. Again is the same."""
    return _announce_photo(*read_item(PHOTO, item), phone)


@act
def _announce_photo(made: Made, facts: Mapping[str, Any], phone: PatrolPhone) -> Evidence:
    officer = officer_with(phone)
    said = {column: facts[name] for column, name in SAID.items()}
    photo = db.session.get(Evidence, made.id)
    if photo is not None:
        same = all(getattr(photo, column) == value for column, value in said.items())
        if not same or photo.by_id != officer.id:
            raise ItemChanged
        return photo
    visit_of(facts["visit"], officer)
    check_of_visit(Finding, facts["finding"], facts["visit"])
    check_of_visit(Evidence, facts["marks_of"], facts["visit"])
    photo = Evidence(
        **made_on(phone, made),
        **said,
        state=EvidenceState.ANNOUNCED,
        announced_at=clock.now(),
    )
    db.session.add(photo)
    announced = {"sha256": photo.phone_sha256, "size": photo.size}
    record(Acted.EVIDENCE_ANNOUNCED, photo, by=officer, facts=announced)
    return photo


def receive_evidence(
    photo_id: str, offset: int, chunk: bytes, *, phone: PatrolPhone, carrier: Account | None = None
) -> Evidence:
    """The next bytes of a photo that was made on the phone, by whomever they come; with the last of them it is complete,
    if its hash is the phone's."""
    photo = db.session.get(Evidence, photo_id)
    if photo is None:
        raise PhotoUnknown
    if photo.by_id != phone.officer_id:
        raise NotInVisit
    store, part = evidence_store(), part_of(photo, carrier or phone.officer)
    with store.alone_with(photo_id):
        end_reading()  # to see what the request that was here before has done
        if photo.state == EvidenceState.COMPLETE:
            return photo
        sha256, size = photo.phone_sha256, photo.size
        end_reading()  # before files are written
        # Empty bytes at the end are no mistake: they finish what was cut off between its last byte and its act.
        if store.append(part, offset, chunk, size=size) == size:
            _complete_photo(photo, store.finish(part, sha256))
            store.drop_parts(photo_id)
        return photo


def part_of(photo: Evidence, carrier: Account) -> str:
    """The name of what has arrived of it: whoever carries another's photo has a part of his own, so that what he sends
    wrongly spoils nobody else's."""
    return photo.id if carrier.id == photo.by_id else f"{photo.id}.{carrier.id}"


@act
def _complete_photo(photo: Evidence, kept: KeptPhoto) -> None:
    lock(photo)
    photo.media_type, photo.has_copy = kept.media_type, kept.has_copy
    photo.state, photo.completed_at = EvidenceState.COMPLETE, clock.now()
    facts = {"sha256": kept.sha256, "size": photo.size}
    photo.receipt = record(Acted.EVIDENCE_RECEIVED, photo, by=photo.by, facts=facts)


def look_at_evidence(photo: Evidence, *, by: Account, original: bool = False) -> Path | None:
    """Where the photo lies, once the look is recorded; None when there is no copy for viewing."""
    if photo.sha256 is None:
        raise PhotoUnknown
    store = evidence_store()
    path = store.original(photo.sha256) if original else store.copy(photo.sha256)
    if path is None or not path.exists():
        return None
    _record_look(photo, by, original)
    return path


@act
def _record_look(photo: Evidence, by: Account, original: bool) -> None:
    record(Acted.EVIDENCE_VIEWED, photo, by=by, facts={"original": original})
