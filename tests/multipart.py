"""Forms with large files, sent from memory: the test client itself would leave a temporary file open."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse, encode_multipart


def post(browser: FlaskClient, page: str, answers: dict[str, Any], **options: Any) -> TestResponse:
    boundary, body = encode_multipart(answers)
    return browser.post(page, data=body, content_type=f"multipart/form-data; boundary={boundary}", **options)
