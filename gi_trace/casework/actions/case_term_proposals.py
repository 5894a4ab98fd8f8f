"""More time for a case, and time that is not counted, as one officer proposes it to another."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.casework.actions.case_terms import (
    check_extension,
    check_pause,
    extend_case,
    extended_until,
    pause_case,
)
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Case
from gi_trace.casework.rules.case_term import CasePauseKind, ExtensionKind
from gi_trace.casework.rules.leads import required_text
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind


def propose_extension(
    case: Case, kind: ExtensionKind, days: int, *, document: str, reason: str, by: Account
) -> Proposal:
    """Raises what `extend_case` raises."""
    told = {"case": case.id, "kind": kind.value, "days": days, "document": required_text(document)}
    return propose(ProposalKind.CASE_EXTENSION, case, told, reason=required_text(reason), by=by)


def propose_pause(
    case: Case, kind: CasePauseKind, starts_on: date, *, document: str, by: Account
) -> Proposal:
    """Raises what `pause_case` raises."""
    document = required_text(document)
    told = {"case": case.id, "kind": kind.value, "starts_on": starts_on.isoformat(), "document": document}
    return propose(ProposalKind.CASE_PAUSE, case, told, reason=document, by=by)


def _case(proposal: Proposal) -> Case:
    return db.session.get_one(Case, proposal.arguments["case"])


def _lock_case(proposal: Proposal) -> None:
    lock(_case(proposal))


def _rows_of_extension(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    told = proposal.arguments
    yield N_("案件"), _case(proposal).number
    yield N_("延期"), ExtensionKind(told["kind"]).label
    yield N_("延长的天数"), told["days"]
    yield N_("延长后的期限"), extended_until(_case(proposal), told["days"]).isoformat()
    yield N_("批准文书或会议记录"), told["document"]


def _facts_of_extension(proposal: Proposal) -> dict[str, Any]:
    """Where the term now ends, unless it stands: then its end moves with each day."""
    told, case = proposal.arguments, _case(proposal)
    check_extension(case, ExtensionKind(told["kind"]), told["days"])
    end = timekeeper().deadline_of_case(case)
    return {N_("现办案期限"): "" if end.standing else end.day.isoformat()}


def _extend(proposal: Proposal) -> None:
    told = proposal.arguments
    words = {"document": told["document"], "reason": proposal.reason, "by": proposal.proposed_by}
    kind = ExtensionKind(told["kind"])
    extend_case(_case(proposal), kind, told["days"], **words, confirmed_by=proposal.decided_by)


def _starts_on(proposal: Proposal) -> date:
    return date.fromisoformat(proposal.arguments["starts_on"])


def _rows_of_pause(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    told = proposal.arguments
    yield N_("案件"), _case(proposal).number
    yield N_("不计入期限的原因"), CasePauseKind(told["kind"]).label
    yield N_("开始日期"), told["starts_on"]
    yield N_("依据的文书"), told["document"]


def _facts_of_pause(proposal: Proposal) -> dict[str, Any]:
    case = _case(proposal)
    check_pause(case, _starts_on(proposal))
    return {N_("案件状态"): case.state.label}


def _pause(proposal: Proposal) -> None:
    told = proposal.arguments
    pause_case(
        _case(proposal),
        CasePauseKind(told["kind"]),
        _starts_on(proposal),
        document=told["document"],
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


WAYS[ProposalKind.CASE_EXTENSION] = ProposalWay(_rows_of_extension, _lock_case, _facts_of_extension, _extend)
WAYS[ProposalKind.CASE_PAUSE] = ProposalWay(_rows_of_pause, _lock_case, _facts_of_pause, _pause)
