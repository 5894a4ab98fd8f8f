"""Other cities' offices with their keys, and the leads that go between them and us."""

from flask import Response, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.keys import keys
from gi_trace.offices import actions
from gi_trace.offices.delivery import deliver_waiting, receive_package
from gi_trace.offices.lead_body import evidence_of
from gi_trace.offices.letter import transfer_letter
from gi_trace.offices.models import (
    Answer,
    Direction,
    LeadTransfer,
    Office,
    all_offices,
    all_transfers,
    offices_in_use,
    unreceipted_messages,
)
from gi_trace.offices.originals import awaited_original, look_at_original
from gi_trace.web.authority import bp
from gi_trace.web.casework.fields import get_lead
from gi_trace.web.forms import AtMost, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.words import label


class OfficeForm(FlaskForm):
    code = StringField(_("机关代号"), [needed(), AtMost(40)], description=_("小写字母、数字和横线。"))
    name = StringField(_("机关名称"), [needed(), AtMost(120)])
    city = StringField(_("城市"), [needed(), AtMost(40)])
    in_agreement = BooleanField(_("珠三角九市协议内"))
    public_key = StringField(
        _("签名公钥"), [Optional(), AtMost(64)], description=_("64 位十六进制，请通过电话或公函核对。")
    )
    url = StringField(
        _("网址"), [Optional(), AtMost(200)], description=_("没有本系统的机关，公钥和网址都不填。")
    )


class SendForm(FlaskForm):
    office = SelectField(_("移送至"), [needed(_("请先登记外地机关。"))], coerce=int)
    reason = TextAreaField(_("移送理由"), [needed(), AtMost(1000)])

    def __init__(self) -> None:
        super().__init__()
        self.office.choices = [(one.id, f"{one.city} {one.name}") for one in offices_in_use()]


class AnswerForm(FlaskForm):
    answer = RadioField(_("答复"), [needed(_("请选择接收或退回。"))])
    reason = TextAreaField(_("理由"), [Optional(), AtMost(1000)], description=_("退回时须写明。"))

    def __init__(self) -> None:
        super().__init__()
        self.answer.choices = [(answer.value, label(answer)) for answer in Answer]


class PaperAnswerForm(AnswerForm):
    on = DateField(_("来函日期"), [needed()], default=clock.today)


class ResultForm(FlaskForm):
    result = TextAreaField(_("处理结果"), [needed(), AtMost(2000)])


class PaperResultForm(ResultForm):
    on = DateField(_("来函日期"), [needed()], default=clock.today)


class PaperForm(FlaskForm):
    on = DateField(_("对方收到的日期"), [needed()], default=clock.today)


class PackageForm(FlaskForm):
    package = FileField(_("移送包文件"), [FileRequired(_("请选择文件。"))])


@bp.get("/offices")
def list_offices() -> ResponseReturnValue:
    own = keys().office.public_key().public_bytes_raw().hex()
    return render_template(
        "authority/list_offices.html",
        offices=all_offices(),
        own_key=own,
        own_code=current_app.config["OFFICE_CODE"],
        own_name=current_app.config["OFFICE_NAME"],
    )


@bp.route("/offices/new", methods=["GET", "POST"])
def register_office() -> ResponseReturnValue:
    form = OfficeForm()
    if confirmed(form):
        with refusals_on(form):
            actions.register_office(
                form.code.data,
                form.name.data,
                form.city.data,
                in_agreement=form.in_agreement.data,
                public_key=form.public_key.data or "",
                url=form.url.data or "",
                by=me(),
            )
            flash(_("机关已登记。"))
            return redirect(url_for(".list_offices"))
    return form_page(form, _("登记外地机关"), back=url_for(".list_offices"))


@bp.post("/offices/<int:office_id>/retire")
def retire_office(office_id: int) -> ResponseReturnValue:
    office = db.session.get(Office, office_id)
    if office is None:
        raise NotFound
    actions.retire_office(office, by=me())
    flash(_("机关已停用，不再收取它的移送包。"))
    return redirect(url_for(".list_offices"))


@bp.get("/lead-transfers")
def list_lead_transfers() -> ResponseReturnValue:
    return render_template(
        "authority/list_lead_transfers.html", transfers=all_transfers(), waiting=unreceipted_messages()
    )


@bp.post("/lead-transfers/deliver")
def deliver_messages() -> ResponseReturnValue:
    done, left = deliver_waiting()
    flash(_("已签收 {done} 件，还有 {left} 件没有送到。").format(done=done, left=left))
    return redirect(url_for(".list_lead_transfers"))


@bp.route("/lead-transfers/receive", methods=["GET", "POST"])
def take_package() -> ResponseReturnValue:
    """A package that came by hand or mail; our receipt goes back the same way."""
    form = PackageForm()
    if form.validate_on_submit():
        with refusals_on(form):
            most = current_app.config["EXCHANGE_KB"] * 1024
            receipt = receive_package(form.package.data.read(most + 1))
            return _file("receipt.json", receipt)
    return form_page(form, _("收取移送包"), submit=_("核验并收取"), back=url_for(".list_lead_transfers"))


