"""What may still be done with a proposal, and what changed since it was made. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gi_trace.errors import N_, Forbidden, Refused


class ProposalDecided(Refused):
    code = "proposal_decided"
    status = 409
    text = N_("这项提请已经办结：{state}。")


class ProposalOutlived(Refused):
    code = "proposal_outlived"
    status = 409
    text = N_("提请之后情况有变，不能照原样同意：{changes}。请退回，按现在的情况重新提请。")


class WordMissing(Refused):
    code = "word_missing"
    text = N_("请写明退回的理由，让提请人知道要改什么。")


class NotYourProposal(Forbidden):
    code = "not_your_proposal"
    text = N_("只有提请人可以撤回。")


class StopAwaitsDecision(Refused):
    code = "stop_awaits_decision"
    text = N_("先行冻结的，到第 {number} 号提请办结为止；要解除，请由复核人退回那项提请。")


@dataclass(frozen=True)
class Change:
    """A fact by its label, as it was shown and as it now is; None where there was or is none."""

    label: str
    before: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.label}：{_said(self.before)} → {_said(self.now)}"


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_said, value)) or "—"
    return "—" if value in (None, "") else str(value)


def changes_between(shown: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """In the order of what now is."""
    labels = [*now, *(label for label in shown if label not in now)]
    compared = (Change(label, shown.get(label), now.get(label)) for label in labels)
    return [change for change in compared if change.before != change.now]
