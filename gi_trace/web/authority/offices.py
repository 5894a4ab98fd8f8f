"""Other cities' offices with their keys, and the leads that go between them and us."""

from functools import partial

from flask import Response, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.casework.actions.informants import hidden_informant
from gi_trace.casework.dossier import photos_of
from gi_trace.casework.models import Lead, LeadState
from gi_trace.database import db
from gi_trace.jobs.ask import ask_for
from gi_trace.keys import keys
from gi_trace.offices import actions
from gi_trace.offices.delivery import receive_package
from gi_trace.offices.lead_body import free_texts
from gi_trace.offices.letter import transfer_letter
from gi_trace.offices.models import (
    Direction,
    LeadTransfer,
    Office,
    TransferAnswer,
    all_offices,
    all_transfers,
    offices_in_use,
    unreceipted_messages,
)
from gi_trace.offices.open_acts import transfer_acts
from gi_trace.offices.originals import awaited_original, look_at_original
from gi_trace.web.act_page import Rows, act_page, done_at
from gi_trace.web.authority import bp
from gi_trace.web.casework.fields import ReasonForm, get_lead
from gi_trace.web.casework.lead_pages import at_lead, lead_rows
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.words import choices_of


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


class SendForm(LeavingForm):
    office = SelectField(
        _("移送至"),
        [needed(_("请先登记外地机关。"))],
        coerce=int,
        choices=lambda: [SelectChoice(one.id, f"{one.city} {one.name}") for one in offices_in_use()],
    )
    reason = TextAreaField(_("移送理由"), [needed(), AtMost(1000)])

    def __init__(self, lead: Lead) -> None:
        self.about, self.hidden, self.party = lead, hidden_informant(lead), lead.respondent_name
        super().__init__()

    def leaving_texts(self) -> list[str]:
        return free_texts(self.about, self.reason.data or "")


class AboutTransferForm(LeavingForm):
    def __init__(self, transfer: LeadTransfer) -> None:
        self.hidden = hidden_informant(transfer.lead)
        super().__init__()


class TransferAnswerForm(AboutTransferForm):
    leaves = ("reason",)

    answer = RadioField(_("答复"), [needed(_("请选择接收或退回。"))], choices=choices_of(TransferAnswer))
    reason = TextAreaField(_("理由"), [Optional(), AtMost(1000)], description=_("退回时须写明。"))


class PaperAnswerForm(FlaskForm):
    answer = RadioField(_("答复"), [needed(_("请选择接收或退回。"))], choices=choices_of(TransferAnswer))
    reason = TextAreaField(_("理由"), [Optional(), AtMost(1000)])
    on = DateField(_("来函日期"), [needed()], default=clock.today)


class ResultForm(AboutTransferForm):
    leaves = ("result",)

    result = TextAreaField(_("处理结果"), [needed(), AtMost(2000)])


class PaperResultForm(FlaskForm):
    result = TextAreaField(_("处理结果"), [needed(), AtMost(2000)])
    on = DateField(_("来函日期"), [needed()], default=clock.today)


class PaperReturnForm(ReasonForm):
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


@act_page(bp, "/offices/new", OfficeForm, _("登记外地机关"), back=".list_offices", done=_("机关已登记。"))
def register_office(form: OfficeForm) -> None:
    actions.register_office(
        form.code.data,
        form.name.data,
        form.city.data,
        in_agreement=form.in_agreement.data,
        public_key=form.public_key.data or "",
        url=form.url.data or "",
        by=me(),
    )


@bp.post("/offices/<int:office_id>/retire")
def retire_office(office_id: int) -> ResponseReturnValue:
    actions.retire_office(db.get_or_404(Office, office_id), by=me())
    return done_at(url_for(".list_offices"), _("机关已停用，不再收取它的移送包。"))


@bp.get("/lead-transfers")
def list_lead_transfers() -> ResponseReturnValue:
    return render_template(
        "authority/list_lead_transfers.html", transfers=all_transfers(), waiting=unreceipted_messages()
    )


@bp.post("/lead-transfers/deliver")
def deliver_messages() -> ResponseReturnValue:
    return redirect(url_for(".show_job", job_id=ask_for("offices.deliver", {}, by=me()).id))


@act_page(
    bp,
    "/lead-transfers/receive",
    PackageForm,
    _("收取移送包"),
    back=".list_lead_transfers",
    submit=_("核验并收取"),
)
def take_package(form: PackageForm) -> Response:
    """A package that came by hand or mail; our receipt goes back the same way."""
    most = current_app.config["OFFICES_KB"] * 1024
    return _file("receipt.json", receive_package(form.package.data.read(most + 1)))


