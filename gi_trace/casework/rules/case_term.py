"""How long a case may take, and what is not counted (市场监督管理行政处罚程序规定 art. 64). Pure.

Ninety days from filing; once a head may allow up to thirty more; what is needed beyond that is decided by the heads
together, with its days. Hearings, public notices, tests and identifications are not counted, nor is a suspension.
"""

from collections.abc import Sequence
from datetime import date

from gi_trace.casework.rules.steps import BEFORE_DECISION, CaseState
from gi_trace.errors import N_, Refused
from gi_trace.words import Worded


class ExtensionKind(Worded):
    HEAD = "head", N_("负责人批准延期")
    COLLECTIVE = "collective", N_("集体讨论决定继续延期")


class CasePauseKind(Worded):
    TEST = "test", N_("检测、检验、检疫、鉴定")
    HEARING = "hearing", N_("听证")
    NOTICE = "notice", N_("公告")
    SUSPENDED = "suspended", N_("中止调查")


class CaseTermOver(Refused):
    code = "case_term_over"
    text = N_("案件现在是“{state}”，办案期限已不再计算。")


class CaseExtendedAlready(Refused):
    code = "case_extended_already"
    text = N_("负责人只能批准延期一次；继续延期须由集体讨论决定。")


class CollectiveTooEarly(Refused):
    code = "collective_too_early"
    text = N_("须先经负责人批准延期，仍不能结案的，才由集体讨论决定继续延期。")


class CaseExtensionTooLong(Refused):
    code = "case_extension_too_long"
    text = N_("负责人批准的延期最迟到 {day}。")


class CaseExtensionTooLate(Refused):
    code = "case_extension_too_late"
    text = N_("办案期限已于 {day} 届满，不能再延长。")


class CasePauseOpen(Refused):
    code = "case_pause_open"
    text = N_("办案期限已停止计算，请先登记它的结束。")


class NoCasePause(Refused):
    code = "no_case_pause"
    text = N_("办案期限没有停止计算。")


class OwnCaseTerm(Refused):
    """Who works on the case cannot give himself more time for it."""

    code = "own_case_term"
    text = N_("办案人员不能批准自己案件的延期或停止计算，请由另一名人员复核。")


def check_term_runs(state: CaseState) -> None:
    if state not in BEFORE_DECISION:
        raise CaseTermOver(state=state.label)


def check_case_extension(
    kind: ExtensionKind,
    *,
    taken: Sequence[ExtensionKind],
    last_day: date,
    new_last_day: date,
    longest: date,
    today: date,
) -> None:
    """`last_day` as the term now ends, `longest` the last day that a head alone may give."""
    if today > last_day:
        raise CaseExtensionTooLate(day=last_day.isoformat())
    if kind is ExtensionKind.COLLECTIVE and ExtensionKind.HEAD not in taken:
        raise CollectiveTooEarly
    if kind is ExtensionKind.HEAD and taken:
        raise CaseExtendedAlready
    if kind is ExtensionKind.HEAD and new_last_day > longest:
        raise CaseExtensionTooLong(day=longest.isoformat())
