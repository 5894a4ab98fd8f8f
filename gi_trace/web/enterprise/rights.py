"""An enterprise reads what was decided on its right, why, and what it may do."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import Authorisation
from gi_trace.registry.rules import state_on
from gi_trace.registry.who_may import check_acts_for
from gi_trace.web.enterprise import bp
from gi_trace.web.guards import me
from gi_trace.web.registry.right_letters import objection_now


@bp.get("/authorisations/<int:right_id>")
def show_authorisation(right_id: int) -> ResponseReturnValue:
    right = db.get_or_404(Authorisation, right_id)
    check_acts_for(me(), right.party)
    return render_template(
        "enterprise/show_authorisation.html",
        right=right,
        state=state_on(right.right, clock.today()),
        objection=objection_now(),
    )
