"""The inspector's face: a code with everything the service knows of it."""

from flask import Blueprint

from gi_trace.accounts.models import Role
from gi_trace.web.guards import require_role

bp = Blueprint("inspector", __name__, url_prefix="/inspector")
bp.before_request(require_role(Role.INSPECTOR))

from gi_trace.web.inspector import (  # noqa: E402, F401  (views attach themselves to bp)
    casework,
    codes,
    patrol,
    patrol_items,
    shared,
    sightings,
    visits,
)
