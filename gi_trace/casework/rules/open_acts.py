"""What a person may do next with a lead or a case, as its page offers it. Pure.

The acts themselves refuse what is not offered here.
"""

from collections.abc import Iterable

from gi_trace.casework.rules.steps import OFFICE_STEPS, CaseState, StepKind, steps_from
from gi_trace.errors import N_
from gi_trace.words import Worded


class LeadAct(Worded):
    """Stored as the page that does it."""

    FILE = "file_case", N_("立案")
    CLOSE = "close_lead", N_("不予立案")
    ASSIGN = "assign_lead", N_("分派")
    SEND = "send_lead", N_("移送外地")
    EXTEND = "extend_lead", N_("批准延期")
    AMEND = "amend_lead", N_("补充线索")
    MERGE = "merge_lead", N_("并入另一线索")
    PAUSE = "pause_lead", N_("送检或送鉴定")
    RESUME = "resume_lead", N_("检验或鉴定结束")
    GOODS = "settle_goods", N_("登记保存物品的处理")
    ACCEPT = "accept_complaint", N_("受理投诉")
    REFUSE = "refuse_complaint", N_("不受理投诉")
    MEDIATE = "end_mediation", N_("登记调解结果")
    REVEAL = "reveal_informant", N_("查看来信人身份")
    TELL = "tell_informant", N_("登记已告知来信人")


class CaseAct(Worded):
    """Beside the steps of its way; stored as the page that does it."""

    DECIDE = "decide_case", N_("作出处罚决定")
    STOP = "stop_units", N_("冻结、召回或认定仿冒系列")
    PUBLISH = "publish_decision", N_("公开处罚决定")
    WITHDRAW = "withdraw_decision", N_("撤下公开")
    EXTEND = "extend_case", N_("延长办案期限")
    PAUSE = "pause_case", N_("停止计算办案期限")
    RESUME = "resume_case", N_("继续计算办案期限")
    CHANGE_OFFICERS = "change_officers", N_("更换办案人员")


OF_OFFICE = {LeadAct.FILE, LeadAct.CLOSE, LeadAct.ASSIGN, LeadAct.SEND, LeadAct.EXTEND, LeadAct.MERGE}


def lead_acts(
    *,
    is_open: bool,
    is_paused: bool,
    is_extended: bool,
    is_complaint: bool,
    can_be_assigned: bool,
    is_office: bool,
    on_it: bool,
) -> list[LeadAct]:
    """`is_office` says that the person is of the authority, `on_it` that he works on the lead."""
    if not is_open:
        return [LeadAct.ASSIGN] if can_be_assigned and is_office else []
    if not (is_office or on_it):
        return []
    acts = [LeadAct.FILE, LeadAct.CLOSE, LeadAct.ASSIGN, LeadAct.SEND]
    acts += [] if is_extended else [LeadAct.EXTEND]
    acts += [LeadAct.AMEND]
    acts += [] if is_complaint else [LeadAct.MERGE]
    acts += [LeadAct.RESUME if is_paused else LeadAct.PAUSE]
    return [act for act in acts if is_office or act not in OF_OFFICE]


def complaint_acts(*, accepted: bool, refused: bool, ended: bool, may_act: bool) -> list[LeadAct]:
    if not may_act or refused or ended:
        return []
    return [LeadAct.MEDIATE] if accepted else [LeadAct.ACCEPT, LeadAct.REFUSE]


def informant_acts(*, told: bool, on_it: bool) -> list[LeadAct]:
    """Only who works on the lead knows who told us."""
    if not on_it:
        return []
    return [LeadAct.REVEAL] if told else [LeadAct.REVEAL, LeadAct.TELL]


def goods_acts(*, waiting: bool, may_act: bool) -> list[LeadAct]:
    """Goods kept for proof wait for their decision also once a case is filed."""
    return [LeadAct.GOODS] if waiting and may_act else []


def open_steps(state: CaseState, *, is_office: bool, on_case: bool) -> list[StepKind]:
    """The authority's first, then those of the officers on the case."""
    steps = steps_from(state)
    own = {True: is_office, False: on_case}
    return sorted(
        (step for step in steps if own[step in OFFICE_STEPS]), key=lambda step: step not in OFFICE_STEPS
    )


def case_acts(
    steps: Iterable[StepKind],
    *,
    is_closed: bool,
    is_running: bool,
    is_paused: bool,
    decided: bool,
    served: bool,
    published: bool,
    in_public: bool,
    is_office: bool,
    investigated: bool,
) -> list[CaseAct]:
    """`steps` are the person's open ones; `investigated`: he works or worked on it; `is_running`: no decision ended its
    term; `published` says that the decision was and was not withdrawn, `in_public` that everybody reads it now."""
    if not is_office:
        return []
    acts = [CaseAct.DECIDE] if StepKind.DECIDED in steps and not investigated else []
    if decided:
        acts += [CaseAct.STOP]
        acts += [] if published or not served else [CaseAct.PUBLISH]
        acts += [CaseAct.WITHDRAW] if in_public else []
    if is_running:
        acts += [CaseAct.EXTEND, CaseAct.RESUME if is_paused else CaseAct.PAUSE]
    elif is_paused:
        acts += [CaseAct.RESUME]
    return acts + ([] if is_closed else [CaseAct.CHANGE_OFFICERS])
