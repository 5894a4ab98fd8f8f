"""A photo of a patrol as a file: the copy for viewing; with `original`, the bytes as the phone took them."""

from flask import abort, request, send_file
from flask.typing import ResponseReturnValue

from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.patrol.actions.arriving import check_in_visit
from gi_trace.patrol.actions.photos import look_at_evidence
from gi_trace.patrol.models import Evidence, Visit
from gi_trace.web.guards import me


def photo_of_visit(photo_id: str) -> ResponseReturnValue:
    """For its two officers; those of a case look through their lead. Raises NotFound, NotInVisit."""
    photo = db.session.get(Evidence, photo_id)
    visit = db.session.get(Visit, photo.visit_id) if photo else None
    if photo is None or visit is None:
        raise NotFound
    check_in_visit(visit, me())
    return evidence_file(photo)


def evidence_file(photo: Evidence | None) -> ResponseReturnValue:
    if photo is None:
        raise NotFound
    original = "original" in request.args
    path = look_at_evidence(photo, by=me(), original=original)
    if path is None:
        abort(404)
    media_type = photo.media_type if original else "image/jpeg"
    return send_file(path, mimetype=media_type, as_attachment=original, download_name=path.name)
