"""How far a job is, for its asker and for the authority, as a page that renews itself, or as JSON."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gi_trace.accounts.models import Role
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.jobs.kinds import KINDS
from gi_trace.jobs.models import Job
from gi_trace.web.error_pages import wants_json
from gi_trace.web.forms import filled
from gi_trace.web.guards import me
from gi_trace.web.shared_pages import SharedPages

pages = SharedPages("jobs")
PAGE_AFTER = {
    "leads.gather": "list_leads",
    "offices.deliver": "list_lead_transfers",
}  # where the work is seen


@pages.get("/jobs/<int:job_id>")
def show_job(job_id: int) -> ResponseReturnValue:
    job = _get_job(job_id)
    if wants_json():
        return jsonify(_progress(job))
    page = f"{request.blueprint}.{PAGE_AFTER.get(job.kind, 'home')}"
    return render_template(
        "components/job.html", job=job, label=job_label(job), outcome=outcome_text(job), page=page
    )


def job_label(job: Job) -> str:
    """Of a kind that this version no longer knows, its name."""
    return gettext(KINDS[job.kind].label) if job.kind in KINDS else job.kind


def outcome_text(job: Job) -> str:
    return filled(job.outcome, job.facts) if job.outcome else ""


def _progress(job: Job) -> dict[str, object]:
    told = {"id": job.id, "state": job.state, "done": job.done, "total": job.total}
    return told | {"outcome": outcome_text(job)}


def _get_job(job_id: int) -> Job:
    job = db.session.get(Job, job_id)
    if job is None or (job.asked_by_id != me().id and me().role is not Role.AUTHORITY):
        raise NotFound
    return job
