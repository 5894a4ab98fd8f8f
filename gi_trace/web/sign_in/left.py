"""Who signed out in the patrol app without network: the browser says so with whatever it asks next (`handover.js`), and
the sign-in ends before anything is answered, whether a script runs or not."""

from flask import Flask, Response, request
from flask_login import current_user, logout_user

from gi_trace.accounts.actions import sign_out
from gi_trace.web.guards import me

LEFT = "signed_out"


def init_left(app: Flask) -> None:
    app.before_request(end_sign_in)
    app.after_request(forget)


def end_sign_in() -> None:
    """The page that signs out does it itself."""
    if LEFT in request.cookies and request.endpoint != "sign_in.sign_out" and current_user.is_authenticated:
        sign_out(me())
        logout_user()


def forget(response: Response) -> Response:
    if LEFT in request.cookies:
        response.delete_cookie(LEFT)
    return response
