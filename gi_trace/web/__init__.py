"""The faces. Each is a blueprint with its guard beside its registration."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from gi_trace.accounts.actions import account_signed_in
from gi_trace.errors import NotFound
from gi_trace.web import authority, enterprise, inspector, offices, public, sign_in
from gi_trace.web.callers import PlainAddresses
from gi_trace.web.casework.texts import init_texts
from gi_trace.web.error_pages import init_error_pages
from gi_trace.web.form_keys import init_form_keys
from gi_trace.web.languages import init_languages
from gi_trace.web.limits import init_limits
from gi_trace.web.names import init_names
from gi_trace.web.navigation import face_nav, filings, footer_links
from gi_trace.web.public import apply, slips
from gi_trace.web.public.lane import CheckLane
from gi_trace.web.public.record import init_record
from gi_trace.web.security import init_security
from gi_trace.web.sign_in.left import init_left
from gi_trace.web.words import init_words

FACES = (public, slips, apply, sign_in, enterprise, inspector, authority, offices)


class RowNumber(IntegerConverter):
    """A number in an address is a row's: what no column holds is a page that does not exist."""

    def __init__(self, routes: Map, *arguments: Any, **options: Any):
        super().__init__(routes, *arguments, **{"max": 2**31 - 1} | options)


def init_web(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.wsgi_app = PlainAddresses(CheckLane(app))  # type: ignore[method-assign]
    if app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["TRUSTED_PROXIES"], x_proto=1)  # type: ignore
    init_languages(app)
    init_limits(app)
    sign_ins = LoginManager(app)
    sign_ins.session_protection = None  # sign-ins live on the server and end there
    sign_ins.user_loader(account_signed_in)
    init_words(app)
    init_names(app)
    init_texts(app)
    init_security(app)
    init_error_pages(app)
    init_form_keys(app)
    init_left(app)
    init_record(app)
    app.before_request(check_page_number)
    app.context_processor(page_context)
    for face in FACES:
        app.register_blueprint(face.bp)
    offices.init_offices(app)


def check_page_number() -> None:
    """No list has a page whose number has more than nine digits; a database could not even count to it. The JSON face
    refuses in its own way, or has nothing to tell there."""
    if len(request.args.get("page", "")) > 9 and not request.path.startswith("/api/"):
        raise NotFound


def page_context() -> dict[str, Any]:
    return {
        "face_nav": face_nav(request.blueprint, request.endpoint),
        "footer_links": footer_links(),
        "office": current_app.config["OFFICE_NAME"],
        "filings": filings(),
        "official_domain": urlsplit(current_app.config["PUBLIC_URL"]).netloc,
    }
