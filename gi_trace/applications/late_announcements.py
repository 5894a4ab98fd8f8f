"""An announcement by which a right begins before today: entered by one officer, begun by a second one's word."""

from datetime import date
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.applications.actions import check_may_be_announced, enter_announcement
from gi_trace.applications.models import Application
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.actions import lock_roll
from gi_trace.registry.mending_rules import NO_END, Announcement
from gi_trace.registry.right_proposals import Rows, announcement_of, rows_of_announcement, told_of


def propose_announcement(
    application: Application,
    announcement: Announcement,
    *,
    starts_on: date,
    ends_on: date | None,
    why_alike: str = "",
    note: str = "",
    by: Account,
) -> Proposal:
    """For what the application asked; nothing of it begins before it is confirmed."""
    told: dict[str, Any] = {"application": application.id, "why_alike": why_alike, "note": note}
    told |= {"starts_on": starts_on.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
    told |= told_of(announcement)
    reason = f"{application.number} {application.name}"
    return propose(ProposalKind.LATE_ANNOUNCEMENT, application, told, reason=reason, by=by)


def _application(proposal: Proposal) -> Application:
    return db.session.get_one(Application, proposal.arguments["application"])


def _answers(proposal: Proposal) -> dict[str, Any]:
    told = proposal.arguments
    days = {name: told[name] and date.fromisoformat(told[name]) for name in ("starts_on", "ends_on")}
    return days | {"why_alike": told["why_alike"]}


def _hold(proposal: Proposal) -> None:
    lock_roll()
    lock(_application(proposal))


def _facts(proposal: Proposal) -> dict[str, Any]:
    application = _application(proposal)
    check_may_be_announced(application, announcement_of(proposal.arguments), **_answers(proposal))
    return {N_("企业"): application.name, N_("办理阶段"): application.stage.label}


def _rows(proposal: Proposal) -> Rows:
    told, application = proposal.arguments, _application(proposal)
    yield N_("用标申请"), application.number
    yield N_("统一社会信用代码"), application.uscc
    yield N_("产品"), application.product.name
    yield N_("保护依据"), application.basis.label
    yield N_("起始日"), told["starts_on"]
    yield N_("截止日"), told["ends_on"] or NO_END
    yield from rows_of_announcement(told)
    if told["why_alike"]:
        yield N_("为何确是另一家企业"), told["why_alike"]


def _carry_out(proposal: Proposal) -> None:
    enter_announcement(
        _application(proposal),
        announcement_of(proposal.arguments),
        **_answers(proposal),
        note=proposal.arguments["note"],
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


WAYS[ProposalKind.LATE_ANNOUNCEMENT] = ProposalWay(_rows, _hold, _facts, _carry_out)
