"""Holds, recalls and counterfeit series of batches: placed and lifted by an officer, with a reason."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from gi_trace.batches.models import Batch, Stop, find_batch
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import lift_stop as lift
from gi_trace.batches.stops import place_stop as place
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, confirmed, form_page, needed, refusals_on, status_of, stripped
from gi_trace.web.guards import me
from gi_trace.web.words import label


class StopForm(FlaskForm):
    batch = StringField(_("批次号"), [needed(), AtMost(20)])
    kind = RadioField(_("措施"), [needed(_("请选择措施。"))])
    first = IntegerField(_("起始件号"), [Optional(), NumberRange(min=1, message=_("请填写大于 0 的整数。"))])
    last = IntegerField(_("结束件号"), [Optional(), NumberRange(min=1, message=_("请填写大于 0 的整数。"))])
    notice = StringField(_("公告号"), [Optional(), AtMost(60)], filters=[stripped])
    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(500)])

    found: Batch | None = None

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [(kind.value, label(kind)) for kind in StopKind]

    def validate_batch(self, field: StringField) -> None:
        self.found = find_batch(field.data)
        if self.found is None:
            field.errors = [*field.errors, _("没有这个批次。")]

    def units(self) -> tuple[int, int]:
        assert self.found is not None
        return self.first.data or 1, self.last.data or self.found.units

    def answers(self) -> list[tuple[object, object]]:
        assert self.found is not None
        first, last = self.units()
        return [
            (self.kind.label.text, label(StopKind(self.kind.data))),
            (self.batch.label.text, self.found.number_text),
            (_("产品"), self.found.product.name),
            (_("企业"), self.found.party.name),
            (_("件号"), f"{first:,}–{last:,}"),
            (self.notice.label.text, self.notice.data or "—"),
            (self.reason.label.text, self.reason.data),
        ]


class LiftForm(FlaskForm):
    reason = TextAreaField(_("解除的理由"), [needed(_("请写明理由。")), AtMost(500)])


@bp.get("/stops")
def list_stops() -> ResponseReturnValue:
    query = select(Stop).order_by(Stop.lifted_at.is_not(None), Stop.id.desc())
    asked = request.args.get("batch", "").strip()
    if asked:
        batch = find_batch(asked)
        query = query.filter_by(batch_number=batch.number if batch else -1)
    return render_template("authority/list_stops.html", page=db.paginate(query, per_page=50), asked=asked)


@bp.route("/stops/new", methods=["GET", "POST"])
def place_stop() -> ResponseReturnValue:
    """Form, then its summary, then the act."""
    form = StopForm()
    if request.method == "GET":
        form.batch.data = request.args.get("batch", "")
    answers = request.form.get("answers")
    if answers != "change" and form.validate_on_submit() and form.found:
        if answers != "confirmed":
            return render_template("authority/check_stop.html", form=form)
        first, last = form.units()
        kind = StopKind(form.kind.data)
        with refusals_on(form):
            place(form.found, kind, first, last, notice=form.notice.data, reason=form.reason.data, by=me())
            flash(_("已生效，查验页面已经改变。"))
            return redirect(url_for(".list_stops", batch=form.batch.data))
    return render_template("authority/place_stop.html", form=form), status_of(form)


@bp.route("/stops/<int:stop_id>/lift", methods=["GET", "POST"])
def lift_stop(stop_id: int) -> ResponseReturnValue:
    stop = db.session.get(Stop, stop_id)
    if stop is None:
        raise NotFound
    form = LiftForm()
    if confirmed(form):
        with refusals_on(form):
            lift(stop, reason=form.reason.data, by=me())
            flash(_("已解除，查验页面已经改变。"))
            return redirect(url_for(".list_stops"))
    rows = [
        (_("措施"), label(stop.kind)),
        (_("批次号"), stop.batch.number_text),
        (_("件号"), f"{stop.first_unit:,}–{stop.last_unit:,}"),
        (_("理由"), stop.reason),
    ]
    return form_page(form, _("解除措施"), rows=rows, back=url_for(".list_stops"))
