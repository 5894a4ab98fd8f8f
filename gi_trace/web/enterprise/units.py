"""What forms on units of a batch ask, and what they say of units that the public has checked."""

from flask import flash
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange

from gi_trace.batches.models import Batch
from gi_trace.batches.rules import UnitState
from gi_trace.batches.unpacking import ask_unpacking, unpack_units, why_seen
from gi_trace.errors import N_
from gi_trace.stock.models import Lot
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.act_page import Rows
from gi_trace.web.enterprise.undoing import at_request
from gi_trace.web.forms import AtMost, UnitsField, filled, needed
from gi_trace.web.guards import me
from gi_trace.web.stock.lots import at_lot

# What becomes of the weight of units in a state, on the form that brings them into it.
WEIGHT_OF = {
    UnitState.VOID: N_(
        "印坏、没有装货或已经拆开：标识作废，重量退回，成为一份新批料；启用过的，先由主管部门或巡查人员看货。"
    ),
    UnitState.DESTROYED: N_("标识和里面的货都没有了：重量不退回批料。只是标识印坏、货还在的，请选“作废”。"),
    UnitState.LOST: N_("标识不知去向，可能出现在别的货上：重量不退回批料。"),
    UnitState.RETURNED: N_("货连同标识退回来了：重量仍在包装里，之后可以重新启用、作废或销毁。"),
}
TO_BE_SEEN = N_("{why}：提交后是一份申请，主管部门或巡查人员看过货物或标识，重量才退回。")
POSITIVE = NumberRange(min=1, message=_("请填写大于 0 的整数。"))


class UnitsForm(FlaskForm):
    ranges = UnitsField(_("件号"), [needed()])
    count = IntegerField(
        _("共几件"), [needed(), POSITIVE], description=_("请数一遍再填，与件号范围一致才能提交。")
    )
    reason = StringField(_("原因"), [needed(), AtMost(200)])

    def __init__(self, batch: Batch) -> None:
        super().__init__()
        self.batch_of_units = batch

    @property
    def checked(self) -> int:
        """How many of the units the public has checked."""
        return checked_units(self.batch_of_units.number, self.ranges.units)

    def checked_rows(self) -> Rows:
        """Said, not refused."""
        checked = self.checked
        said = _("其中 {count} 件已被公众查验过。").format(count=checked)
        return [(_("注意"), said)] if checked else []


def unpack_or_ask(batch: Batch, form: UnitsForm) -> str:
    """Opens the units, or asks an officer to see them where one must; the page that follows."""
    ranges, told = form.ranges.units, {"count": form.count.data, "reason": form.reason.data, "by": me()}
    if why_seen(batch, ranges):
        return at_request(ask_unpacking(batch, ranges, **told))
    return told_of_lot(unpack_units(batch, ranges, checked_units=form.checked, **told))


def seen_rows(batch: Batch, form: UnitsForm) -> Rows:
    """Why they will be asked for and not opened at once."""
    why = why_seen(batch, form.ranges.units) if form.ranges.units else []
    return [(_("办理方式"), filled(TO_BE_SEEN, {"why": why}))] if why else []


def told_of_lot(lot: Lot) -> str:
    """Says where the weight of void units went; the page of that lot."""
    flash(gettext("已作废，重量回到批料 %(lot)s。", lot=lot.number))
    return at_lot(lot)
