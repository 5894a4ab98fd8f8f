"""Telling us of a label that does not fit its pack, and seeing what became of it."""

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import find_lead_of
from gi_trace.errors import N_, NotFound, Refused
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import terms_now
from gi_trace.verification.models import ReportKind
from gi_trace.verification.reports import ReportFacts, file_report, find_report
from gi_trace.web.act_page import answer_here
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.limits import limiter
from gi_trace.web.public import bp
from gi_trace.web.public.receipts import ReceiptForm, as_drawn
from gi_trace.web.public.verdict_page import LONGEST_READ
from gi_trace.web.uploads import takes_photos


class NoSuchReceipt(Refused):
    code = "no_such_receipt"
    text = N_("没有这个回执号。回执号有 12 位，请核对后再试；用标申请的回执号在“用标申请”里查。")


class ReportForm(FlaskForm):
    class Meta:
        csrf = False  # nobody's sign-in is used here, and no cookie is needed

    kind = RadioField(
        _("这是什么"),
        [needed(_("请选择一项。"))],
        choices=[
            SelectChoice(ReportKind.REPORT.value, _("举报：我发现可疑的标识或商家")),
            SelectChoice(ReportKind.COMPLAINT.value, _("投诉：我买了东西，要与商家解决纠纷")),
        ],
    )
    code = StringField(_("标识码"), [Optional(), AtMost(60)])
    what = TextAreaField(_("哪里不一致或可疑"), [needed(_("请写几句话。")), AtMost(2000)])
    bought_at = StringField(_("在哪里看到或买到"), [Optional(), AtMost(200)])
    photos = MultipleFileField(_("照片"), [Optional()])
    contact = StringField(_("联系方式"), [Optional(), AtMost(200)])

    def facts(self) -> ReportFacts:
        kind = ReportKind(self.kind.data)
        texts = (self[name].data or "" for name in ("code", "what", "bought_at", "contact"))
        return ReportFacts(kind, *texts)


@bp.route("/report", methods=["GET", "POST"])
@takes_photos
@limiter.limit("30 per hour", methods=["POST"])
def report() -> ResponseReturnValue:
    form = ReportForm(data={"code": request.args.get("code", "")[:60], "what": read_elsewhere()})

    def act() -> str:
        photos = [photo.read() for photo in form.photos.data or [] if photo and photo.filename]
        filed = file_report(form.facts(), photos)
        return url_for(".show_receipt", receipt=filed.receipt, filed=1)

    return answer_here(form, act, lambda: _report_page(form))


def read_elsewhere() -> str:
    """What somebody's symbol held instead of a code of ours, carried on from the page of its verdict."""
    read = request.args.get("read", "")[:LONGEST_READ]
    return gettext("读到的内容：{read}").format(read=read) + "\n" if read else ""


@bp.get("/report/<receipt>")
@limiter.limit("60 per hour")
def show_receipt(receipt: str) -> ResponseReturnValue:
    found = find_report(as_drawn(receipt))
    if found is None:
        raise NotFound
    clock = timekeeper().for_sender(found, find_lead_of(f"report:{found.id}"))
    return render_template("public/receipt.html", report=found, clock=clock, is_new="filed" in request.args)


@bp.route("/receipt", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def find_receipt() -> ResponseReturnValue:
    """Sent by a form, so that a number that was mistyped stands in no address."""
    form = ReceiptForm(meta={"csrf": False})

    def act() -> str:
        if find_report(form.typed) is None:
            raise NoSuchReceipt
        return url_for(".show_receipt", receipt=form.typed)

    return answer_here(form, act, lambda: render_template("public/find_receipt.html", form=form))


def _report_page(form: ReportForm) -> str:
    terms = terms_now()
    told = {"accept": terms[TermCode.ACCEPT_COMPLAINT], "check": terms[TermCode.CHECK_LEAD]}
    return render_template(
        "public/report.html", form=form, terms=told, most_mb=current_app.config["PHOTOS_MB"]
    )
