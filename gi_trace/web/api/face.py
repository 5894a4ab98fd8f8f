"""What every operation of the JSON face has, said once: its id, how its body is read, its pages, its errors in the document."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Request
from flask_smorest import Api, Blueprint, Page
from flask_smorest.utils import prepare_response
from sqlalchemy import Select, func, select
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from gi_trace.accounts.models import Scope
from gi_trace.accounts.rules import TokenRefused
from gi_trace.database import db
from gi_trace.web.api.guard import challenge
from gi_trace.web.api.told import ProblemSchema
from gi_trace.web.uploads import sent_json

PROBLEM = "application/problem+json"
OF_A_BODY = (400, 413, 415, 422)
OF_A_POST = (409, 422)
OF_A_TOKEN = (401, 403)
NEEDS_READ = [{"token": [Scope.READ.value]}]
CHALLENGE = {
    "WWW-Authenticate": {
        "description": "RFC 6750: what is wrong with the token.",
        "schema": {"type": "string"},
    }
}


PAGES = {
    "description": "JSON text: how many rows and pages there are, which this is, and which come before and after it.",
    "schema": {
        "type": "string",
        "contentMediaType": "application/json",
        "examples": [
            '{"total": 3, "total_pages": 2, "first_page": 1, "last_page": 2, "page": 1, "next_page": 2}'
        ],
    },
}


class Documented(Api):
    """Errors are problem details, and each operation names its own; the package's error pages stay out, since the
    service has one place for errors."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        self.spec.components.header("PAGINATION", PAGES, lazy=True)

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            if status >= 400:
                response = {"description": status.phrase, "schema": self.ERROR_SCHEMA}
                prepare_response(response, self.spec, PROBLEM)
                if status == HTTPStatus.UNAUTHORIZED:
                    response["headers"] = CHALLENGE
                self.spec.components.response(status.name, response, lazy=True)


class BoundedJson(FlaskParser):
    def _raw_load_json(self, req: Request) -> Any:
        if not req.is_json:
            raise UnsupportedMediaType
        return sent_json()


class ApiFace(Blueprint):
    """A blueprint whose functions are operations: a function's name is the operation's id."""

    ARGUMENTS_PARSER = BoundedJson()
    DEFAULT_PAGINATION_PARAMETERS = {"page": 1, "page_size": 50, "max_page_size": 200}

    def __init__(self, *told: Any, **options: Any):
        super().__init__(*told, **options)
        self.register_error_handler(TokenRefused, challenge)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *given: Any, **options: Any
    ) -> None:
        super().add_url_rule(rule, endpoint, view_func, *given, **options)
        name = endpoint or view_func.__name__
        for method, told in self._docs[name].items():
            if method != "parameters":
                told["manual_doc"] = _document(rule, method, name, told)


def _document(rule: str, method: str, name: str, told: dict[str, Any]) -> dict[str, Any]:
    manual = {"operationId": name, "security": NEEDS_READ} | told.get("manual_doc", {})
    secured = manual["security"]
    has_body = any(one["in"] == "json" for one in told.get("arguments", {}).get("parameters", []))
    statuses = {
        *((OF_A_TOKEN if all(secured) else OF_A_TOKEN[:1]) if secured else ()),
        *(OF_A_BODY if has_body else ()),
        *(OF_A_POST if method == "post" else ()),
        *((404,) if "<" in rule else ()),
    }
    named = {status: HTTPStatus(status).name for status in sorted(statuses)}
    return manual | {"responses": named | manual.get("responses", {})}


def needs(scope: Scope) -> Callable[[Any], Any]:
    """For an operation that takes more than `read` of a token."""

    def marked(view: Any) -> Any:
        view.scope = scope
        return Blueprint.doc(security=[{"token": [scope.value]}])(view)

    return marked


class RowsPage(Page):
    """A page of the rows that a query finds; behind the last one there is nothing, however far. `row_told` makes of a
    row what its schema tells."""

    collection: Select[Any]
    row_told: Callable[[Any], Any] = staticmethod(lambda row: row)

    @property
    def item_count(self) -> int:
        counted = select(func.count()).select_from(self.collection.order_by(None).subquery())
        return db.session.scalar(counted) or 0

    @property
    def items(self) -> list[Any]:
        first = self.page_params.first_item
        if first >= self.page_params.item_count:
            return []
        rows = db.session.scalars(self.collection.offset(first).limit(self.page_params.page_size))
        return [self.row_told(row) for row in rows]
