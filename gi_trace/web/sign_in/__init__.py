"""The way in: open to all, and slow for who guesses."""

from flask import Blueprint

from gi_trace.web.guards import open_to_all

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")
bp.before_request(open_to_all)

from gi_trace.web.sign_in import pages  # noqa: E402, F401  (views attach themselves to bp)
