"""More time for a case, and time that its term does not count: proposed here, confirmed by a second officer."""

from functools import partial

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import NumberRange

from gi_trace import clock
from gi_trace.casework.actions import case_terms
from gi_trace.casework.actions.case_term_proposals import propose_extension, propose_pause
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Case
from gi_trace.casework.rules.case_term import CasePauseKind, ExtensionKind
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import source_of
from gi_trace.web.act_page import Follows, Rows, act_page
from gi_trace.web.authority import bp
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.casework.case_pages import at_case
from gi_trace.web.casework.fields import get_case
from gi_trace.web.forms import AtMost, DayForm, needed
from gi_trace.web.guards import me
from gi_trace.web.words import choices_of, day_text


class ExtendCaseForm(FlaskForm):
    kind = RadioField(_("延期"), [needed(_("请选择。"))], choices=choices_of(ExtensionKind))
    days = IntegerField(
        _("延长的天数"), [needed(), NumberRange(1, 365, _("请填写 1 到 365 的整数。"))], default=30
    )
    document = StringField(
        _("批准文书或会议记录"),
        [needed(), AtMost(200)],
        description=_("延长办案期限审批表的文号，或集体讨论记录。"),
    )
    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(1000)])


class PauseCaseForm(FlaskForm):
    kind = RadioField(_("不计入期限的原因"), [needed(_("请选择原因。"))], choices=choices_of(CasePauseKind))
    starts_on = DateField(_("开始日期"), [needed()], default=clock.today)
    document = StringField(
        _("依据的文书"),
        [needed(), AtMost(200)],
        description=_("例如检验委托书、听证通知书、公告的名称和文号。"),
    )


def _rows(case: Case) -> Rows:
    deadline = timekeeper().deadline_of_case(case)
    return [
        (_("案件"), case.number),
        (_("现办案期限"), day_text(deadline.day)),
        (_("依据"), source_of(TermCode.EXTEND_CASE)),
    ]


act_on_term = partial(act_page, bp, on=get_case, rows=_rows, back=at_case)


@act_on_term("/cases/<int:case_id>/extend", ExtendCaseForm, _("延长办案期限"))
def extend_case(case: Case, form: ExtendCaseForm) -> Follows:
    told = {"document": form.document.data, "reason": form.reason.data, "by": me()}
    return proposed(propose_extension(case, ExtensionKind(form.kind.data), form.days.data, **told))


@act_on_term("/cases/<int:case_id>/pause", PauseCaseForm, _("停止计算办案期限"))
def pause_case(case: Case, form: PauseCaseForm) -> Follows:
    kind, document = CasePauseKind(form.kind.data), form.document.data
    return proposed(propose_pause(case, kind, form.starts_on.data, document=document, by=me()))


@act_on_term("/cases/<int:case_id>/resume", DayForm, _("继续计算办案期限"), done=_("办案期限继续计算。"))
def resume_case(case: Case, form: DayForm) -> None:
    case_terms.resume_case(case, form.on.data, by=me())
