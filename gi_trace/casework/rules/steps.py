"""The way of a case: which step may follow which, on what day, and by whom. Pure.

    filed → investigated → notified → (told of a hearing, responses) → decided → served → closed
                        ↘ transferred to the police, from any state before the decision
A finding without an offence closes an investigated case without decision.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gi_trace.errors import N_, Forbidden, Refused
from gi_trace.record.acts import Acted
from gi_trace.words import Worded


class CaseState(Worded):
    FILED = "filed", N_("已立案")
    INVESTIGATED = "investigated", N_("调查终结")
    NOTIFIED = "notified", N_("已告知")
    DECIDED = "decided", N_("已决定")
    SERVED = "served", N_("已送达")
    POLICE = "police", N_("已移送公安")
    CLOSED = "closed", N_("已结案")


class StepKind(Worded):
    act: Acted

    FILED = "filed", N_("立案"), Acted.CASE_FILED
    INVESTIGATED = "investigated", N_("调查终结"), Acted.CASE_INVESTIGATED
    NOTIFIED = "notified", N_("处罚告知"), Acted.CASE_NOTIFIED
    HEARING_TOLD = "hearing_told", N_("听证告知"), Acted.CASE_HEARING_TOLD
    RESPONDED = "responded", N_("陈述、申辩或听证"), Acted.CASE_RESPONDED
    DECIDED = "decided", N_("处罚决定"), Acted.CASE_DECIDED
    SERVED = "served", N_("送达"), Acted.CASE_SERVED
    POLICE = "police", N_("移送公安"), Acted.CASE_POLICE
    CLOSED = "closed", N_("结案"), Acted.CASE_CLOSED


class Response(Worded):
    """What the party did with its right to be heard."""

    WAIVED = "waived", N_("放弃陈述、申辩和听证")
    STATEMENT = "statement", N_("已陈述、申辩")
    HEARING_ASKED = "hearing_asked", N_("要求听证")
    HEARD = "hearing", N_("已听证")


class StepFact(Worded):
    """What a step may say beside its text."""

    RESPONSE = "response", N_("当事人的回应")
    SERVED_HOW = "served_how", N_("送达方式")
    RECEIVED_BY = "received_by", N_("签收人")
    POLICE_OFFICE = "police_office", N_("公安机关")
    DOCUMENT_NUMBER = "document_number", N_("文书号")


BEFORE_DECISION = (CaseState.FILED, CaseState.INVESTIGATED, CaseState.NOTIFIED)
FROM: dict[StepKind, tuple[CaseState, ...]] = {
    StepKind.INVESTIGATED: (CaseState.FILED,),
    StepKind.NOTIFIED: (CaseState.INVESTIGATED,),
    StepKind.RESPONDED: (CaseState.NOTIFIED,),
    StepKind.HEARING_TOLD: (CaseState.NOTIFIED,),
    StepKind.DECIDED: (CaseState.NOTIFIED,),
    StepKind.SERVED: (CaseState.DECIDED,),
    StepKind.POLICE: BEFORE_DECISION,
    StepKind.CLOSED: (CaseState.INVESTIGATED, CaseState.SERVED, CaseState.POLICE),
}
STATE_AFTER = {
    StepKind.FILED: CaseState.FILED,
    StepKind.INVESTIGATED: CaseState.INVESTIGATED,
    StepKind.NOTIFIED: CaseState.NOTIFIED,
    StepKind.HEARING_TOLD: CaseState.NOTIFIED,
    StepKind.RESPONDED: CaseState.NOTIFIED,
    StepKind.DECIDED: CaseState.DECIDED,
    StepKind.SERVED: CaseState.SERVED,
    StepKind.POLICE: CaseState.POLICE,
    StepKind.CLOSED: CaseState.CLOSED,
}
OFFICE_STEPS = {
    StepKind.DECIDED,
    StepKind.POLICE,
    StepKind.CLOSED,
}  # the authority decides, officers investigate
OFFICERS_STEPS = {kind for kind in FROM if kind not in OFFICE_STEPS}


class StepOutOfOrder(Refused):
    code = "step_out_of_order"
    text = N_("案件现在是“{state}”，不能做这一步。")


class StepDayWrong(Refused):
    code = "step_day_wrong"
    text = N_("日期须在 {earliest}（上一步或其文书签发之日）与今天 {today} 之间。")


class BadgeMissing(Refused):
    code = "badge_missing"
    text = N_("{name} 没有登记执法证号，不能办案。")


class PersonLeft(Refused):
    code = "person_left"
    text = N_("{name} 的账号已停用，请另选一人。")


class NotOnCase(Forbidden):
    code = "not_on_case"
    text = N_("您不是此案的办案人员。")


class DeciderInvestigated(Forbidden):
    """Who investigates does not decide (审处分离)."""

    code = "decider_investigated"
    text = N_("办理过此案的人员不能作出决定，更换办案人员之后也不能。")


def steps_from(state: CaseState) -> list[StepKind]:
    return [kind for kind, states in FROM.items() if state in states]


def told_facts(facts: Mapping[str, Any]) -> list[tuple[StepFact, Response | str]]:
    """What a step says beside its text, in the order in which it is shown."""
    told = [(fact, facts[fact]) for fact in StepFact if facts.get(fact)]
    return [(fact, Response(value) if fact is StepFact.RESPONSE else str(value)) for fact, value in told]


def check_step(kind: StepKind, state: CaseState) -> None:
    if state not in FROM[kind]:
        raise StepOutOfOrder(state=state.label)


def check_step_day(on: date, *, previous: date, today: date) -> None:
    if not previous <= on <= today:
        raise StepDayWrong(earliest=previous.isoformat(), today=today.isoformat())


def check_may_investigate(name: str, badge_number: str | None, *, left: bool) -> None:
    """Raises PersonLeft or BadgeMissing."""
    if left:
        raise PersonLeft(name=name)
    if not badge_number:
        raise BadgeMissing(name=name)