@bp.route("/leads/<int:lead_id>/send", methods=["GET", "POST"])
def send_lead(lead_id: int) -> ResponseReturnValue:
    lead, form = get_lead(lead_id), SendForm()
    if confirmed(form):
        with refusals_on(form):
            office = db.session.get_one(Office, form.office.data)
            transfer_id = actions.send_transfer(lead, office, reason=form.reason.data, by=me()).id
            return _delivered(transfer_id)
    rows = [(_("线索"), f"{lead.number} {lead.title}")]
    lead_text = _("来信人的身份不会随线索移送。对方接收之前，线索和期限仍在本机关。")
    back = url_for(".show_lead", lead_id=lead.id)
    return form_page(form, _("移送外地"), lead=lead_text, rows=rows, back=back)


@bp.get("/lead-transfers/<transfer_id>")
def show_lead_transfer(transfer_id: str) -> ResponseReturnValue:
    transfer = get_transfer(transfer_id)
    hashes = {photo.sha256 for photo in evidence_of(transfer.lead)}
    return render_template(
        "authority/show_lead_transfer.html",
        transfer=transfer,
        hashes_only=bool(hashes) and transfer.direction == Direction.OUT and not transfer.originals,
    )


@bp.get("/lead-transfers/<transfer_id>/originals/<sha256>")
def show_transfer_original(transfer_id: str, sha256: str) -> ResponseReturnValue:
    """A photo that came with a lead; each look is recorded."""
    original = awaited_original(transfer_id, sha256)
    media_type = original.media_type
    path = look_at_original(original, by=me())
    return send_file(path, mimetype=media_type, as_attachment=True, download_name=sha256)


@bp.get("/lead-transfers/<transfer_id>/package")
def download_package(transfer_id: str) -> ResponseReturnValue:
    """The first message, for handing over on a medium."""
    return _file(f"{transfer_id}.json", get_transfer(transfer_id).messages[0].package)


@bp.get("/lead-transfers/<transfer_id>/letter")
def download_letter(transfer_id: str) -> ResponseReturnValue:
    response = Response(transfer_letter(get_transfer(transfer_id)), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{transfer_id}.pdf"'
    return response


@bp.route("/lead-transfers/<transfer_id>/answer", methods=["GET", "POST"])
def answer_lead_transfer(transfer_id: str) -> ResponseReturnValue:
    transfer, form = get_transfer(transfer_id), AnswerForm()
    if confirmed(form):
        with refusals_on(form):
            answer, reason = Answer(form.answer.data), form.reason.data or ""
            actions.answer_transfer(transfer, answer, reason=reason, by=me())
            return _delivered(transfer.id)
    return form_page(form, _("答复移送"), rows=_rows(transfer), back=_page(transfer))


@bp.route("/lead-transfers/<transfer_id>/result", methods=["GET", "POST"])
def report_result(transfer_id: str) -> ResponseReturnValue:
    transfer, form = get_transfer(transfer_id), ResultForm()
    if confirmed(form):
        with refusals_on(form):
            actions.report_result(transfer, result=form.result.data, by=me())
            return _delivered(transfer.id)
    return form_page(form, _("反馈处理结果"), rows=_rows(transfer), back=_page(transfer))


@bp.route("/lead-transfers/<transfer_id>/paper/receipt", methods=["GET", "POST"])
def note_paper_receipt(transfer_id: str) -> ResponseReturnValue:
    transfer, form = get_transfer(transfer_id), PaperForm()
    if confirmed(form):
        with refusals_on(form):
            actions.note_received_on_paper(transfer, form.on.data, by=me())
            return redirect(_page(transfer))
    return form_page(form, _("登记书面签收"), rows=_rows(transfer), back=_page(transfer))


@bp.route("/lead-transfers/<transfer_id>/paper/answer", methods=["GET", "POST"])
def note_paper_answer(transfer_id: str) -> ResponseReturnValue:
    transfer, form = get_transfer(transfer_id), PaperAnswerForm()
    if confirmed(form):
        with refusals_on(form):
            answer, reason = Answer(form.answer.data), form.reason.data or ""
            actions.note_answer_on_paper(transfer, answer, form.on.data, reason=reason, by=me())
            return redirect(_page(transfer))
    return form_page(form, _("登记书面答复"), rows=_rows(transfer), back=_page(transfer))


@bp.route("/lead-transfers/<transfer_id>/paper/result", methods=["GET", "POST"])
def note_paper_result(transfer_id: str) -> ResponseReturnValue:
    transfer, form = get_transfer(transfer_id), PaperResultForm()
    if confirmed(form):
        with refusals_on(form):
            actions.note_result_on_paper(transfer, form.on.data, result=form.result.data, by=me())
            return redirect(_page(transfer))
    return form_page(form, _("登记书面结果"), rows=_rows(transfer), back=_page(transfer))


def get_transfer(transfer_id: str) -> LeadTransfer:
    transfer = db.session.get(LeadTransfer, transfer_id)
    if transfer is None:
        raise NotFound
    return transfer


def _delivered(transfer_id: str) -> ResponseReturnValue:
    """Tries to deliver at once; what does not get through waits."""
    _done, left = deliver_waiting()
    flash(_("已登记。对方系统暂时没有签收，稍后会再次发送。") if left else _("已登记并送达。"))
    return redirect(url_for(".show_lead_transfer", transfer_id=transfer_id))


def _file(name: str, content: str) -> Response:
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(transfer: LeadTransfer) -> list[tuple[object, object]]:
    return [(_("线索"), f"{transfer.lead.number} {transfer.lead.title}"), (_("机关"), transfer.office.name)]


def _page(transfer: LeadTransfer) -> str:
    return url_for(".show_lead_transfer", transfer_id=transfer.id)
