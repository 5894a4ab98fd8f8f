"""The enterprise's face: stock, batches, print runs, clerks; village accounts act here for their growers.

Everything loaded here is what the signed-in account may act for.
"""

from flask import Blueprint

from gi_trace.accounts.models import Role
from gi_trace.web.guards import require_role

bp = Blueprint("enterprise", __name__, url_prefix="/enterprise")
bp.before_request(require_role(Role.ENTERPRISE, Role.VILLAGE))

from gi_trace.web.enterprise import (  # noqa: E402, F401  (views attach themselves)
    applications,
    batches,
    clerks,
    home,
    label_files,
    label_previews,
    layouts,
    lots,
    mixing,
    packing,
    plots,
    print_runs,
    rights,
    shared,
    sites,
    tokens,
    transfers,
    undoing,
)
