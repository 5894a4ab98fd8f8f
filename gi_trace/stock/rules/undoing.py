"""Who may undo what was booked, and until when. Pure."""

from datetime import date, timedelta

from gi_trace.errors import N_, Refused
from gi_trace.words import Worded


class UndoneBy(Worded):
    """In the order of what it takes."""

    FIRM = "firm", N_("本单位自行撤销")
    REQUEST = "request", N_("申请撤销，由主管部门答复")
    SIGHTING = "sighting", N_("由主管部门人员到现场看过货物后撤销")


class NotUndoable(Refused):
    code = "not_undoable"
    text = N_("第 {number} 号事项不能撤销。")


class AlreadyUndone(Refused):
    code = "already_undone"
    text = N_("第 {number} 号事项已由第 {reversal} 号事项撤销。")


class UndoNeedsRequest(Refused):
    code = "undo_needs_request"
    text = N_(
        "第 {number} 号事项是 {day} 登记的，现在本单位不能自行撤销；最迟 {until} 可以申请，由主管部门答复。"
    )


class UndoNeedsSighting(Refused):
    code = "undo_needs_sighting"
    text = N_(
        "第 {number} 号事项是 {day} 登记的，可以申请撤销的期限到 {until} 为止；"
        "之后只能由主管部门人员到现场看过货物后撤销，请与主管部门联系。"
    )


class AnsweredTooLate(Refused):
    code = "answered_too_late"
    text = N_(
        "这项申请应在 {until} 以前答复，现在不能再凭申请办理；"
        "第 {number} 号事项只能由主管部门人员到现场看过货物后撤销。"
    )


class UndoNeedsNoRequest(Refused):
    code = "undo_needs_no_request"
    text = N_("第 {number} 号事项现在可以自行撤销，不必申请。")


class WeightHasGoneOn(Refused):
    code = "weight_has_gone_on"
    text = N_("第 {number} 号事项的重量已由后来的事项动用，请先撤销后来的事项。")


class WeightUsedSince(Refused):
    code = "weight_used_since"
    text = N_("批料 {lot} 的重量后来已动用：{later}。请先撤销这些事项。")


class MovedMeanwhile(Refused):
    code = "moved_meanwhile"
    text = N_("批料 {lot} 后来移过库（第 {move} 号事项），请先撤销移库。")


class PlaceOfGoodsMissing(Refused):
    code = "place_of_goods_missing"
    text = N_("请写明在哪里看的货物。")


def who_undoes(done_on: date, today: date, *, most_days: int) -> UndoneBy:
    """On the day itself the firm, up to `most_days` later by a request, then only with an officer who saw the goods."""
    days = (today - done_on).days
    if days <= 0:
        return UndoneBy.FIRM
    return UndoneBy.REQUEST if days <= most_days else UndoneBy.SIGHTING


def last_day_of_requests(done_on: date, *, most_days: int) -> date:
    return done_on + timedelta(days=most_days)
