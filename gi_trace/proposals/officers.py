"""Opening accounts of the authority, new or closed before: two officers decide, and an administrator then hands over
a one-time password (`reset_password`)."""

from collections.abc import Iterator
from typing import Any

from gi_trace.accounts.actions import add_account, check_may_be_opened, reopen
from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.accounts.rules import AccountOpen, normal_sign_in_name
from gi_trace.clock import minute_of
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind

NO_PASSWORD = ""


def propose_officer(
    sign_in_name: str, name: str, duties: list[Duty], *, badge_number: str | None, reason: str, by: Account
) -> Proposal:
    """Raises DutiesUnfit, DutyMissing, SignInNameTaken, SignInNameUnfit."""
    told: dict[str, Any] = {"sign_in_name": normal_sign_in_name(sign_in_name), "name": name.strip()}
    told |= {"duties": [duty.value for duty in duties], "badge_number": badge_number}
    return propose(ProposalKind.OFFICER, None, told, reason=reason, by=by)


def propose_officer_again(account: Account, *, reason: str, by: Account) -> Proposal:
    return propose(ProposalKind.OFFICER_AGAIN, account, {"account": account.id}, reason=reason, by=by)


def _facts(proposal: Proposal) -> dict[str, Any]:
    told = proposal.arguments
    check_may_be_opened(told["sign_in_name"], Role.AUTHORITY, told["duties"])
    return {}


def _rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    told = proposal.arguments
    yield N_("姓名"), told["name"]
    yield N_("登录名"), told["sign_in_name"]
    yield N_("职责"), [Duty(duty).label for duty in told["duties"]]
    if told["badge_number"]:
        yield N_("执法证号"), told["badge_number"]


def _open(proposal: Proposal) -> None:
    columns = proposal.arguments | {"role": Role.AUTHORITY, "password_is_one_time": True}
    add_account(NO_PASSWORD, by=proposal.proposed_by, confirmed_by=proposal.decided_by, **columns)


def _closed(proposal: Proposal) -> Account:
    return db.session.get_one(Account, proposal.arguments["account"])


def _facts_of_closed(proposal: Proposal) -> dict[str, Any]:
    account = _closed(proposal)
    if not account.closed_at:
        raise AccountOpen(sign_in_name=account.sign_in_name)
    return {N_("停用于"): minute_of(account.closed_at)}


def _rows_of_closed(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    account = _closed(proposal)
    yield N_("姓名"), account.name
    yield N_("登录名"), account.sign_in_name
    yield N_("职责"), [Duty(duty).label for duty in account.duties]


def _open_again(proposal: Proposal) -> None:
    account = _closed(proposal)
    reopen(account, NO_PASSWORD, by=proposal.proposed_by, confirmed_by=proposal.decided_by)


WAYS[ProposalKind.OFFICER] = ProposalWay(_rows, lambda _: None, _facts, _open, duty=Duty.ADMINISTRATOR)
WAYS[ProposalKind.OFFICER_AGAIN] = ProposalWay(
    _rows_of_closed,
    lambda proposal: lock(_closed(proposal)),
    _facts_of_closed,
    _open_again,
    duty=Duty.ADMINISTRATOR,
)
