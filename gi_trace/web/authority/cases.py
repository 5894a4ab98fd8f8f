"""The list of cases, and what only the authority does with one: decide, stop units, publish, change officers."""

from functools import partial

from flask import flash
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.models import find_batch
from gi_trace.casework.actions import cases, publication, stops
from gi_trace.casework.actions.informants import hidden_informant
from gi_trace.casework.actions.stop_proposals import propose_stops
from gi_trace.casework.actions.stops import StopOrder
from gi_trace.casework.dossier import evidence_list
from gi_trace.casework.models import Case
from gi_trace.casework.rules.fines import Amounts, FineGround
from gi_trace.casework.rules.steps import StepKind
from gi_trace.casework.rules.stop_list import read_stop_list
from gi_trace.database import db
from gi_trace.errors import N_, Refused
from gi_trace.terms.legal import TermCode
from gi_trace.web.act_page import Follows, Rows, act_page
from gi_trace.web.authority import bp
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.casework.case_pages import at_case
from gi_trace.web.casework.fields import MoneyField, ReasonForm, get_case, name_of, officers
from gi_trace.web.forms import AtMost, needed, notice_field, reason_field
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.casework import case_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import choices_of


class NoSuchBatch(Refused):
    code = "no_such_batch"
    text = N_("没有批次“{given}”。")


class DecisionForm(FlaskForm):
    decided_on = DateField(_("决定日期"), [needed()], default=clock.today)
    ground = SelectField(_("处罚依据"), [needed()], choices=choices_of(FineGround))
    ground_text = StringField(
        _("其他法律依据"), [Optional(), AtMost(200)], description=_("选“其他法律依据”时填写法规名称和条款。")
    )
    violated = TextAreaField(_("违法事实"), [needed(), AtMost(4000)])
    evidence = TextAreaField(
        _("证据清单"), [needed(), AtMost(4000)], description=_("每行一项。已按案件里的证据列出，请核对增删。")
    )
    order_to_correct = BooleanField(_("责令改正"), default=True)
    goods_value = MoneyField(_("货值金额（元）"), [Optional()])
    turnover = MoneyField(_("违法经营额（元）"), [Optional()], description=_("依《商标法》处罚时填写。"))
    gains = MoneyField(_("违法所得（元）"), [Optional()])
    confiscated_gains = MoneyField(_("没收违法所得（元）"), [Optional()])
    confiscated_goods = StringField(_("没收的物品"), [Optional(), AtMost(500)])
    fine = MoneyField(_("罚款（元）"), [Optional()])
    text = TextAreaField(_("决定内容与理由"), [needed(), AtMost(4000)])

    def amounts(self) -> Amounts:
        return Amounts(
            goods_value_fen=self.goods_value.data or 0,
            turnover_fen=self.turnover.data or 0,
            gains_fen=self.gains.data or 0,
            confiscated_gains_fen=self.confiscated_gains.data or 0,
            fine_fen=self.fine.data or 0,
        )


class StopsForm(LeavingForm):
    leaves = ("notice",)

    orders = TextAreaField(
        _("措施"),
        [needed(), AtMost(4000)],
        description=_("每行一个批次：批次号、件号（不写为全部）、冻结或召回或仿冒。例如：K7Q2M 1-48 召回"),
    )
    reason = reason_field()
    notice = notice_field(Optional())

    def __init__(self, case: Case) -> None:
        self.hidden = hidden_informant(case.lead)
        super().__init__()


class PublishForm(LeavingForm):
    leaves = ("text",)

    names = StringField(
        _("文中的自然人姓名"), [Optional(), AtMost(200)], description=_("用顿号分开；公开文本中只留姓氏。")
    )
    text = TextAreaField(_("公开文本"), [needed(), AtMost(4000)])
    kept = SelectField(
        _("公开期"),
        [needed()],
        choices=lambda: [
            SelectChoice(TermCode.KEEP_PUBLISHED_SHORT.value, _("三个月（较轻）")),
            SelectChoice(TermCode.KEEP_PUBLISHED_LONG.value, _("三年（较重）")),
        ],
    )

    def __init__(self, case: Case) -> None:
        self.hidden = hidden_informant(case.lead)
        super().__init__(text=publication.draft_publication(case, []))

    def persons(self) -> list[str]:
        return [name for name in (self.names.data or "").replace("，", "、").split("、") if name.strip()]


