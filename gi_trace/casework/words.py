"""How steps of a case are called; msgids for the faces, Chinese for papers."""

from collections.abc import Mapping
from typing import Any

from gi_trace.casework.rules.steps import Response, StepKind
from gi_trace.errors import N_

STEP_WORDS = {
    StepKind.FILED: N_("立案"),
    StepKind.INVESTIGATED: N_("调查终结"),
    StepKind.NOTIFIED: N_("处罚告知"),
    StepKind.RESPONDED: N_("陈述、申辩或听证"),
    StepKind.DECIDED: N_("处罚决定"),
    StepKind.SERVED: N_("送达"),
    StepKind.POLICE: N_("移送公安"),
    StepKind.CLOSED: N_("结案"),
}
RESPONSE_WORDS = {
    Response.WAIVED: N_("放弃陈述、申辩和听证"),
    Response.STATEMENT: N_("已陈述、申辩"),
    Response.HEARING: N_("已听证"),
}
FACT_WORDS = {
    "response": N_("当事人的回应"),
    "served_how": N_("送达方式"),
    "received_by": N_("签收人"),
    "police_office": N_("公安机关"),
    "document_number": N_("文书号"),
}


def step_facts_text(facts: Mapping[str, Any]) -> list[str]:
    """The facts of a step that have words, as lines."""
    return [
        f"{FACT_WORDS[name]}：{_text(value)}" for name, value in facts.items() if name in FACT_WORDS and value
    ]


def _text(value: Any) -> str:
    return RESPONSE_WORDS.get(value, str(value))
