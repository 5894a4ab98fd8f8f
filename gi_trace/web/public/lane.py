"""A lane of its own, before Flask, for what nearly every visitor asks: one code, by its plain address.

After a report on television everyone scans at once, and Flask's machinery (routing, sessions, limits, hooks)
costs more than the check itself. The lane makes the same page of the same answer as check.py; whatever is not
quite plain, or goes wrong, is left to that.
"""

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Flask

from gi_trace.codes.digital_link import Address
from gi_trace.codes.unit_code import Malformed, parse
from gi_trace.keys import Keys
from gi_trace.verification.looking.look import look_through
from gi_trace.verification.storing.journal import Journal
from gi_trace.web.languages import LANGUAGE_COOKIE, asked_language
from gi_trace.web.public.verdict_page import parts_of, verdict_pages
from gi_trace.web.public.visitor import device_cookie, visitor
from gi_trace.web.security import headers_of

log = logging.getLogger(__name__)


class CheckLane:
    """WSGI middleware."""

    def __init__(self, app: Flask):
        self.app = app
        self.flask = app.wsgi_app
        self.journal: Journal = app.extensions["gi_trace_journal"]
        self.keys: Keys = app.extensions["gi_trace_keys"]
        self.prefix = "/c/"
        verdict_pages.forget()  # of an earlier service of this process
        self.cookies_for_flask = (app.config["SESSION_COOKIE_NAME"], LANGUAGE_COOKIE)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.is_plain(environ):
            try:
                answer = self.answer(environ, start_response)
                if answer is not None:
                    return answer
            except Exception:
                log.exception("the lane failed; Flask tries again and tells the visitor")
        return self.flask(environ, start_response)

    def is_plain(self, environ: dict[str, Any]) -> bool:
        cookies = environ.get("HTTP_COOKIE", "")
        return (
            environ["PATH_INFO"].startswith(self.prefix)
            and environ["REQUEST_METHOD"] == "GET"
            and not environ.get("QUERY_STRING")
            and not any(name in cookies for name in self.cookies_for_flask)
        )

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        """None for what is no code of ours: Flask counts those."""
        config = self.app.config
        looker = visitor(environ, city_db=config["IP_CITY_DB"])
        typed = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")  # as WSGI carries it
        try:
            address = Address(parse(typed.removeprefix(self.prefix)))
        except Malformed:
            return None
        answer = look_through(self.journal, self.keys, address, looker)
        if answer.batch is None:
            return None
        language = asked_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        context = partial(self.app.request_context, environ)
        body = verdict_pages.page(*parts_of(answer, language, context), language, context)
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Vary", "Accept-Language, Cookie"),
            *headers_of(environ["wsgi.url_scheme"]),
        ]
        if looker and looker.is_new:
            headers.append(("Set-Cookie", device_cookie(looker, secure=config["SESSION_COOKIE_SECURE"])))
        start_response("200 OK", headers)
        return [body]
