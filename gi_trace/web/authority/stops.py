"""Holds, recalls and counterfeit series of batches: placed and lifted by an officer, with a reason."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Optional

from gi_trace.batches import stops
from gi_trace.batches.models import Batch, Stop, find_batch
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stop_proposals import propose_lift, propose_stops
from gi_trace.batches.unit_entries import in_words
from gi_trace.batches.unit_states import Range
from gi_trace.database import db
from gi_trace.registry.models import Product
from gi_trace.web.act_page import Follows, Rows, Stakes, act_page, answer_to
from gi_trace.web.authority import bp
from gi_trace.web.authority.foresight import stakes_of_stop
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import AtMost, UnitsField, needed, notice_field, reason_field
from gi_trace.web.guards import me
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.batches import batch_has_number
from gi_trace.web.lists.filters import day_filters, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import choices_of, label


class StopForm(LeavingForm):
    leaves = ("notice",)

    batch = StringField(_("批次号"), [needed(), AtMost(20)], description=_("查验页面上的 5 位批次号。"))
    kind = RadioField(
        _("措施"),
        [needed(_("请选择措施。"))],
        description=_("召回和仿冒系列提请后先行冻结，另一名同事复核后生效；召回不能解除。"),
    )
    ranges = UnitsField(_("件号"), [Optional()])
    reason = reason_field()
    notice = notice_field(needed())

    found: Batch | None = None

    def __init__(self, **known: object) -> None:
        super().__init__(data=known)
        self.kind.choices = choices_of(StopKind)
        self.ranges.description = gettext("不填为整批。") + str(self.ranges.description)

    def validate_batch(self, field: StringField) -> None:
        self.found = find_batch(field.data)
        if self.found is None:
            raise ValidationError(_("没有这个批次。"))

    @property
    def batch_of_units(self) -> Batch | None:
        return self.found

    @property
    def units(self) -> Sequence[Range]:
        assert self.found
        return self.ranges.units or [(1, self.found.units)]

    def rows(self) -> Rows:
        if self.found is None:
            return []
        return [
            (_("产品"), self.found.product.name),
            (_("企业"), self.found.party.name),
            (_("件号"), in_words(self.units)),
        ]


class LiftStopForm(FlaskForm):
    reason = TextAreaField(_("解除的理由"), [needed(_("请写明理由。")), AtMost(500)])


@list_page(bp, "/stops")
def list_stops() -> Listing:
    return Listing(
        name="stops",
        title=_("冻结、召回与仿冒系列"),
        query=select(Stop).join(Stop.batch).join(Batch.product),
        headings=[
            Heading("batch", _("批次号"), _batch_cell),
            Heading("product", _("产品"), lambda stop: stop.batch.product.name, Product.name),
            Heading("kind", _("措施"), lambda stop: label(stop.kind), Stop.kind),
            Heading("units", _("件号"), lambda stop: f"{stop.first_unit:,}–{stop.last_unit:,}"),
            Heading("reason", _("理由"), _why, kind="wide"),
            Heading(
                "placed_at", _("采取"), lambda stop: [stop.placed_by.name, stop.placed_at], Stop.placed_at
            ),
            Heading("lifted_at", _("状态"), _lifted, Stop.lifted_at),
        ],
        order=[Stop.lifted_at.is_not(None), Stop.id.desc()],
        filters=[
            Filter("batch", _("批次号"), batch_has_number),
            Filter("kind", _("措施"), lambda value: Stop.kind == value, choices=worded(StopKind)),
            Filter(
                "state", _("状态"), _is_in_state, choices=[("open", _("生效中")), ("lifted", _("已解除"))]
            ),
            *day_filters(Stop.placed_at, _("采取日")),
        ],
        loaded=[
            contains_eager(Stop.batch).contains_eager(Batch.product),
            joinedload(Stop.placed_by),
            joinedload(Stop.lifted_by),
        ],
        empty=_("没有措施。"),
        template="authority/list_stops.html",
    )


def _batch_cell(stop: Stop) -> Link:
    return Link(stop.batch.number_text, url_for(".show_batch", number=stop.batch_number), "code")


def _why(stop: Stop) -> list[str]:
    """For the file, and what the public reads."""
    told = [gettext("给公众：%(notice)s", notice=stop.notice)] if stop.notice else []
    return [stop.reason, *told]


def _is_in_state(state: str) -> ColumnElement[bool]:
    return Stop.lifted_at.is_(None) if state == "open" else Stop.lifted_at.is_not(None)


def _lifted(stop: Stop) -> list[Any]:
    if stop.lifted_at is None:
        return [Tag(_("生效中"), "bad")]
    by = stop.lifted_by.name if stop.lifted_by else ""
    return [Tag(_("已解除")), by, stop.lifted_at, stop.lift_reason]


@bp.route("/stops/new", methods=["GET", "POST"])
def place_stop() -> ResponseReturnValue:
    form = StopForm(batch=request.args.get("batch", ""))

    def act() -> Follows:
        assert form.found
        kind, told = (
            StopKind(form.kind.data),
            {"reason": form.reason.data, "notice": form.notice.data},
        )
        if kind.takes_two:
            return proposed(propose_stops(form.found, kind, form.units, **told, by=me()))
        stops.place_stops(form.found, kind, form.units, **told, by=me())
        return url_for(".list_stops", batch=form.found.number_text)

    def stakes() -> Stakes:
        assert form.found
        notice, kind = form.notice.data, StopKind(form.kind.data)
        return stakes_of_stop(form.found, kind, form.units, notice=notice)

    return answer_to(
        form,
        _("采取措施"),
        act,
        stakes=stakes,
        rows=form.rows,
        back=url_for(".list_stops"),
        done=_("已生效，查验页面已经改变。"),
        notes=[_("确认后立即生效：这些标识的查验页面会马上改变；召回和仿冒系列在复核之前显示为冻结。")],
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
)
def lift_stop(stop: Stop, form: LiftStopForm) -> Follows:
    return proposed(propose_lift(stop, reason=form.reason.data, by=me()))
