"""How much a request may bring: in files what the setting says, or more where a page takes many photos; in fields little."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request, session

View = TypeVar("View", bound=Callable[..., Any])


def takes_up_to(most_bytes: int) -> Callable[[View], View]:
    """For a view of people who are signed in; nobody else may send so much."""

    def marked(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return marked


def init_uploads(app: Flask) -> None:
    """Before whatever reads a form, CSRF's check among it."""
    app.before_request(_allow)


def _allow() -> None:
    if (
        request.mimetype == "application/x-www-form-urlencoded"
    ):  # Werkzeug's own limit of fields does not hold here
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
        return
    most_bytes = getattr(current_app.view_functions.get(request.endpoint or ""), "most_bytes", None)
    if most_bytes and "_user_id" in session:  # our signature is on it; asking the database would lock it
        request.max_content_length = most_bytes
