"""The authority's first page: what waits for a decision, and how much there is of everything."""

from collections import Counter
from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from gi_trace.accounts.models import Account, Duty
from gi_trace.accounts.officers import are_tied, has_duty
from gi_trace.applications.models import count_applications_in_hand
from gi_trace.batches.models import Batch
from gi_trace.casework.models import count_leads_in_hand, count_open_cases
from gi_trace.database import db
from gi_trace.proposals.models import open_proposals
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Authorisation, Party, PartyKind
from gi_trace.stock.actions.requests import count_requests_for, count_requests_for_nobody
from gi_trace.stock.models import Lot
from gi_trace.stock.models.reads import open_on_site_checks
from gi_trace.verification.models import Check
from gi_trace.web.authority import bp
from gi_trace.web.guards import me
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
    """(endpoint, what waits there, how many): of what takes a second person, what the reader may decide."""
    is_reviewer = has_duty(me(), Duty.REVIEWER)
    to_review = _of_others(one.proposed_by for one in open_proposals()) if is_reviewer else 0
    seen_by_one = _of_others(check.recorded_by for check in open_on_site_checks())
    stopped = select(func.count()).select_from(Lot).where((Lot.holds > 0) | (Lot.recalls > 0))
    return [
        ("authority.list_proposals", _("提请待复核"), to_review),
        ("authority.list_leads", _("线索待处理"), count_leads_in_hand()),
        ("authority.list_cases", _("案件在办"), count_open_cases()),
        ("authority.list_applications", _("用标申请待办"), count_applications_in_hand()),
        ("authority.list_stock_requests", _("企业和村的申请待答复"), count_requests_for(me())),
        ("authority.list_stock_requests", _("申请现在没有人能答复"), count_requests_for_nobody()),
        ("authority.list_on_site_checks", _("期初库存待第二人确认"), seen_by_one),
        ("authority.list_print_runs", _("印制批有未了事项"), len(open_runs())),
        ("authority.list_lots", _("批料被冻结或召回"), db.session.scalar(stopped) or 0),
    ]


def _of_others(people: Iterable[Account]) -> int:
    """How many of these are not the reader, nor have a password from there, or gave it."""
    counts = Counter(people)
    return sum(many for one, many in counts.items() if one.id != me().id and not are_tied(one, me()))
