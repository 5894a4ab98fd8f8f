"""What everyone sees: the check of a code, without sign-in, script, cookie or redirect."""

from flask import Blueprint

from gi_trace.web.guards import open_to_all

bp = Blueprint("public", __name__)
bp.before_request(open_to_all)

from gi_trace.web.public import (  # noqa: E402, F401  (views attach themselves to bp)
    check,
    decisions,
    demo,
    hidden_code,
    home,
    pages,
    record,
    report,
    roll,
    unknown,
    witness,
)

bp.after_app_request(unknown.run_after_answer)
