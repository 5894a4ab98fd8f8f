"""Photos that follow a lead to another office, each checked against the hash that the sealed package names.

The bytes need no seal of their own: whoever has the bytes of that hash has the photo.
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.dossier import photos_of
from gi_trace.casework.models import Lead
from gi_trace.database import act, db, lock
from gi_trace.evidence.rules import PhotoHashDiffers
from gi_trace.evidence.store import KeptPhoto, evidence_store
from gi_trace.offices.faults import DeliveryFailed, Fault
from gi_trace.offices.models import Direction, Office, TransferOriginal
from gi_trace.offices.rules import SHA256, MessageKind, PackageOutOfPlace, PackageUnreadable, text_of
from gi_trace.offices.sealing import opened, sealed_message
from gi_trace.offices.sending import Round, send
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

MEGABYTE = 1024**2


def originals_to_send(lead: Lead, office: Office) -> list[TransferOriginal]:
    """All photos of the lead; none where they are too many megabytes or the office has no such service."""
    photos = {photo.sha256: photo for photo in photos_of(lead)}.values()
    if not office.url or not _fit(photo.size for photo in photos):
        return []
    return [
        TransferOriginal(sha256=photo.sha256, size=photo.size, media_type=photo.media_type)
        for photo in photos
    ]


def originals_announced(body: Mapping[str, Any]) -> list[TransferOriginal]:
    """What a package says will follow it; nothing where that is more than we take in."""
    announced = body.get("originals", [])
    if not isinstance(announced, list) or not all(_is_announcement(one) for one in announced):
        raise PackageUnreadable
    found = {one["sha256"]: one for one in announced}.values()
    if not _fit(one["size"] for one in found):
        return []
    return [
        TransferOriginal(sha256=one["sha256"], size=one["size"], media_type=text_of(one, "media_type", 40))
        for one in found
    ]


def awaited_original(transfer_id: str, sha256: str) -> TransferOriginal:
    """Of a lead that came to us. Raises PackageOutOfPlace."""
    original = db.session.get(TransferOriginal, (transfer_id, sha256))
    if original is None or original.transfer.direction != Direction.IN:
        raise PackageOutOfPlace
    return original


def receive_original(original: TransferOriginal, content: bytes) -> str:
    """Keeps the photo, if it is the one that was announced, and returns our sealed receipt; again is the same."""
    if original.arrived_at is None:
        if (hashlib.sha256(content).hexdigest(), len(content)) != (original.sha256, original.size):
            raise PhotoHashDiffers
        _note_arrival(original, evidence_store().keep(content))
    transfer = original.transfer
    body = {"sha256": original.sha256, "size": original.size, "received_on": clock.today().isoformat()}
    _, receipt = sealed_message(MessageKind.RECEIPT, transfer.id, transfer.office.code, body)
    return receipt


@act
def _note_arrival(original: TransferOriginal, kept: KeptPhoto) -> None:
    lock(original)
    if original.arrived_at is None:  # of two that arrive at once the second finds it noted
        original.media_type, original.arrived_at = kept.media_type, clock.now()
        facts = {"sha256": kept.sha256, "size": original.size}
        record(Acted.LEAD_TRANSFER_ORIGINAL_RECEIVED, original.transfer, by=None, facts=facts)


def deliver_original(original: TransferOriginal, this_round: Round) -> bool:
    """Sends it to the office that has its lead; whether a receipt has come. Else it is sent again later."""
    key = original.sha256
    path = f"originals/{original.transfer_id}/{key}"
    note = partial(_note_receipt, original)
    media_type = "application/octet-stream"
    send(original, path, lambda: _sound_bytes(key), media_type, note, this_round=this_round)
    return original.arrived_at is not None


@act
def look_at_original(original: TransferOriginal, *, by: Account) -> Path:
    """Where a photo from another office lies, once the look is recorded."""
    key = (original.transfer_id, original.sha256)
    if original.arrived_at is None:
        raise PackageOutOfPlace
    looked_at = db.session.get_one(TransferOriginal, key)
    record(Acted.LEAD_TRANSFER_ORIGINAL_VIEWED, looked_at.transfer, by=by, facts={"sha256": looked_at.sha256})
    return evidence_store().original(key[1])


def _note_receipt(original: TransferOriginal, receipt: bytes) -> None:
    answer, transfer = opened(receipt), original.transfer
    fits = (answer.transfer, answer.body.get("sha256")) == (transfer.id, original.sha256)
    if answer.kind != MessageKind.RECEIPT or answer.sender != transfer.office.code or not fits:
        raise PackageOutOfPlace
    original.arrived_at = clock.now()
    record(Acted.LEAD_TRANSFER_ORIGINAL_RECEIPTED, transfer, by=None, facts={"sha256": original.sha256})


def _sound_bytes(sha256: str) -> bytes:
    """Raises DeliveryFailed when the store no longer holds what was received."""
    try:
        content = evidence_store().original(sha256).read_bytes()
    except OSError as error:
        raise DeliveryFailed(Fault.DAMAGED, sha256) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DeliveryFailed(Fault.DAMAGED, sha256)
    return content


def _fit(sizes: Any) -> bool:
    return sum(sizes) <= current_app.config["OFFICES_ORIGINALS_MB"] * MEGABYTE


def _is_announcement(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("sha256"), str)
        and SHA256.fullmatch(one["sha256"]) is not None
        and type(one.get("size")) is int
        and one["size"] > 0
    )