class OfficersForm(FlaskForm):
    first = SelectField(
        _("办案人员一"),
        [needed()],
        coerce=int,
        choices=lambda: [SelectChoice(one.id, name_of(one)) for one in officers()],
    )
    second = SelectField(
        _("办案人员二"),
        [needed()],
        coerce=int,
        choices=lambda: [SelectChoice(one.id, name_of(one)) for one in officers()],
    )
    reason = TextAreaField(_("更换理由"), [needed(), AtMost(500)])


@list_page(bp, "/cases")
def list_cases() -> Listing:
    return case_listing()


def _rows(case: Case) -> Rows:
    return [(_("案件"), case.number), (_("当事人"), case.lead.respondent_name or "—")]


act_on_case = partial(act_page, bp, on=get_case, rows=_rows, back=at_case)


def _decision_form(case: Case) -> DecisionForm:
    """It begins with what was investigated, and with the evidence that lies in the case."""
    investigated = case.step(StepKind.INVESTIGATED)
    facts = investigated.text if investigated else ""
    return DecisionForm(violated=facts, evidence="\n".join(evidence_list(case.lead)))


@act_on_case("/cases/<int:case_id>/decision", _decision_form, _("处罚决定"))
def decide_case(case: Case, form: DecisionForm) -> None:
    decision = cases.decide(
        case,
        decided_on=form.decided_on.data,
        violated=form.violated.data,
        evidence=form.evidence.data.splitlines(),
        ground=FineGround(form.ground.data),
        ground_text=form.ground_text.data or "",
        amounts=form.amounts(),
        order_to_correct=form.order_to_correct.data,
        confiscated_goods=form.confiscated_goods.data or "",
        text=form.text.data,
        by=me(),
    )
    flash(_("已作出处罚决定：{number}").format(number=decision.number))


@act_on_case(
    "/cases/<int:case_id>/stops",
    lambda case: StopsForm(case),
    _("冻结、召回或认定仿冒系列"),
    done=_("已生效，查验页面已经改变。"),
)
def stop_units(case: Case, form: StopsForm) -> Follows:
    orders, told = _orders(form.orders.data), {"reason": form.reason.data, "notice": form.notice.data}
    if any(order.kind.takes_two for order in orders):
        return proposed(propose_stops(case, orders, **told, by=me()))
    stops.stop_units(case, orders, **told, by=me())
    return None


@act_on_case(
    "/cases/<int:case_id>/publication",
    lambda case: PublishForm(case),
    _("公开处罚决定"),
    done=_("处罚决定已公开。"),
)
def publish_decision(case: Case, form: PublishForm) -> None:
    """The text begins as the decision's, masked; the officer works on it."""
    kept, looked = TermCode(form.kept.data), form.looked_over
    publication.publish(case, form.text.data, names=form.persons(), kept=kept, looked=looked, by=me())


@act_on_case("/cases/<int:case_id>/publication/withdraw", ReasonForm, _("撤下公开"), done=_("已撤下公开。"))
def withdraw_decision(case: Case, form: ReasonForm) -> None:
    publication.withdraw_publication(case, reason=form.reason.data, by=me())


@act_on_case(
    "/cases/<int:case_id>/officers",
    lambda case: OfficersForm(first=case.first_officer_id, second=case.second_officer_id),
    _("更换办案人员"),
    done=_("办案人员已更换。"),
)
def change_officers(case: Case, form: OfficersForm) -> None:
    first, second = (db.session.get_one(Account, one.data) for one in (form.first, form.second))
    cases.change_officers(case, first, second, reason=form.reason.data, by=me())


def _orders(typed: str) -> list[StopOrder]:
    orders = []
    for line in read_stop_list(typed):
        batch = find_batch(line.batch)
        if batch is None:
            raise NoSuchBatch(given=line.batch)
        orders.append(StopOrder(batch, line.kind, line.first or 1, line.last or batch.units))
    return orders
