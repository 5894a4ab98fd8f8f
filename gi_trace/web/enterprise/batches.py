"""Registering, seeing and cancelling batches."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from gi_trace import clock
from gi_trace.batches import actions
from gi_trace.batches.models import batches_of, ordered_units, unit_ranges
from gi_trace.registry.models import Authorisation
from gi_trace.registry.rules import RightState, state_on
from gi_trace.stock.models import Lot, lots_of
from gi_trace.stock.rules.weights import parse_weight
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import get_own_batch, own_party
from gi_trace.web.forms import AtMost, needed, refusals_on, status_of
from gi_trace.web.guards import me
from gi_trace.web.words import kg_text, word


class BatchForm(FlaskForm):
    authorisation = SelectField(_("产品与授权"), [needed(_("请选择产品。"))])
    own_number = StringField(_("生产批号"), [needed(), AtMost(40)])
    net_weight_g = IntegerField(
        _("每件净含量（克）"), [needed(), NumberRange(min=1, message=_("请填写大于 0 的整数。"))]
    )
    units = IntegerField(_("件数"), [needed(), NumberRange(min=1, message=_("请填写大于 0 的整数。"))])
    packed_on = DateField(_("包装日期"), [needed()])
    best_before = DateField(_("保质期至"), [Optional()])

    lots: dict[str, Lot] = {}

    def offer(self, rights: list[Authorisation]) -> None:
        self.authorisation.choices = [
            (str(right.id), f"{right.product.name} · {word(right.basis)} · {right.number}")
            for right in rights
        ]

    def facts(self) -> actions.BatchFacts:
        names = ("own_number", "net_weight_g", "units", "packed_on", "best_before")
        return actions.BatchFacts(**{name: self[name].data for name in names})

    def weights(self) -> list[Field]:
        """One field for each lot that may be drawn from."""
        return [self[name] for name in self.lots]

    def draws(self) -> list[tuple[Lot, int]]:
        """Raises the named refusal of a weight that cannot be read."""
        return [(lot, parse_weight(self[name].data)) for name, lot in self.lots.items() if self[name].data]

    def answers(self) -> list[tuple[object, object]]:
        chosen = dict(self.authorisation.choices)[self.authorisation.data]
        return [
            (self.authorisation.label.text, chosen),
            (self.own_number.label.text, self.own_number.data),
            (_("每件净含量"), kg_text(self.net_weight_g.data)),
            (self.units.label.text, self.units.data),
            (_("合计"), kg_text(self.net_weight_g.data * self.units.data)),
            (self.packed_on.label.text, self.packed_on.data),
            (self.best_before.label.text, self.best_before.data or "—"),
            *((weight.label.text, weight.data) for weight in self.weights() if weight.data),
        ]


def form_for(lots: list[Lot]) -> BatchForm:
    """The form with a weight to draw from each lot."""
    named = {f"lot_{lot.id}": lot for lot in lots}
    fields = {
        name: StringField(
            _(
                "从批料 %(lot)s 取用（千克，可用 %(available)s）",
                lot=lot.number,
                available=kg_text(lot.available_g),
            ),
            [Optional(), AtMost(20)],
        )
        for name, lot in named.items()
    }
    return type("BatchFormWithLots", (BatchForm,), {"lots": named, **fields})()


@bp.get("/batches")
def list_batches() -> ResponseReturnValue:
    return render_template("enterprise/list_batches.html", batches=batches_of(own_party()))


@bp.route("/batches/new", methods=["GET", "POST"])
def register_batch() -> ResponseReturnValue:
    """Form, then its summary, then the act."""
    rights = [
        r for r in own_party().authorisations if state_on(r.right, clock.today()) == RightState.IN_FORCE
    ]
    form = form_for([lot for lot in lots_of(own_party()) if lot.available_g and not lot.is_stopped])
    form.offer(rights)
    answers = request.form.get("answers")
    if answers != "change" and form.validate_on_submit():
        if answers != "confirmed":
            return render_template("enterprise/check_batch.html", form=form)
        right = next(r for r in rights if str(r.id) == form.authorisation.data)
        with refusals_on(form):
            batch = actions.register_batch(right, form.facts(), form.draws(), by=me())
            flash(_("批次已登记。下一步：下单印制标识。"))
            return redirect(url_for(".show_batch", number=batch.number))
    return render_template("enterprise/register_batch.html", form=form, rights=rights), status_of(form)


@bp.get("/batches/<int:number>")
def show_batch(number: int) -> ResponseReturnValue:
    batch = get_own_batch(number)
    ordered = ordered_units(batch)
    return render_template(
        "enterprise/show_batch.html", batch=batch, ordered=ordered, ranges=unit_ranges(batch)
    )


@bp.post("/batches/<int:number>/cancel")
def cancel_batch(number: int) -> ResponseReturnValue:
    actions.cancel_batch(get_own_batch(number), by=me())
    flash(_("批次已取消，重量退回原批料。"))
    return redirect(url_for(".show_batch", number=number))
