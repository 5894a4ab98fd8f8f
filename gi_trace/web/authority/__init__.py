"""The authority's face: accounts, alerts, roll, rights, products, record."""

from flask import Blueprint

from gi_trace.accounts.models import Role
from gi_trace.web.guards import require_duty, require_role

bp = Blueprint("authority", __name__, url_prefix="/authority")
bp.before_request(require_role(Role.AUTHORITY))
bp.before_request(require_duty)

from gi_trace.web.authority import (  # noqa: E402, F401  (views attach themselves to bp)
    accounts,
    alerts,
    applications,
    artwork,
    batches,
    campaigns,
    case_terms,
    cases,
    checks,
    desk,
    glossary,
    home,
    jobs,
    land,
    leads,
    lots,
    materials,
    offices,
    parties,
    patrols,
    print_runs,
    products,
    proposals,
    record,
    reports,
    right_mending,
    rights,
    roll,
    shared,
    stock_requests,
    stops,
    successions,
)
