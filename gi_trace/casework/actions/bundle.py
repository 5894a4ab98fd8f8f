"""Taking a case out as one evidence bundle: the file first, then the act, which writes its row alone."""

import json
import mimetypes
from itertools import chain
from pathlib import Path

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.casework.actions.papers import pdf_of
from gi_trace.casework.dossier import case_papers, dossier_of, photos_of
from gi_trace.casework.models import Case, papers_of
from gi_trace.casework.rules.bundle import write_bundle
from gi_trace.casework.rules.steps import NotOnCase
from gi_trace.database import act, lock
from gi_trace.errors import N_, Refused
from gi_trace.evidence.store import evidence_store
from gi_trace.keys import keys
from gi_trace.patrol.models import Evidence
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


class EvidenceDamaged(Refused):
    """What lies in the store is no longer what was received: no bundle may claim otherwise."""

    code = "evidence_damaged"
    status = 500
    text = N_("证据 {sha256} 的存储内容与收到时不同，请立即检查存储。")


def export_case(case: Case, target: Path, *, by: Account) -> None:
    """Writes the bundle to `target`, then the record's row, by which each original in it counts as looked at.

    The file may be given away only when this returns: who was taken off the case meanwhile is refused by the row.
    Raises NotOnCase, EvidenceDamaged.
    """
    _check_may_export(case, by)
    papers = {f"papers/{paper.kind.value}-{paper.id}.pdf": pdf_of(paper) for paper in papers_of(case.lead)}
    photos = {_name(photo): photo.sha256 or "" for photo in photos_of(case.lead)}
    dossier = json.dumps(dossier_of(case), ensure_ascii=False, indent=1).encode()
    with target.open("wb") as file:
        hashes = write_bundle(
            file,
            case=case.number,
            office=current_app.config["OFFICE_NAME"],
            made_at=clock.now().isoformat(timespec="seconds"),
            texts=chain([("case.json", dossier)], papers.items(), case_papers(case)),
            originals={name: _original(sha256) for name, sha256 in photos.items()},
            key=keys().office,
        )
    for name, sha256 in photos.items():
        if hashes[f"originals/{name}"] != sha256:
            raise EvidenceDamaged(sha256=sha256)
    _record_export(case, len(hashes), sorted(photos), by=by)


@act
def _record_export(case: Case, files: int, photos: list[str], *, by: Account) -> None:
    lock(case)
    _check_may_export(case, by)
    record(Acted.CASE_EXPORTED, case, by=by, facts={"files": files, "photos": photos})


def _check_may_export(case: Case, by: Account) -> None:
    if by.role != Role.AUTHORITY and not case.is_in_hands_of(by):
        raise NotOnCase


def _original(sha256: str) -> Path:
    path = evidence_store().original(sha256)
    if not path.exists():
        raise EvidenceDamaged(sha256=sha256)
    return path


def _name(photo: Evidence) -> str:
    return f"{photo.sha256}{mimetypes.guess_extension(photo.media_type) or ''}"
