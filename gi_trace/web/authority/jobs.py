"""Work in the background: what waits, what goes on, what came of it."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gi_trace.database import db
from gi_trace.jobs.models import Job
from gi_trace.web.authority import bp
from gi_trace.web.jobs import progress


@bp.get("/jobs")
def list_jobs() -> ResponseReturnValue:
    page = db.paginate(select(Job).order_by(Job.id.desc()), per_page=50)
    rows = [(job, progress.job_label(job), progress.outcome_text(job)) for job in page.items]
    return render_template("authority/list_jobs.html", page=page, rows=rows)
