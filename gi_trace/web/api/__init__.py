"""The JSON face at /api/v1/: an enterprise's own system registers, orders, fetches and activates.

Every call carries a token, and acts with the rights of the account that made it. A POST with a
`client_key` may be sent again: it is done once. Errors are problem details (RFC 9457).
"""

from flask import Flask
from flask_smorest import Api
from flask_wtf import CSRFProtect

from gi_trace.web.api import batches, codes, document, print_runs
from gi_trace.web.api.schemas import ProblemSchema

FACES = (batches, print_runs, codes, document)
SETTINGS = {
    "API_TITLE": "江门地理标志追溯 gi_trace",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {"description": __doc__},
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    },
}


class Documented(Api):
    """The package's own error pages stay out: the service has one place for errors."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        pass


def init_api(app: Flask, csrf: CSRFProtect) -> None:
    app.config.update(SETTINGS)
    api = Documented(app)
    for face in FACES:
        csrf.exempt(face.bp)  # a browser never sends a token by itself
        api.register_blueprint(face.bp)
