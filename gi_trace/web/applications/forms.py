"""What a firm fills in, with an account or without, and what it sends along."""

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, Signer
from wtforms import (
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from gi_trace.applications.actions import ApplicationFacts, new_receipt
from gi_trace.applications.papers import LARGEST_PAPER, MB, KeptPaper, keep_papers
from gi_trace.applications.rules import MOST_PAPERS, ApplicationKind, PaperKind, check_paper_count
from gi_trace.registry.models import Party
from gi_trace.registry.party_actions import facts_now
from gi_trace.registry.rolls.columns import name_of
from gi_trace.web.forms import AtMost, GroundField, TownField, needed, sound_uscc, stripped
from gi_trace.web.words import choices_of, label

ALL_PAPERS = MOST_PAPERS * LARGEST_PAPER + MB  # of one request by somebody whom we know
ACCEPTED = "application/pdf,image/jpeg,image/png,image/webp,image/heic"


def _papers(kind: PaperKind) -> MultipleFileField:
    return MultipleFileField(label(kind), [Optional()], render_kw={"accept": ACCEPTED})


class PapersForm(FlaskForm):
    """Files by kind; they are kept before the act, and counted before they are kept."""

    test_report = _papers(PaperKind.TEST_REPORT)
    origin_proof = _papers(PaperKind.ORIGIN_PROOF)
    licence = _papers(PaperKind.LICENCE)
    other = _papers(PaperKind.OTHER)

    def keep(self, had: int = 0) -> list[KeptPaper]:
        sent = [
            (kind, file) for kind in PaperKind for file in self[kind].data or [] if file and file.filename
        ]
        check_paper_count(had, len(sent))
        return keep_papers((kind, file.filename, file.read()) for kind, file in sent)


class ApplicationForm(PapersForm):
    kind = RadioField(_("申请种类"), [needed(_("请选择一项。"))], choices=choices_of(ApplicationKind))
    ground = GroundField(
        _("产品和保护依据"), [needed()], description=_("一种产品按两种依据用标的，分别申请。")
    )
    contact = StringField(
        _("联系人和电话"),
        [needed(), AtMost(120)],
        filters=[stripped],
        description=_("只有办理人员看得到。"),
    )
    new_name = StringField(
        _("新的企业名称"),
        [Optional(), AtMost(120)],
        filters=[lambda text: name_of(text or "")],
        description=_("只在办理更名时填写。"),
    )
    new_name_since = DateField(
        _("更名核准日期"), [Optional()], description=_("登记机关核准变更的日期；只在办理更名时填写。")
    )
    words = TextAreaField(_("申请说明"), [Optional(), AtMost(2000)])

    def _facts(self, **firm: Any) -> ApplicationFacts:
        return ApplicationFacts(
            ApplicationKind(self.kind.data),
            *self.ground.chosen,
            contact=self.contact.data or "",
            words=self.words.data or "",
            new_name=self.new_name.data or "",
            new_name_since=self.new_name_since.data,
            **firm,
        )

    def facts_of(self, party: Party) -> ApplicationFacts:
        return self._facts(**vars(facts_now(party)))


class StrangersForm(ApplicationForm):
    """Of a firm without an account, which says who it is; the receipt is drawn with the form, so that a form that is
    sent twice is one application."""

    name = StringField(_("企业名称"), [needed(), AtMost(120)], filters=[lambda text: text and name_of(text)])
    uscc = StringField(_("统一社会信用代码"), [needed(), AtMost(40), sound_uscc])
    area = TownField(_("所在镇"), [Optional()])
    address = StringField(_("地址"), [needed(), AtMost(200)], filters=[stripped])
    representative = StringField(_("法定代表人或经营者"), [needed(), AtMost(60)], filters=[stripped])
    receipt = HiddenField(default=lambda: _signer().sign(new_receipt()).decode())

    def drawn_receipt(self) -> str:
        """One that we drew; for whatever else a browser sends, a new one."""
        try:
            return _signer().unsign((self.receipt.data or "").encode()).decode()
        except BadSignature:
            return new_receipt()

    def facts(self) -> ApplicationFacts:
        return self._facts(
            name=self.name.data,
            uscc=self.uscc.data,
            area=self.area.area,
            address=self.address.data,
            representative=self.representative.data,
        )


def _signer() -> Signer:
    return Signer(current_app.secret_key or b"", salt="receipt of an application")


class AddPapersForm(PapersForm):
    words = TextAreaField(_("说明"), [Optional(), AtMost(2000)])


class CorrectionForm(PapersForm):
    words = TextAreaField(_("补正了什么"), [needed(), AtMost(2000)])


class WithdrawalForm(FlaskForm):
    words = TextAreaField(_("撤回的理由"), [needed(), AtMost(500)])
