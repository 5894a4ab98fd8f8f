"""Who may enter a face, attached where the face is registered; and loading only what is one's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.accounts.officers import check_duty, has_duty
from gi_trace.errors import Forbidden
from gi_trace.registry.models import Party
from gi_trace.web.error_pages import wants_json

View = TypeVar("View", bound=Callable[..., Any])


def require_role(*roles: Role) -> Callable[[], Response | None]:
    """For `before_request` of a face: signed in, password chosen, and in one of the roles."""

    def check() -> Response | None:
        if not current_user.is_authenticated:
            if request.method not in ("GET", "HEAD") or asked_by_script():
                abort(401)
            return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))
        if current_user.role not in roles:
            raise Forbidden
        if current_user.password_is_one_time:
            return redirect(url_for("sign_in.change_password"))
        return None

    check.face_guard = roles  # type: ignore[attr-defined]  # the architecture test reads it
    return check


def require_duty() -> None:
    """For `before_request` of the authority's face, after its guard: whoever changes something handles, unless the page
    is `done_by` others. Its form is refused before anything is typed; reading is open to every officer."""
    view = current_app.view_functions[request.endpoint or ""]
    takes = (request.url_rule.methods if request.url_rule else None) or ()
    is_form = "POST" in takes and not hasattr(view, "is_shown_to_all")
    if request.method not in ("GET", "HEAD") or is_form:
        duties = getattr(view, "done_by", (Duty.HANDLER,))
        if duties and not any(has_duty(me(), duty) for duty in duties):
            check_duty(me(), duties[0])


def done_by(*duties: Duty) -> Callable[[View], View]:
    """A page on which officers with one of these act; none where the act itself says who may."""

    def marked(view: View) -> View:
        view.done_by = duties  # type: ignore[attr-defined]
        return view

    return marked


def shown_to_all(view: View) -> View:
    """A page with a form that also shows something: every officer reads it."""
    view.is_shown_to_all = True  # type: ignore[attr-defined]
    return view


def asked_by_script() -> bool:
    """Nobody would see a sign-in page there; and the page that a person opened meanwhile keeps its token."""
    return wants_json() or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def open_to_all() -> None:
    """The guard of a face that needs no sign-in: said, not forgotten."""


open_to_all.face_guard = ()  # type: ignore[attr-defined]


def me() -> Account:
    """The signed-in account, as its own class rather than Flask-Login's proxy."""
    return current_user._get_current_object()


def own_party() -> Party:
    party = me().party
    if party is None:
        raise Forbidden
    return party


def only(*roles: Role) -> Callable[[View], View]:
    """For pages that not every role of their face works with."""

    def narrowed(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if current_user.role not in roles:
                raise Forbidden
            return view(*args, **kwargs)

        return cast(View, checked)

    return narrowed
