"""The authority's first page: what waits for a decision, and how much there is of everything."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from gi_trace.accounts.models import Account
from gi_trace.applications.models import count_applications_in_hand
from gi_trace.batches.models import Batch
from gi_trace.casework.models import count_leads_in_hand, count_open_cases
from gi_trace.database import db
from gi_trace.proposals.models import count_open_proposals
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Authorisation, Party, PartyKind
from gi_trace.stock.models import Lot
from gi_trace.stock.models.reads import open_on_site_checks
from gi_trace.stock.models.requests import count_open_requests
from gi_trace.verification.models import Check
from gi_trace.web.authority import bp
from gi_trace.web.labels.open_runs import open_runs


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
        "authority/home.html",
        counts={name: db.session.scalar(query) for name, query in counts.items()},
        tasks=[task for task in _tasks() if task[2]],
    )


def _tasks() -> list[tuple[str, object, int]]:
    """(endpoint, what waits there, how many)."""
    stopped = select(func.count()).select_from(Lot).where((Lot.holds > 0) | (Lot.recalls > 0))
    return [
        ("authority.list_proposals", _("提请待复核"), count_open_proposals()),
        ("authority.list_leads", _("线索待处理"), count_leads_in_hand()),
        ("authority.list_cases", _("案件在办"), count_open_cases()),
        ("authority.list_applications", _("用标申请待办"), count_applications_in_hand()),
        ("authority.list_stock_requests", _("企业和村的申请待答复"), count_open_requests()),
        ("authority.list_on_site_checks", _("期初库存待第二人确认"), len(open_on_site_checks())),
        ("authority.list_print_runs", _("印制批有未了事项"), len(open_runs())),
        ("authority.list_lots", _("批料被冻结或召回"), db.session.scalar(stopped) or 0),
    ]
