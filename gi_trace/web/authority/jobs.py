"""Work in the background: what waits, what goes on, what came of it."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gi_trace.jobs.models import Job, JobState
from gi_trace.web.authority import bp
from gi_trace.web.jobs import progress
from gi_trace.web.lists.filters import day_filters, state_filter
from gi_trace.web.lists.listing import Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label

STATE_KINDS = {JobState.DONE: "good", JobState.FAILED: "bad"}


@list_page(bp, "/jobs")
def list_jobs() -> Listing:
    return Listing(
        name="jobs",
        title=_("后台工作"),
        query=select(Job),
        headings=[
            Heading("asked_at", _("提出"), lambda job: job.asked_at, Job.asked_at),
            Heading("kind", _("事项"), _link),
            Heading("by", _("谁"), lambda job: job.asked_by.name if job.asked_by else _("系统")),
            Heading("state", _("状态"), _state, Job.state),
            Heading("done", _("进度"), _progress, kind="number"),
            Heading("outcome", _("结果"), progress.outcome_text),
            Heading("ended_at", _("完成"), lambda job: job.ended_at, Job.ended_at),
        ],
        order=[Job.id.desc()],
        filters=[state_filter(JobState, Job.state), *day_filters(Job.asked_at, _("提出日"))],
        loaded=[joinedload(Job.asked_by)],
        empty=_("还没有后台工作。"),
    )


def _link(job: Job) -> Link:
    return Link(progress.job_label(job), url_for(".show_job", job_id=job.id))


def _state(job: Job) -> Tag:
    return Tag(label(job.state), STATE_KINDS.get(job.state, "quiet"))


def _progress(job: Job) -> Any:
    return f"{job.done:,} / {job.total:,}" if job.total else ""
