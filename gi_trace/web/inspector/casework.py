"""The inspector's own leads and cases, and the steps he records."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gi_trace.casework.models import Case, Lead
from gi_trace.casework.queue import case_queue, lead_queue
from gi_trace.web.guards import me
from gi_trace.web.inspector import bp
from gi_trace.web.lists.casework import case_listing, in_hands_of, lead_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page


@bp.get("/work")
def show_own_work() -> ResponseReturnValue:
    return render_template("inspector/show_own_work.html", leads=lead_queue(me()), cases=case_queue(me()))


@list_page(bp, "/leads")
def list_leads() -> Listing:
    own_cases = Lead.id.in_(select(Case.lead_id).where(in_hands_of(me().id)))
    return lead_listing((Lead.assigned_to_id == me().id) | own_cases)


@list_page(bp, "/cases")
def list_cases() -> Listing:
    return case_listing(in_hands_of(me().id))
