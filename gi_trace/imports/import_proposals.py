"""Imports that take two officers: a file, looked at and confirmed by one, is one proposal to another."""

from collections.abc import Iterator
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.imports import kinds
from gi_trace.imports.actions import acts_since, check_may_confirm, confirm_import
from gi_trace.imports.models import Import, ImportState
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind

HARVESTS = "harvest."


def takes_two(sent: Import) -> bool:
    """Whether confirming it is to be proposed; one that stopped was decided already."""
    return sent.state is ImportState.READY and kinds.WAYS[sent.kind].takes_two(sent)


def propose_import(sent: Import, *, by: Account) -> Proposal:
    """Raises what `confirm_import` raises. What was sent is kept until it is decided."""
    reason = sent.answers.get("reason") or sent.name
    return propose(ProposalKind.IMPORT, sent, {"import": sent.id}, reason=reason, by=by)


def _import(proposal: Proposal) -> Import:
    return db.session.get_one(Import, proposal.arguments["import"])


def _rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    sent = _import(proposal)
    yield N_("内容"), sent.kind.label
    if sent.name:
        yield N_("文件"), sent.name
    yield N_("上传人"), sent.sent_by.name
    yield N_("新增的行"), sent.counts["new"]
    yield N_("更改的行"), sent.counts["changed"]
    if sent.counts.get("late"):
        yield N_("其中起始日早于读取那天的（补录）"), sent.counts["late"]
    if "raised" in sent.counts:
        yield N_("其中提高核定的"), sent.counts["raised"]
    if sent.counts.get("unusual"):
        yield N_("其中高于通常亩产的"), sent.counts["unusual"]


def _facts(proposal: Proposal) -> dict[str, Any]:
    """Acts since it was read, on what it names or would change. Harvests go on every day; one that speaks against it is found
    when the door is closed."""
    sent = _import(proposal)
    check_may_confirm(sent)
    names = [name for name in kinds.WAYS[sent.kind].changed_by if name != HARVESTS]
    return kinds.WAYS[sent.kind].meanwhile(sent, acts_since(sent, names))


def _confirm(proposal: Proposal) -> None:
    confirm_import(_import(proposal), by=proposal.proposed_by, confirmed_by=proposal.decided_by)


WAYS[ProposalKind.IMPORT] = ProposalWay(_rows, lambda proposal: lock(_import(proposal)), _facts, _confirm)
