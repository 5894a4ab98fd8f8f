"""All lots: search, holds and recalls, laboratory reports, reversing an act."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry.models import Party
from gi_trace.stock.actions import corrections, holds
from gi_trace.stock.actions.holds import ReportFacts
from gi_trace.stock.models import Hold, HoldKind, Lot, StockAct
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.stock.lots import chain_table, lot_chain, lot_page, lot_rows, table_file
from gi_trace.web.words import day_text, label

OUTCOMES = [SelectChoice("passed", _("合格")), SelectChoice("failed", _("不合格"))]


class HoldForm(FlaskForm):
    kind = RadioField(_("措施"), [needed()], default=HoldKind.HOLD.value)
    reason = TextAreaField(_("理由"), [needed(), AtMost(500)])

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [(kind.value, label(kind)) for kind in (HoldKind.HOLD, HoldKind.RECALL)]


class LiftForm(FlaskForm):
    reason = TextAreaField(_("解除理由"), [needed(), AtMost(500)])


class ReportForm(FlaskForm):
    report_number = StringField(_("报告号"), [needed(), AtMost(60)])
    laboratory = StringField(_("检验机构"), [needed(), AtMost(120)])
    tested_on = DateField(_("检验日期"), [needed()], default=clock.today)
    outcome = RadioField(_("结论"), [needed()], choices=OUTCOMES)
    notes = TextAreaField(_("说明"), [Optional(), AtMost(500)])


class ReverseForm(FlaskForm):
    reason = TextAreaField(_("冲正理由"), [needed(), AtMost(500)])


@bp.get("/lots")
def list_lots() -> ResponseReturnValue:
    query = select(Lot).join(Party, Party.id == Lot.party_id).order_by(Lot.id.desc())
    asked = request.args.get("q", "").strip()
    if re.fullmatch(r"[Ll][0-9]{1,9}", asked):
        query = query.where(Lot.id == int(asked[1:]))
    elif asked:
        query = query.where(Party.name.contains(asked, autoescape=True) | (Party.uscc == asked.upper()))
    if request.args.get("stopped"):
        query = query.where((Lot.holds > 0) | (Lot.recalls > 0))
    page = db.paginate(query, per_page=50)
    return render_template("authority/list_lots.html", page=page, asked=asked)


@bp.get("/lots/<int:lot_id>")
def show_lot(lot_id: int) -> ResponseReturnValue:
    return lot_page(db.get_or_404(Lot, lot_id), "authority/show_lot.html")


@bp.get("/lots/<int:lot_id>/chain.<any(csv, xlsx):form>")
def export_chain(lot_id: int, form: str) -> ResponseReturnValue:
    lot = db.get_or_404(Lot, lot_id)
    return table_file(f"{lot.number}-chain", form, *chain_table(lot_chain(lot)))


@bp.route("/lots/<int:lot_id>/hold", methods=["GET", "POST"])
def hold_lot(lot_id: int) -> ResponseReturnValue:
    lot, form = db.get_or_404(Lot, lot_id), HoldForm()
    if confirmed(form):
        with refusals_on(form):
            holds.hold_lot(lot, reason=form.reason.data, by=me(), kind=HoldKind(form.kind.data))
            flash(_("已生效：这批料和由它制成的一切，包括市场上的标识。"))
            return redirect(url_for(".show_lot", lot_id=lot_id))
    return form_page(form, _("冻结或召回"), rows=lot_rows(lot), back=url_for(".show_lot", lot_id=lot_id))


@bp.route("/holds/<int:hold_id>/lift", methods=["GET", "POST"])
def lift_hold(hold_id: int) -> ResponseReturnValue:
    hold, form = db.get_or_404(Hold, hold_id), LiftForm()
    back = url_for(".show_lot", lot_id=hold.lot_id)
    if confirmed(form):
        with refusals_on(form):
            holds.lift_hold(hold, reason=form.reason.data, by=me())
            flash(_("已解除。"))
            return redirect(back)
    rows = [(_("批料"), hold.lot.number), (_("措施"), label(hold.kind)), (_("理由"), hold.reason)]
    return form_page(form, _("解除冻结"), rows=rows, back=back)


@bp.route("/lots/<int:lot_id>/report", methods=["GET", "POST"])
def report_test(lot_id: int) -> ResponseReturnValue:
    lot, form = db.get_or_404(Lot, lot_id), ReportForm()
    if confirmed(form):
        with refusals_on(form):
            facts = ReportFacts(
                form.report_number.data,
                form.laboratory.data,
                form.tested_on.data,
                form.outcome.data == "passed",
                form.notes.data or "",
            )
            holds.report_test(lot, facts, by=me())
            flash(_("检验报告已登记。"))
            return redirect(url_for(".show_lot", lot_id=lot_id))
    lead = _("不合格的报告会立即冻结这批料和由它制成的一切。")
    back = url_for(".show_lot", lot_id=lot_id)
    return form_page(form, _("登记检验报告"), lead=lead, rows=lot_rows(lot), back=back)


@bp.route("/stock-acts/<int:number>/reverse", methods=["GET", "POST"])
def reverse_act(number: int) -> ResponseReturnValue:
    act, form = db.get_or_404(StockAct, number), ReverseForm()
    lot_id = next(line.lot_id for line in act.postings if line.lot_id)
    back = url_for(".show_lot", lot_id=lot_id)
    if confirmed(form):
        with refusals_on(form):
            corrections.reverse_act(number, reason=form.reason.data, by=me())
            flash(_("已冲正。"))
            return redirect(back)
    rows = [(_("事项号"), number), (_("事项"), label(act.kind)), (_("日期"), day_text(act.on))]
    return form_page(form, _("冲正"), rows=rows, back=back)
