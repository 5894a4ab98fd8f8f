"""The OpenAPI document of the JSON face, open to all."""

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from gi_trace.web.api.face import ApiFace
from gi_trace.web.guards import open_to_all

bp = ApiFace("api_document", __name__, url_prefix="/api/v1", description="This document.")
bp.before_request(open_to_all)


@bp.get("/openapi.json")
@bp.doc(security=[])
@bp.response(200, content_type="application/json")
def show_document() -> ResponseReturnValue:
    """The OpenAPI 3.1 document of this face."""
    return jsonify(current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict())
