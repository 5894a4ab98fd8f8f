"""A one-time password on a page of its own: shown once, never again."""

from flask import Response, make_response, render_template

from gi_trace.accounts.models import Account


def password_page(account: Account, password: str, *, back: str) -> Response:
    page = render_template("components/one_time_password.html", account=account, password=password, back=back)
    return make_response(page)
