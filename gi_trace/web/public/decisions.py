"""Decisions in public, each for its term."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace import clock
from gi_trace.casework.models import decisions_in_public
from gi_trace.web.public import bp


@bp.get("/decisions")
def list_decisions() -> ResponseReturnValue:
    return render_template("public/list_decisions.html", publications=decisions_in_public(clock.today()))
