"""Headers on every answer: nothing inline, nothing from outside, no results kept by caches."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)


HEADERS = [
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"),
]
HEADERS_OVER_TLS = [("Strict-Transport-Security", "max-age=31536000")]
NOT_KEPT = ("Cache-Control", "no-store")


def init_security(app: Flask) -> None:
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    for name, value in HEADERS + (HEADERS_OVER_TLS if request.is_secure else []):
        response.headers[name] = value
    if request.endpoint != "static":
        response.headers.setdefault(*NOT_KEPT)
    return response


def headers_of(scheme: str) -> list[tuple[str, str]]:
    """All of them, for an answer that does not come from Flask."""
    return [*HEADERS, NOT_KEPT, *(HEADERS_OVER_TLS if scheme == "https" else [])]
