"""Telling us of a label that does not fit its pack, and seeing what became of it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.errors import NotFound
from gi_trace.verification.models import ReportKind
from gi_trace.verification.reports import ReportFacts, file_report, find_report
from gi_trace.web.act_page import answer_here
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.limits import limiter
from gi_trace.web.public import bp
from gi_trace.web.public.verdict_page import LONGEST_READ


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
@limiter.limit("30 per hour", methods=["POST"])
def report() -> ResponseReturnValue:
    form = ReportForm(data={"code": request.args.get("code", "")[:60], "what": read_elsewhere()})

    def act() -> str:
        photos = [photo.read() for photo in form.photos.data or [] if photo and photo.filename]
        filed = file_report(form.facts(), photos)
        return url_for(".show_receipt", receipt=filed.receipt, filed=1)

    return answer_here(form, act, lambda: render_template("public/report.html", form=form))


def read_elsewhere() -> str:
    """What somebody's symbol held instead of a code of ours, carried on from the page of its verdict."""
    read = request.args.get("read", "")[:LONGEST_READ]
    return gettext("读到的内容：{read}").format(read=read) + "\n" if read else ""


@bp.get("/report/<receipt>")
@limiter.limit("60 per hour")
def show_receipt(receipt: str) -> ResponseReturnValue:
    found = find_report(receipt)
    if found is None:
        raise NotFound
    return render_template("public/receipt.html", report=found, is_new="filed" in request.args)
