"""The inspector's own leads and cases, and the steps he records."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace.casework.queue import case_queue, lead_queue
from gi_trace.web.guards import me
from gi_trace.web.inspector import bp


@bp.get("/work")
def list_own_work() -> ResponseReturnValue:
    return render_template("inspector/list_own_work.html", leads=lead_queue(me()), cases=case_queue(me()))
