"""All lots: search, holds and recalls, laboratory reports, reversing an act."""

from functools import partial

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.accounts.models import Account, eyewitnesses
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions import corrections, holds
from gi_trace.stock.actions.corrections import SeenFacts, undone_by
from gi_trace.stock.actions.hold_proposals import propose_lift_hold, propose_lot_recall
from gi_trace.stock.actions.holds import LabReport
from gi_trace.stock.models import Hold, HoldKind, Lot
from gi_trace.stock.rules.undoing import UndoneBy
from gi_trace.web.act_page import Follows, act_page
from gi_trace.web.authority import bp
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.files import table_file
from gi_trace.web.lists.listing import Link, Listing
from gi_trace.web.lists.lots import lot_listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.stock.lots import at_lot, chain_table, lot_chain, lot_page, lot_rows
from gi_trace.web.stock.undoing import act_rows, at_act, undo_words
from gi_trace.web.words import choices_of, label

OUTCOMES = [SelectChoice("passed", _("合格")), SelectChoice("failed", _("不合格"))]


class HoldForm(LeavingForm):
    leaves = ("reason",)

    kind = RadioField(
        _("措施"),
        [needed()],
        default=HoldKind.HOLD.value,
        choices=choices_of((HoldKind.HOLD, HoldKind.RECALL)),
    )
    reason = TextAreaField(_("理由"), [needed(), AtMost(500)])


class LiftHoldForm(FlaskForm):
    reason = TextAreaField(_("解除理由"), [needed(), AtMost(500)])


class LabReportForm(FlaskForm):
    report_number = StringField(_("报告号"), [needed(), AtMost(60)])
    laboratory = StringField(_("检验机构"), [needed(), AtMost(120)])
    tested_on = DateField(_("检验日期"), [needed()], default=clock.today)
    outcome = RadioField(_("结论"), [needed()], choices=OUTCOMES)
    notes = TextAreaField(_("说明"), [Optional(), AtMost(500)])


class ReverseForm(LeavingForm):
    """Where the firm's time to ask is over, somebody must have seen the goods."""

    leaves = ("reason",)

    reason = TextAreaField(_("撤销的理由"), [needed(), AtMost(500)])
    place = StringField(_("在哪里看的货物"), [needed(), AtMost(120)])
    seen_on = DateField(_("哪一天看的"), [needed()], default=clock.today)
    seen_by = SelectField(_("谁看的"), [needed()], coerce=int)

    def __init__(self, row: RecordRow) -> None:
        super().__init__()
        if undone_by(row) is not UndoneBy.SIGHTING:
            del self.place, self.seen_on, self.seen_by
        else:
            self.seen_by.choices = [(one.id, one.name) for one in eyewitnesses()]

    @property
    def seen(self) -> SeenFacts | None:
        if self.place is None:
            return None
        return SeenFacts(self.place.data, self.seen_on.data, db.session.get_one(Account, self.seen_by.data))


@list_page(bp, "/lots")
def list_lots() -> Listing:
    return lot_listing()


def get_lot(lot_id: int) -> Lot:
    return db.get_or_404(Lot, lot_id)


@bp.get("/lots/<int:lot_id>")
def show_lot(lot_id: int) -> ResponseReturnValue:
    return lot_page(get_lot(lot_id), "authority/show_lot.html", offer=_offer)


def _offer(row: RecordRow) -> Link:
    return Link(_("撤销"), url_for(".reverse_act", number=row.number))


@bp.get("/lots/<int:lot_id>/chain.<any(csv, xlsx):form>")
def export_chain(lot_id: int, form: str) -> ResponseReturnValue:
    lot = get_lot(lot_id)
    return table_file(f"{lot.number}-chain", form, *chain_table(lot_chain(lot)))


act_on_lot = partial(act_page, bp, on=get_lot, rows=lot_rows, back=at_lot)


@act_on_lot(
    "/lots/<int:lot_id>/hold",
    HoldForm,
    _("冻结或召回"),
    done=_("已生效：这批料和由它制成的一切，包括市场上的标识。"),
    lead=_("召回须由另一名同事复核；提请后先行冻结。"),
)
def hold_lot(lot: Lot, form: HoldForm) -> Follows:
    if HoldKind(form.kind.data).is_final:
        return proposed(propose_lot_recall(lot, reason=form.reason.data, by=me()))
    holds.hold_lot(lot, reason=form.reason.data, by=me())
    return None


@act_page(
    bp,
    "/holds/<int:hold_id>/lift",
    LiftHoldForm,
    _("解除冻结"),
    on=lambda hold_id: db.get_or_404(Hold, hold_id),
    rows=lambda hold: [(_("批料"), hold.lot.number), (_("措施"), label(hold.kind)), (_("理由"), hold.reason)],
    back=lambda hold: at_lot(hold.lot),
)
def lift_hold(hold: Hold, form: LiftHoldForm) -> Follows:
    return proposed(propose_lift_hold(hold, reason=form.reason.data, by=me()))


@act_on_lot(
    "/lots/<int:lot_id>/report",
    LabReportForm,
    _("登记检验报告"),
    done=_("检验报告已登记。"),
    lead=_("不合格的报告会立即冻结这批料和由它制成的一切。"),
)
def report_test(lot: Lot, form: LabReportForm) -> None:
    passed, notes = form.outcome.data == "passed", form.notes.data or ""
    told = form.report_number.data, form.laboratory.data, form.tested_on.data
    holds.report_test(lot, LabReport(*told, passed, notes), by=me())


@act_page(
    bp,
    "/stock-acts/<int:number>/reverse",
    lambda row: ReverseForm(row),
    _("撤销已登记的事项"),
    on=corrections.get_undoable,
    rows=lambda row: [*act_rows(row), (_("谁可以撤销"), undo_words(row))],
    back=at_act,
    done=_("已撤销。"),
)
def reverse_act(row: RecordRow, form: ReverseForm) -> None:
    corrections.reverse_act(row.number, reason=form.reason.data, by=me(), seen=form.seen)
