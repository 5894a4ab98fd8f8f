"""Holds, recalls and counterfeit series of batches: placed and lifted by an officer, with a reason."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import IntegerField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import NumberRange, Optional

from gi_trace.batches import stops
from gi_trace.batches.models import Batch, Stop, find_batch
from gi_trace.batches.rules import StopKind
from gi_trace.database import db
from gi_trace.web.act_page import Rows, act_page, answer_to
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed, notice_field, reason_field
from gi_trace.web.guards import me
from gi_trace.web.words import choices_of, label

POSITIVE = NumberRange(min=1, message=_("请填写大于 0 的整数。"))


class StopForm(FlaskForm):
    batch = StringField(_("批次号"), [needed(), AtMost(20)], description=_("查验页面上的 5 位批次号。"))
    kind = RadioField(
        _("措施"),
        [needed(_("请选择措施。"))],
        description=_("冻结和仿冒系列可以解除；召回不能解除。"),
    )
    first = IntegerField(_("起始件号"), [Optional(), POSITIVE], description=_("不填为整批。"))
    last = IntegerField(_("结束件号"), [Optional(), POSITIVE])
    reason = reason_field()
    notice = notice_field(needed())

    found: Batch | None = None

    def __init__(self, **known: object) -> None:
        super().__init__(data=known)
        self.kind.choices = choices_of(StopKind)

    def validate_batch(self, field: StringField) -> None:
        self.found = find_batch(field.data)
        if self.found is None:
            raise ValidationError(_("没有这个批次。"))

    @property
    def units(self) -> tuple[int, int]:
        assert self.found
        return self.first.data or 1, self.last.data or self.found.units

    def rows(self) -> Rows:
        if self.found is None:
            return []
        first, last = self.units
        return [
            (_("产品"), self.found.product.name),
            (_("企业"), self.found.party.name),
            (_("件号"), f"{first:,}–{last:,}"),
        ]


class LiftStopForm(FlaskForm):
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
    form = StopForm(batch=request.args.get("batch", ""))

    def act() -> str:
        assert form.found
        kind, notice, reason = StopKind(form.kind.data), form.notice.data, form.reason.data
        stops.place_stop(form.found, kind, *form.units, notice=notice, reason=reason, by=me())
        return url_for(".list_stops", batch=form.found.number_text)

    return answer_to(
        form,
        _("采取措施"),
        act,
        rows=form.rows,
        back=url_for(".list_stops"),
        done=_("已生效，查验页面已经改变。"),
        notes=[_("确认后立即生效：这些标识的查验页面会马上改变。")],
    )


def _rows(stop: Stop) -> Rows:
    return [
        (_("措施"), label(stop.kind)),
        (_("批次号"), stop.batch.number_text),
        (_("件号"), f"{stop.first_unit:,}–{stop.last_unit:,}"),
        (_("理由"), stop.reason),
    ]


@act_page(
    bp,
    "/stops/<int:stop_id>/lift",
    LiftStopForm,
    _("解除措施"),
    on=lambda stop_id: db.get_or_404(Stop, stop_id),
    rows=_rows,
    back=".list_stops",
    done=_("已解除，查验页面已经改变。"),
)
def lift_stop(stop: Stop, form: LiftStopForm) -> None:
    stops.lift_stop(stop, reason=form.reason.data, by=me())
