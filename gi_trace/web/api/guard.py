"""Who may call: the bearer of a token that an enterprise's account made and has not taken back."""

from flask import g, request
from werkzeug.exceptions import Unauthorized

from gi_trace.accounts.models import Account, Role
from gi_trace.accounts.tokens import account_of_token
from gi_trace.batches.models import Batch, PrintRun
from gi_trace.database import db
from gi_trace.errors import Forbidden, NotFound


def require_token() -> None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    account = account_of_token(token.strip()) if kind.lower() == "bearer" else None
    if account is None:
        raise Unauthorized
    if account.role is not Role.ENTERPRISE:
        raise Forbidden
    g.caller = account


require_token.face_guard = (Role.ENTERPRISE,)  # type: ignore[attr-defined]  # the architecture test reads it


def caller() -> Account:
    return g.caller


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
