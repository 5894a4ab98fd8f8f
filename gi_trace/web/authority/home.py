"""The authority's first page."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Authorisation, Party, PartyKind
from gi_trace.verification.models import Check
from gi_trace.web.authority import bp


@bp.get("/")
def home() -> ResponseReturnValue:
    counts = {
        "parties": select(func.count()).select_from(Party).filter_by(kind=PartyKind.ENTERPRISE),
        "authorisations": select(func.count()).select_from(Authorisation),
        "batches": select(func.count()).select_from(Batch).filter_by(cancelled_at=None),
        "checks": select(func.count()).select_from(Check),
        "accounts": select(func.count()).select_from(Account).filter_by(closed_at=None),
        "acts": select(func.count()).select_from(RecordRow),
    }
    return render_template(
        "authority/home.html", counts={name: db.session.scalar(query) for name, query in counts.items()}
    )
