"""Acts on photos: announce, receive piece by piece, complete, look at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.evidence.rules import PhotoOutOfStep
from gi_trace.evidence.store import EvidenceStore
from gi_trace.patrol.content import made_of, photo_of
from gi_trace.patrol.models import Evidence, EvidenceState
from gi_trace.patrol.packs.actions import check_phone
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import ItemChanged, PhotoUnknown, clock_ahead_s
from gi_trace.record.actions import record


def evidence_store() -> EvidenceStore:
    return EvidenceStore(current_app.config["DATA_DIR"])


@act
def announce_photo(item: Mapping[str, Any], *, phone: PatrolPhone) -> Evidence:
    """What will arrive: its size and the hash that the phone took at capture. Again is the same."""
    lock(phone)
    check_phone(phone, phone.officer)
    made, facts = made_of(item), photo_of(item)
    photo = db.session.get(Evidence, made.id)
    if photo is not None:
        if (photo.phone_sha256, photo.size) != (facts.sha256, facts.size):
            raise ItemChanged
        return photo
    now = clock.now()
    photo = Evidence(
        id=made.id,
        visit_id=facts.visit_id,
        finding_id=facts.finding_id,
        by_id=phone.officer_id,
        state=EvidenceState.ANNOUNCED,
        phone_sha256=facts.sha256,
        size=facts.size,
        made_at=made.made_at,
        announced_at=now,
        clock_ahead_s=clock_ahead_s(made.sent_at, now),
    )
    db.session.add(photo)
    record("evidence.announced", photo, by=phone.officer, facts={"sha256": facts.sha256, "size": facts.size})
    return photo


@act
def receive_evidence(photo_id: str, offset: int, chunk: bytes, *, phone: PatrolPhone) -> Evidence:
    """The next bytes of a photo; with the last of them it is complete, if its hash is the phone's."""
    lock(phone)
    check_phone(phone, phone.officer)
    photo = db.session.get(Evidence, photo_id)
    if photo is None:
        raise PhotoUnknown
    if photo.state == EvidenceState.COMPLETE:
        return photo
    store = evidence_store()
    received = store.received(photo.id)
    if received + len(chunk) > photo.size:
        raise PhotoOutOfStep(received=received)
    if store.append(photo.id, offset, chunk) == photo.size:
        _complete(photo, store)
    return photo


@act
def look_at_evidence(photo: Evidence, *, by: Account, original: bool = False) -> Path | None:
    """Where the photo lies, once the look is recorded; None when there is no copy for viewing."""
    if photo.sha256 is None:
        raise PhotoUnknown
    store = evidence_store()
    path = store.original(photo.sha256) if original else store.copy(photo.sha256)
    if not path.exists():
        return None
    photo_id = photo.id
    looked_at = db.session.get_one(Evidence, photo_id)
    record("evidence.viewed", looked_at, by=by, facts={"original": original})
    return path


def _complete(photo: Evidence, store: EvidenceStore) -> None:
    photo.media_type = store.finish(photo.id, photo.phone_sha256)
    photo.has_copy = store.copy(photo.phone_sha256).exists()
    photo.state, photo.completed_at = EvidenceState.COMPLETE, clock.now()
    photo.receipt = record(
        "evidence.received", photo, by=photo.by, facts={"sha256": photo.phone_sha256, "size": photo.size}
    )
