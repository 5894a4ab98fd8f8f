"""Why a stop is not placed, or not lifted."""

from gi_trace.errors import N_, Refused


class LotRecalled(Refused):
    code = "lot_recalled"
    text = N_("批料 {lot} 已被召回，不必再冻结。")


class AlreadyHeld(Refused):
    code = "already_held"
    text = N_("批料 {lot} 已因同类原因冻结：{reason}")


class HoldLifted(Refused):
    code = "hold_lifted"
    text = N_("这项冻结已于 {day} 解除。")


class RecallIsFinal(Refused):
    code = "recall_is_final"
    text = N_("召回不能解除。")
