"""The JSON face against its own document: whatever is sent, only the answers that it promises come."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from gi_trace.database import db
from tests.cast import make_batch, make_print_run, token_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]
FEW = settings(
    max_examples=12,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def headers(app):
    make_print_run(make_batch())
    return {"Authorization": f"Bearer {token_of('lin')}"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_call_makes_the_service_fail(app, headers, mode):
    app.test_client_class = Client  # schemathesis brings its own cookies
    app.config["RATELIMIT_ENABLED"] = False
    db.session.rollback()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue  # an address or a header alone can hardly be wrong in shape

        @FEW
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case):
            db.session.rollback()
            with app.app_context():
                case.call_and_validate(headers=headers, checks=CHECKS)

        send()
