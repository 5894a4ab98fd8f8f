"""Visits, findings and photos as pages. Every look at a photo is recorded."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gi_trace import clock
from gi_trace.database import db
from gi_trace.patrol.models import Evidence, Visit, registered_goods_since, visits_page
from gi_trace.patrol.packs.rules import SAID_OFFLINE
from gi_trace.patrol.roll_facts import label_check
from gi_trace.patrol.rules import PRESERVATION_DAYS, LabelField, Measure, decide_by
from gi_trace.verification.verdicts import Verdict
from gi_trace.web.casework.photo_files import evidence_file
from gi_trace.web.inspector import bp


@bp.get("/visits")
def list_visits() -> ResponseReturnValue:
    page = visits_page(request.args.get("page", 1, type=int))
    kept = registered_goods_since(clock.today() - timedelta(days=PRESERVATION_DAYS))
    clocks = [(version, decide_by(version.measure, version.measure_on)) for version in kept]
    return render_template(
        "inspector/list_visits.html",
        page=page,
        clocks=[pair for pair in clocks if pair[1]],
        today=clock.today(),
    )


@bp.get("/visits/<visit_id>")
def show_visit(visit_id: str) -> ResponseReturnValue:
    visit = db.get_or_404(Visit, visit_id)
    on = clock.day_of(visit.versions[0].received_at)
    return render_template(
        "inspector/show_visit.html",
        visit=visit,
        LabelField=LabelField,
        label_checks={finding.id: label_check(finding.latest, on) for finding in visit.findings},
        decide_by=decide_by,
        Measure=Measure,
        said_offline=SAID_OFFLINE,
        Verdict=Verdict,
        loose_photos=[photo for photo in visit.photos if photo.finding_id is None],
    )


@bp.get("/evidence/<photo_id>")
def show_photo(photo_id: str) -> ResponseReturnValue:
    """The copy for viewing; with `original`, the bytes as the phone took them."""
    return evidence_file(db.session.get(Evidence, photo_id))
