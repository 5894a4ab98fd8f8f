"""The act of taking a case out as one evidence bundle."""

import json
import mimetypes
from pathlib import Path

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.casework.dossier import case_paper, dossier_of, photos_of
from gi_trace.casework.models import Case
from gi_trace.casework.rules.bundle import write_bundle
from gi_trace.casework.rules.steps import NotOnCase
from gi_trace.database import act
from gi_trace.errors import N_, Refused
from gi_trace.evidence.store import evidence_store, file_sha256
from gi_trace.keys import keys
from gi_trace.patrol.models import Evidence
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


class EvidenceDamaged(Refused):
    """What lies in the store is no longer what was received: no bundle may claim otherwise."""

    code = "evidence_damaged"
    status = 500
    text = N_("证据 {sha256} 的存储内容与收到时不同，请立即检查存储。")


@act
def export_case(case: Case, target: Path, *, by: Account) -> None:
    """Writes the bundle to `target`; each original in it counts as looked at, by the record's row."""
    if by.role != Role.AUTHORITY and by.id not in (case.first_officer_id, case.second_officer_id):
        raise NotOnCase
    photos = photos_of(case)
    originals = {_name(photo): _sound_original(photo) for photo in photos}
    dossier = json.dumps(dossier_of(case), ensure_ascii=False, indent=1).encode()
    with target.open("wb") as file:
        hashes = write_bundle(
            file,
            case=case.number,
            office=current_app.config["OFFICE_NAME"],
            made_at=clock.now().isoformat(timespec="seconds"),
            texts={"case.json": dossier, "record.pdf": case_paper(case)},
            originals=originals,
            key=keys().office,
        )
    record(Acted.CASE_EXPORTED, case, by=by, facts={"files": len(hashes), "photos": sorted(originals)})


def _sound_original(photo: Evidence) -> Path:
    path = evidence_store().original(photo.sha256 or "")
    if not path.exists() or file_sha256(path) != photo.sha256:
        raise EvidenceDamaged(sha256=photo.sha256)
    return path


def _name(photo: Evidence) -> str:
    return f"{photo.sha256}{mimetypes.guess_extension(photo.media_type) or ''}"
