"""What a request may bring: in files what the setting says, or more where a page takes many photos; in fields and JSON
little, and only text that every database keeps and that reads as it is written."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request, session

from gi_trace.database import end_reading
from gi_trace.errors import N_, Refused
from gi_trace.sent_json import fault_of_text, read_json

MOST_JSON = (
    512 * 1024
)  # bytes: what a finding with 500 scans or 2,000 ranges of units take, and as much again
View = TypeVar("View", bound=Callable[..., Any])


class UnkeepableText(Refused):
    code = "unkeepable_text"
    status = 400
    text = N_("填写的内容{fault}，没有收下。请按浏览器的返回键，改正后再发。")


def takes_up_to(most_bytes: int) -> Callable[[View], View]:
    """For a view of people who are signed in; nobody else may send so much."""

    def marked(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return marked


def takes_photos(view: View) -> View:
    """For a view of the public; such bodies are gathered before a thread reads them."""
    view.takes_photos = True  # type: ignore[attr-defined]
    return view


def sent_json() -> Any:
    """What a phone or a firm's system says. The guard has read, and bytes may take long: no transaction waits for them.
    Raises what `read_json` raises, and 413."""
    end_reading()
    request.max_content_length = MOST_JSON
    return read_json(request.get_data())


def init_uploads(app: Flask) -> None:
    """Before whatever reads a form, CSRF's check among it."""
    app.before_request(_allow)
    app.before_request(_check_texts)


def _allow() -> None:
    if (
        request.mimetype == "application/x-www-form-urlencoded"
    ):  # Werkzeug's own limit of fields does not hold here
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
        return
    view = current_app.view_functions.get(request.endpoint or "")
    most_bytes = getattr(view, "most_bytes", None)
    if getattr(view, "takes_photos", False):
        request.max_content_length = current_app.config["PHOTOS_MB"] * 1024**2
    elif most_bytes and "_user_id" in session:  # our signature is on it; asking the database would lock it
        request.max_content_length = most_bytes


def _check_texts() -> None:
    """As of JSON. Bodies that are no forms belong to their views, which bound them."""
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        texts = (text for texts in request.form.listvalues() for text in texts)
        if fault := next(filter(None, map(fault_of_text, texts)), ""):
            raise UnkeepableText(fault=fault)
