"""The packages and photos themselves; what we answer is a sealed receipt."""

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from gi_trace.database import end_reading
from gi_trace.offices.delivery import receive_package
from gi_trace.offices.originals import awaited_original, receive_original
from gi_trace.offices.rules import PackageReplayed
from gi_trace.web.limits import limiter
from gi_trace.web.offices import bp


@bp.post("/messages")
@limiter.limit("60 per minute")
def take_message() -> ResponseReturnValue:
    """Our sealed receipt. A package that came before is refused, with the receipt of then."""
    try:
        return Response(receive_package(request.get_data()), mimetype="application/json")
    except PackageReplayed as replayed:
        return jsonify(code=replayed.code, receipt=replayed.receipt), replayed.status


@bp.post("/originals/<transfer_id>/<sha256>")
@limiter.limit("600 per minute")
def take_original(transfer_id: str, sha256: str) -> ResponseReturnValue:
    """Our sealed receipt for a photo that a package announced."""
    original = awaited_original(transfer_id, sha256)
    request.max_content_length = original.size
    end_reading()  # before a photo that may take long to arrive
    return Response(receive_original(original, request.get_data()), mimetype="application/json")
