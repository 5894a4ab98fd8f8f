"""Packing: a batch is registered from the lots that it draws, and units are unpacked again."""

from datetime import date
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField

from gi_trace import clock
from gi_trace.batches import actions
from gi_trace.batches.actions import BatchFacts
from gi_trace.batches.rules import UnitState
from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.registry.models import Authorisation
from gi_trace.registry.rules import RightState, state_on
from gi_trace.stock.actions.ledger import Draw
from gi_trace.stock.actions.packing import lots_in_turn, made_of, proposed_draws
from gi_trace.stock.models import Lot
from gi_trace.web.act_page import Rows, answer_to
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.mixing import agreed_to, draws_form, draws_of
from gi_trace.web.enterprise.own import at_batch, get_own_batch
from gi_trace.web.enterprise.units import POSITIVE, WEIGHT_OF, UnitsForm, seen_rows, unpack_or_ask
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me, own_party
from gi_trace.web.words import age_words, day_text, kg_text, label, season_text


class BatchForm(FlaskForm):
    own_number = StringField(
        _("生产批号"), [needed(), AtMost(40)], description=_("贵企业自己的批号，印在包装上的那个。")
    )
    net_weight_g = IntegerField(_("每件净含量（克）"), [needed(), POSITIVE])
    units = IntegerField(_("件数"), [needed(), POSITIVE])
    packed_on = DateField(_("包装日期"), [needed()], default=clock.today)
    best_before = DateField(_("保质期至"), [needed()])

    def facts(self) -> BatchFacts:
        names = ("own_number", "net_weight_g", "units", "packed_on")
        best_before = self.best_before.data if self.best_before else None
        return BatchFacts(**{name: self[name].data for name in names}, best_before=best_before)


class UndatedBatchForm(BatchForm):
    """For products that have no date to be used by, as aged peel."""

    best_before = None


@bp.get("/batches/new")
def choose_right() -> ResponseReturnValue:
    """Under which right; with one alone there is nothing to choose."""
    rights = [
        r for r in own_party().authorisations if state_on(r.right, clock.today()) == RightState.IN_FORCE
    ]
    if len(rights) == 1:
        return redirect(url_for(".register_batch", right_id=rights[0].id))
    return render_template("enterprise/choose_right.html", rights=rights)


@bp.route("/batches/new/<int:right_id>", methods=["GET", "POST"])
def register_batch(right_id: int) -> ResponseReturnValue:
    right = db.get_or_404(Authorisation, right_id)
    if right.party_id != own_party().id:
        raise Forbidden
    lots = lots_in_turn(right.product, right.party, clock.today())
    form = draws_form(BatchForm if right.product.has_best_before else UndatedBatchForm, lots)

    def act() -> str:
        facts, draws, agreed = form.facts(), draws_of(form, lots), agreed_to(form, lots)
        return at_batch(actions.register_batch(right, facts, draws, by=me(), agreed=agreed))

    lead = (
        _("取用量都留空时自动取足：陈皮从刚够年份的取起，其他从最早的取起。")
        if lots
        else _("现在没有可以包装的批料。")
    )
    return answer_to(
        form,
        _("登记新批次"),
        act,
        lead=lead,
        rows=lambda: _rows(right, form, lots),
        back=url_for(".list_batches"),
        done=_("批次已登记。下一步：下单印制标识。"),
    )


@bp.route("/batches/<int:number>/unpack", methods=["GET", "POST"])
def unpack_batch(number: int) -> ResponseReturnValue:
    batch = get_own_batch(number)
    form = UnitsForm(batch)

    rows = [(_("批次"), batch.number_text), (_("产品"), batch.product.name), (_("件数"), batch.units)]
    return answer_to(
        form,
        _("拆包或作废"),
        lambda: unpack_or_ask(batch, form),
        rows=lambda: [*rows, *form.checked_rows(), *seen_rows(batch, form)],
        notes=[gettext(WEIGHT_OF[UnitState.VOID])],
        back=at_batch(batch),
    )


def _rows(right: Authorisation, form: Any, lots: list[Lot]) -> Rows:
    rows: list[tuple[Any, Any]] = [
        (_("产品"), right.product.name),
        (_("用标授权"), f"{label(right.basis)} · {right.number} · {day_text(right.starts_on)}"),
    ]
    if form.is_submitted() and form.units.data and form.net_weight_g.data:
        weight_g = form.units.data * form.net_weight_g.data
        day = form.packed_on.data or clock.today()
        draws = draws_of(form, lots) or proposed_draws(right.product, right.party, weight_g, day)
        rows.append((_("合计"), kg_text(weight_g)))
        rows += [(_("取用 {lot}").format(lot=lot.number), kg_text(grams)) for lot, grams in draws]
        rows += _label_rows(draws, day) if draws and not form.errors else []
    return rows


def _label_rows(draws: list[Draw], day: date) -> Rows:
    """What the labels will say of the goods."""
    contents = made_of([lot for lot, _grams in draws], day)
    aged = [(_("陈化"), age_words(contents.age))] if contents.age else []
    return [(_("产季"), season_text(contents.season)), *aged]
