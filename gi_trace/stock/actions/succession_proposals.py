"""A succession, as one officer proposes it to another."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import db
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.models import Authorisation, Party
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.registry.rules import state_on
from gi_trace.stock.actions.succession import (
    SuccessionFacts,
    check_may_succeed,
    lock_parties,
    succeed,
)
from gi_trace.stock.models import Lot, lots_of
from gi_trace.stock.rules.weights import kilograms


def propose_succession(giver: Party, heir: Party, facts: SuccessionFacts, *, by: Account) -> Proposal:
    """Raises what `succeed` raises."""
    told = {"giver": giver.id, "heir": heir.id, "kind": facts.kind.value, "document": facts.document.strip()}
    told |= {"from_day": facts.from_day.isoformat(), "lots": [lot.id for lot in facts.lots]}
    told |= {"numbers": {str(right.id): number for right, number in facts.numbers.items()}}
    return propose(ProposalKind.SUCCESSION, giver, told, reason=facts.reason, by=by)


def _parties(proposal: Proposal) -> tuple[Party, Party]:
    giver, heir = (db.session.get_one(Party, proposal.arguments[side]) for side in ("giver", "heir"))
    return giver, heir


def _told(proposal: Proposal) -> SuccessionFacts:
    told = proposal.arguments
    numbers = told["numbers"].items()
    return SuccessionFacts(
        SuccessionKind(told["kind"]),
        date.fromisoformat(told["from_day"]),
        proposal.reason,
        told["document"],
        {db.session.get_one(Authorisation, int(right)): number for right, number in numbers},
        [db.session.get_one(Lot, lot) for lot in told["lots"]],
    )


def _facts(proposal: Proposal) -> dict[str, Any]:
    """Stock moves on while it waits; names and rights do not unnoticed."""
    giver, heir = _parties(proposal)
    check_may_succeed(giver, heir, _told(proposal))
    today = clock.today()
    rights = {_name(right): state_on(right.right, today).label for right in giver.authorisations}
    return {N_("原企业"): giver.name, N_("承继企业"): heir.name, **rights}


def _name(right: Authorisation) -> str:
    return f"{right.product.name} {right.number} {right.starts_on.isoformat()}"


def _rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    facts, (giver, heir) = _told(proposal), _parties(proposal)
    yield N_("原企业的统一社会信用代码"), giver.uscc
    yield N_("承继企业的统一社会信用代码"), heir.uscc
    yield N_("情形"), facts.kind.label
    yield N_("从哪一天起"), facts.from_day.isoformat()
    yield N_("依据文件"), facts.document
    passing = [f"{right.number} → {number}" for right, number in facts.numbers.items()]
    yield N_("随之承继的授权"), passing
    lots = lots_of(giver) if facts.kind.ends else facts.lots
    yield N_("转出的批料"), len(lots)
    yield N_("重量"), f"{kilograms(sum(lot.balance_g for lot in lots))} kg"


def _succeed(proposal: Proposal) -> None:
    by, confirmed_by = proposal.proposed_by, proposal.decided_by
    succeed(*_parties(proposal), _told(proposal), by=by, confirmed_by=confirmed_by)


WAYS[ProposalKind.SUCCESSION] = ProposalWay(
    _rows, lambda proposal: lock_parties(*_parties(proposal)), _facts, _succeed
)
