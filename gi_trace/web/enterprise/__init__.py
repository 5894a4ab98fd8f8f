"""The enterprise's face: batches, print runs, clerks. Everything loaded here is the signed-in party's own."""

from flask import Blueprint

from gi_trace.accounts.models import Role
from gi_trace.web.guards import require_role

bp = Blueprint("enterprise", __name__, url_prefix="/enterprise")
bp.before_request(require_role(Role.ENTERPRISE))

from gi_trace.web.enterprise import batches, clerks, home, print_runs  # noqa: E402, F401  (views attach themselves)
