"""The JSON face at /api/v1/: an enterprise's own system looks, registers, orders, fetches and activates.

Every call carries a token, and acts with the rights of the account that made it, as far as the token's scopes go. A POST
that makes something and has a `client_key` may be sent again: it is done once. Lists come in pages; the header
`X-Pagination` tells how many there are. Errors are problem details (RFC 9457) in the language of `Accept-Language`.
"""

from flask import Flask
from flask_wtf import CSRFProtect

from gi_trace.web.api import batches, codes, document, lots, print_runs
from gi_trace.web.api.face import Documented

FACES = (lots, batches, print_runs, codes, document)


def init_api(app: Flask, csrf: CSRFProtect) -> None:
    app.config.update(
        API_TITLE="江门地理标志追溯 gi_trace",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": __doc__},
            "servers": [{"url": app.config["PUBLIC_URL"]}],
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        },
    )
    api = Documented(app)
    for face in FACES:
        csrf.exempt(face.bp)  # a browser never sends a token by itself
        api.register_blueprint(face.bp)