def _say_how_it_goes(transfer: LeadTransfer) -> None:
    by_wire = transfer.office.url != ""
    flash(_("已登记，正在后台发送；对方签收以前会一再发送。") if by_wire else _("已登记，请书面送达。"))


@act_page(
    bp,
    "/leads/<int:lead_id>/send",
    lambda lead: SendForm(lead),
    _("移送外地"),
    on=get_lead,
    rows=lead_rows,
    back=at_lead,
    lead=_("来信人的身份不会随线索移送。对方接收之前，线索和期限仍在本机关。"),
)
def send_lead(lead: Lead, form: SendForm) -> str:
    office = db.session.get_one(Office, form.office.data)
    transfer = actions.send_transfer(lead, office, reason=form.reason.data, looked=form.looked_over, by=me())
    _say_how_it_goes(transfer)
    return at_transfer(transfer)


def get_transfer(transfer_id: str) -> LeadTransfer:
    return db.get_or_404(LeadTransfer, transfer_id)


def at_transfer(transfer: LeadTransfer) -> str:
    return url_for(".show_lead_transfer", transfer_id=transfer.id)


@bp.get("/lead-transfers/<transfer_id>")
def show_lead_transfer(transfer_id: str) -> ResponseReturnValue:
    transfer = get_transfer(transfer_id)
    hashes = {photo.sha256 for photo in photos_of(transfer.lead)}
    return render_template(
        "authority/show_lead_transfer.html",
        transfer=transfer,
        acts=transfer_acts(
            incoming=transfer.direction is Direction.IN,
            on_paper=not transfer.office.url,
            received=transfer.received_on is not None,
            waits_for_answer=transfer.waits_for_answer,
            waits_for_result=transfer.waits_for_result,
            is_there=transfer.lead.state is LeadState.TRANSFERRED,
        ),
        hashes_only=bool(hashes) and transfer.direction == Direction.OUT and not transfer.originals,
    )


def _rows(transfer: LeadTransfer) -> Rows:
    return [*lead_rows(transfer.lead), (_("机关"), transfer.office.name)]


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


act_on_transfer = partial(act_page, bp, on=get_transfer, rows=_rows, back=at_transfer)


@act_on_transfer("/lead-transfers/<transfer_id>/answer", lambda one: TransferAnswerForm(one), _("答复移送"))
def answer_lead_transfer(transfer: LeadTransfer, form: TransferAnswerForm) -> None:
    answer, reason = TransferAnswer(form.answer.data), form.reason.data or ""
    actions.answer_transfer(transfer, answer, reason=reason, looked=form.looked_over, by=me())
    _say_how_it_goes(transfer)


@act_on_transfer("/lead-transfers/<transfer_id>/result", lambda one: ResultForm(one), _("反馈处理结果"))
def report_result(transfer: LeadTransfer, form: ResultForm) -> None:
    actions.report_result(transfer, result=form.result.data, looked=form.looked_over, by=me())
    _say_how_it_goes(transfer)


@act_on_transfer("/lead-transfers/<transfer_id>/paper/receipt", PaperForm, _("登记书面签收"))
def note_paper_receipt(transfer: LeadTransfer, form: PaperForm) -> None:
    actions.note_received_on_paper(transfer, form.on.data, by=me())


@act_on_transfer("/lead-transfers/<transfer_id>/paper/answer", PaperAnswerForm, _("登记书面答复"))
def note_paper_answer(transfer: LeadTransfer, form: PaperAnswerForm) -> None:
    answer, reason = TransferAnswer(form.answer.data), form.reason.data or ""
    actions.note_answer_on_paper(transfer, answer, form.on.data, reason=reason, by=me())


@act_on_transfer("/lead-transfers/<transfer_id>/paper/return", PaperReturnForm, _("登记书面退回"))
def note_paper_return(transfer: LeadTransfer, form: PaperReturnForm) -> str:
    back = actions.note_return_on_paper(transfer, form.on.data, reason=form.reason.data, by=me())
    return at_lead(back.lead)


@act_on_transfer("/lead-transfers/<transfer_id>/paper/result", PaperResultForm, _("登记书面结果"))
def note_paper_result(transfer: LeadTransfer, form: PaperResultForm) -> None:
    actions.note_result_on_paper(transfer, form.on.data, result=form.result.data, by=me())


def _file(name: str, content: str) -> Response:
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
