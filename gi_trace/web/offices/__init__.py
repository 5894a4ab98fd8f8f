"""Where other cities' offices send their sealed packages. Nobody signs in here: the seal is the way in."""

from flask import Blueprint, Flask, abort, current_app, request

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


from gi_trace.web.offices import messages  # noqa: E402, F401  (views attach themselves to bp)
