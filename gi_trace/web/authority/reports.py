"""What the public reported. Who it was is read from the lead alone, where each look is recorded."""

from flask import render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, TextAreaField

from gi_trace.casework.models import find_lead_of
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store
from gi_trace.verification import reports
from gi_trace.verification.models import Report, ReportPhoto, ReportState
from gi_trace.web.act_page import answer_here
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me


class ReportAnswerForm(FlaskForm):
    answer = TextAreaField(_("给反映人的答复"), [needed(_("请写明答复。")), AtMost(1000)])
    closes = BooleanField(_("办结"))


@bp.get("/reports")
def list_reports() -> ResponseReturnValue:
    query = select(Report).order_by(Report.state == ReportState.CLOSED, Report.id.desc())
    return render_template("authority/list_reports.html", page=db.paginate(query, per_page=50))


@bp.route("/reports/<int:report_id>", methods=["GET", "POST"])
def show_report(report_id: int) -> ResponseReturnValue:
    report, form = db.get_or_404(Report, report_id), ReportAnswerForm()

    def act() -> str:
        reports.answer_report(report, form.answer.data, closes=form.closes.data, by=me())
        return url_for(".show_report", report_id=report_id)

    def page() -> str:
        lead = find_lead_of(f"report:{report.id}")
        return render_template("authority/show_report.html", report=report, lead=lead, form=form)

    return answer_here(form, act, page, done=_("答复已保存，反映人凭回执号可见。"))


@bp.get("/reports/photos/<int:photo_id>")
def show_report_photo(photo_id: int) -> ResponseReturnValue:
    photo = db.get_or_404(ReportPhoto, photo_id)
    return send_file(evidence_store().redrawn(photo.sha256), mimetype="image/jpeg")
