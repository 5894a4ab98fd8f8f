"""What forms on ranges of units ask, and what they say of units that the public has checked."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange

from gi_trace.web.act_page import Rows
from gi_trace.web.forms import AtMost, RangesField, needed

POSITIVE = NumberRange(min=1, message=_("请填写大于 0 的整数。"))


class UnitsForm(FlaskForm):
    ranges = RangesField(_("件号"), [needed()])
    count = IntegerField(
        _("共几件"), [needed(), POSITIVE], description=_("请数一遍再填，与件号范围一致才能提交。")
    )
    reason = StringField(_("原因"), [needed(), AtMost(200)])


def checked_rows(checked: int) -> Rows:
    """Said, not refused."""
    return [(_("注意"), _("其中 {count} 件已被公众查验过。").format(count=checked))] if checked else []
