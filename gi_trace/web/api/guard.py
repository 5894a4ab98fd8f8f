"""Who may call: the bearer of a standing token of an enterprise's account, as far as the token goes (RFC 6750)."""

from flask import current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from gi_trace.accounts.models import Account, ApiToken, Role, Scope
from gi_trace.accounts.rules import TokenRefused
from gi_trace.accounts.tokens import use_token
from gi_trace.batches.models import Batch, PrintRun
from gi_trace.database import db
from gi_trace.errors import Forbidden, NotFound
from gi_trace.registry.models import Party
from gi_trace.web.error_pages import show_refusal


def require_token() -> None:
    token = use_token(bearer(), needed_scope())
    if token.account.role is not Role.ENTERPRISE:
        raise Forbidden
    g.token = token


require_token.face_guard = (Role.ENTERPRISE,)  # type: ignore[attr-defined]  # the architecture test reads it


def bearer() -> str:
    """What stands behind Bearer in the header; "" without one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def needed_scope() -> Scope:
    return getattr(current_app.view_functions[request.endpoint or ""], "scope", Scope.READ)


def challenge(refusal: TokenRefused) -> ResponseReturnValue:
    """The refusal, with what a client may read of it in the header."""
    told = {"realm": "gi_trace", "error": refusal.error, "error_description": refusal.description}
    if "needed" in refusal.facts:
        told["scope"] = refusal.facts["needed"]
    response = make_response(show_refusal(refusal))
    parts = ", ".join(f'{name}="{value}"' for name, value in told.items() if value)
    response.headers["WWW-Authenticate"] = f"Bearer {parts}"
    return response


def callers_token() -> ApiToken:
    return g.token


def caller() -> Account:
    return callers_token().account


def callers_party() -> Party:
    party = caller().party
    assert party is not None  # every account of an enterprise has one
    return party


def get_callers_batch(number: int) -> Batch:
    batch = db.session.get(Batch, number)
    if batch is None:
        raise NotFound
    if batch.party_id != caller().party_id:
        raise Forbidden
    return batch


def get_callers_run(run_id: int) -> PrintRun:
    run = db.session.get(PrintRun, run_id)
    if run is None:
        raise NotFound
    if run.batch.party_id != caller().party_id:
        raise Forbidden
    return run
