"""Where other cities' offices send their sealed packages. Nobody signs in here: the seal is the way in."""

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from gi_trace.database import db, end_reading
from gi_trace.offices.delivery import receive_package
from gi_trace.offices.originals import awaited_original, receive_original
from gi_trace.offices.rules import PackageReplayed
from gi_trace.web.limits import limiter

bp = Blueprint("offices", __name__, url_prefix="/exchange")  # other offices know the address


def sealed_packages_only() -> None:
    """Nothing larger than a package, and nothing but JSON; who sealed it is seen when it is opened.

    Photos come in bytes, and only those that a package announced.
    """
    is_photo = request.endpoint == "offices.take_original"
    request.max_content_length = current_app.config["OFFICES_KB"] * 1024
    if request.mimetype != ("application/octet-stream" if is_photo else "application/json"):
        abort(415)


sealed_packages_only.face_guard = ()  # type: ignore[attr-defined]  # the architecture test reads it
bp.before_request(sealed_packages_only)


def init_offices(app: Flask) -> None:
    """No browser comes here with a cookie, so there is no form to protect."""
    app.extensions["csrf"].exempt(bp)


@bp.post("/messages")
@limiter.limit("60 per minute")
def take_message() -> ResponseReturnValue:
    """Our sealed receipt. A package that came before is refused, with the receipt of then."""
    try:
        return Response(receive_package(request.get_data()), mimetype="application/json")
    except PackageReplayed as replayed:
        db.session.rollback()
        return jsonify(code=replayed.code, receipt=replayed.receipt), replayed.status


@bp.post("/originals/<transfer_id>/<sha256>")
@limiter.limit("600 per minute")
def take_original(transfer_id: str, sha256: str) -> ResponseReturnValue:
    """Our sealed receipt for a photo that a package announced."""
    original = awaited_original(transfer_id, sha256)
    request.max_content_length = original.size
    end_reading()  # before a photo that may take long to arrive
    return Response(receive_original(original, request.get_data()), mimetype="application/json")
