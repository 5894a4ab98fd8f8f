"""What phones send, sealed or plain. Without the receipt in the answer a phone deletes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import end_reading
from gi_trace.evidence.store import evidence_store
from gi_trace.patrol.actions.discards import record_discard
from gi_trace.patrol.actions.photos import announce_photo, part_of, receive_evidence
from gi_trace.patrol.actions.scans import record_scan
from gi_trace.patrol.actions.visits import record_finding, record_visit
from gi_trace.patrol.items import LEAVE, check_photo_id, read_item
from gi_trace.patrol.models import Evidence, FindingVersion, Scan, VisitVersion, open_visits_of
from gi_trace.patrol.packs.actions import end_phone, phone_of
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import MOST_PHOTO_BYTES, ItemUnreadable
from gi_trace.patrol.sealing import is_sealed, makers_phone, opened, opened_piece
from gi_trace.web.casework.photo_files import photo_of_visit
from gi_trace.web.guards import me
from gi_trace.web.inspector import bp
from gi_trace.web.uploads import sent_json

SHARED_HOURS = 24


@bp.post("/patrol/visits")
def receive_visit() -> ResponseReturnValue:
    item, phone = sent_item()
    return receipt(record_visit(item, phone=phone))


@bp.post("/patrol/scans")
def receive_scan() -> ResponseReturnValue:
    item, phone = sent_item()
    scan = record_scan(item, phone=phone)
    return jsonify(
        id=scan.id,
        receipt=scan.receipt,
        received_at=scan.received_at.isoformat(),
        verdicts={scan.code: scan.server_verdict},
    )


@bp.post("/patrol/findings")
def receive_finding() -> ResponseReturnValue:
    item, phone = sent_item()
    version = record_finding(item, phone=phone)
    return receipt(version, verdicts=version.server_verdicts)


@bp.post("/patrol/photos")
def receive_photo() -> ResponseReturnValue:
    item, phone = sent_item()
    return photo_state(announce_photo(item, phone=phone))


@bp.post("/patrol/photos/<photo_id>/bytes")
def receive_photo_bytes(photo_id: str) -> ResponseReturnValue:
    """The next bytes, from `offset` on; `sealed` by their maker, whoever sends them."""
    offset = request.args.get("offset", type=int)
    if offset is None or not 0 <= offset <= MOST_PHOTO_BYTES:
        raise ItemUnreadable(field="offset")
    end_reading()
    piece = request.get_data()
    if "sealed" not in request.args:
        return photo_state(receive_evidence(photo_id, offset, piece, phone=_phone()))
    check_photo_id(photo_id)
    phone = makers_phone(_phone_id())
    opened_bytes = opened_piece(photo_id, offset, piece, phone)
    return photo_state(receive_evidence(photo_id, offset, opened_bytes, phone=phone, carrier=me()))


@bp.get("/patrol/photos/<photo_id>")
def show_sent_photo(photo_id: str) -> ResponseReturnValue:
    """The copy for viewing, on which a phone that has the bytes no more draws marks."""
    return photo_of_visit(photo_id)


@bp.post("/patrol/discards")
def receive_discard() -> ResponseReturnValue:
    """Refused before, and given up with a reason."""
    item, phone = sent_item()
    discard = record_discard(item, phone=phone)
    return jsonify(id=discard.id, receipt=discard.receipt, received_at=discard.received_at.isoformat())


@bp.post("/patrol/leave")
def end_patrol_phone() -> ResponseReturnValue:
    """Its officer has signed out there, perhaps without network, and this is sent when there is one."""
    item, phone = sent_item()
    made, _ = read_item(LEAVE, item)
    end_phone(phone)
    return jsonify(id=made.id, ended_at=phone.ended_at.isoformat() if phone.ended_at else None)


@bp.get("/patrol/visits")
def share_visits() -> ResponseReturnValue:
    """Visits of the last day in which I take part, for my phone or my colleague's."""
    since = clock.now() - timedelta(hours=SHARED_HOURS)
    return jsonify(visits=[_visit(visit, me()) for visit in open_visits_of(me(), since)])


def receipt(version: VisitVersion | FindingVersion, **more: Any) -> ResponseReturnValue:
    return jsonify(
        id=version.id,
        receipt=version.receipt,
        version=version.number,
        conflicts=version.conflicts,
        received_at=version.received_at.isoformat(),
        clock_ahead_s=version.clock_ahead_s,
        **more,
    )


def photo_state(photo: Evidence) -> ResponseReturnValue:
    received = photo.size if photo.receipt else evidence_store().received(part_of(photo, me()))
    completed_at = photo.completed_at.isoformat() if photo.completed_at else None
    return jsonify(
        id=photo.id,
        received=received,
        receipt=photo.receipt,
        sha256=photo.sha256,
        received_at=completed_at,
    )


def sent_item() -> tuple[object, PatrolPhone]:
    """What was sent and on which phone it was made: sealed by its maker, whoever sends it and whatever became of that
    phone, or plain by the officer who is signed in, on a phone that may upload."""
    sent = sent_json()
    return opened(cast(Mapping[str, Any], sent)) if is_sealed(sent) else (sent, _phone())


def _phone() -> PatrolPhone:
    return phone_of(me(), _phone_id())


def _phone_id() -> str:
    return request.headers.get("X-Patrol-Phone", "")


def _visit(visit: Any, officer: Account) -> dict[str, Any]:
    latest = visit.latest
    colleague = latest.second_officer_id if visit.officer_id == officer.id else visit.officer_id
    names = ("latitude_e6", "longitude_e6", "accuracy_m", "market_id", "note")
    shop_names = ("id", "name", "address", "code", "city", "market_id", "link", "platform", "seller")
    return {
        "visit": visit.id,
        "version": latest.number,
        "made_at": visit.versions[0].happened_at.isoformat(),
        "second_officer_id": colleague,
        "shop": {name: getattr(visit.shop, name) for name in shop_names},
        **{name: getattr(latest, name) for name in names},
        "scans": [_scan(scan) for scan in visit.scans],
        "findings": [_finding(finding.latest) for finding in visit.findings],
    }


def _scan(scan: Scan) -> dict[str, Any]:
    names = ("id", "code", "host", "verdict", "pack", "again")
    return {name: getattr(scan, name) for name in names} | {"at": scan.happened_at.isoformat(), "twin": False}


def _finding(latest: FindingVersion) -> dict[str, Any]:
    names = ("label", "scans", "quantity", "quantity_unit", "unit_price_fen", "supplier", "statement",
             "measure_number", "note")  # fmt: skip
    return {
        "finding": latest.finding_id,
        "version": latest.number,
        "offence": latest.offence.code,
        "product": latest.product.code if latest.product else None,
        "measure": latest.measure.value,
        "measure_on": latest.measure_on.isoformat() if latest.measure_on else None,
        **{name: getattr(latest, name) for name in names},
    }
