"""What the public reported. Who it was is read from the lead alone, where each look is recorded."""

from flask import render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager
from wtforms import BooleanField, TextAreaField

from gi_trace.batches.models import Batch
from gi_trace.casework.models import find_lead_of
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store
from gi_trace.registry.finding import party_is_called
from gi_trace.registry.models import Product
from gi_trace.verification import reports
from gi_trace.verification.models import Report, ReportKind, ReportPhoto, ReportState
from gi_trace.web.act_page import answer_here
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me, shown_to_all
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.batches import batch_has_number, goods_of
from gi_trace.web.lists.filters import day_filters, product_filter, state_filter, text_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label


class ReportAnswerForm(LeavingForm):
    leaves = ("answer",)

    answer = TextAreaField(_("给反映人的答复"), [needed(_("请写明答复。")), AtMost(1000)])
    closes = BooleanField(_("办结"))


@list_page(bp, "/reports")
def list_reports() -> Listing:
    batch, party, product = Report.batch, Batch.party, Batch.product
    return Listing(
        name="reports",
        title=_("公众反映"),
        query=select(Report).outerjoin(batch).outerjoin(party).outerjoin(product),
        headings=[
            Heading("receipt", _("回执号"), _receipt, Report.receipt),
            Heading("sent_at", _("收到"), lambda report: report.sent_at, Report.sent_at),
            Heading("kind", _("种类"), lambda report: label(report.kind), Report.kind),
            Heading("what", _("内容"), lambda report: report.what[:60], kind="wide"),
            Heading("product", _("产品"), lambda report: goods_of(report.batch), Product.name),
            Heading("state", _("办理情况"), _state, Report.state),
        ],
        order=[Report.state == ReportState.CLOSED, Report.id.desc()],
        filters=[
            text_filter(_("回执号、批次号、标识码或企业"), _is_called),
            Filter("kind", _("种类"), lambda value: Report.kind == value, choices=worded(ReportKind)),
            state_filter(ReportState, Report.state),
            product_filter(lambda one: Batch.product_id == one.id),
            *day_filters(Report.sent_at, _("收到日")),
        ],
        loaded=[contains_eager(batch).options(contains_eager(party), contains_eager(product))],
        empty=_("还没有公众反映。"),
    )


def _is_called(asked: str) -> ColumnElement[bool]:
    plain = asked.upper().replace(" ", "")
    numbered = (Report.receipt == plain) | (Report.code == plain)
    return numbered | batch_has_number(asked) | party_is_called(asked)


def _receipt(report: Report) -> Link:
    return Link(report.receipt, url_for(".show_report", report_id=report.id), "code")


def _state(report: Report) -> Tag:
    return Tag(label(report.state), "quiet" if report.state is ReportState.CLOSED else "warn")


@bp.route("/reports/<int:report_id>", methods=["GET", "POST"])
@shown_to_all
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
