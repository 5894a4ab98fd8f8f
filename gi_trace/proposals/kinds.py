"""What each kind of proposal is and does: its capability says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gi_trace.accounts.models import Duty
from gi_trace.database import Base
from gi_trace.proposals.models import Proposal, ProposalKind

Rows = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class ProposalWay:
    """What a capability says of its kind of proposal.

    `hold` takes the locks of those who write what it would write, in their order. `facts` are, by labels for people,
    those that the decision rests on, as they now are (text, integers, lists of these); it raises what the act would
    refuse. `rows` says in (label, value) what it would do, beside the facts, and is kept as it then was. `carry_out` does it, by
    `proposal.proposed_by` and `proposal.decided_by`. Where whoever is alone may stop something until it is decided,
    `stop_at_once` does so and gives the rows placed, and `release` takes them away when it is decided either way. `duty`
    is that of who may propose it.
    """

    rows: Callable[[Proposal], Rows]
    hold: Callable[[Proposal], None]
    facts: Callable[[Proposal], dict[str, Any]]
    carry_out: Callable[[Proposal], object]
    stop_at_once: Callable[[Proposal], Iterable[Base]] | None = None
    release: Callable[[Proposal], object] | None = None
    duty: Duty = Duty.HANDLER


WAYS: dict[ProposalKind, ProposalWay] = {}
