"""A copy that one officer holds to be proven and another confirms: the unit is held at once."""

from collections.abc import Iterator
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Stop
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stop_proposals import facts_of_units, units_in_words
from gi_trace.batches.stops import check_may_stop, hold_until_decided, release_held
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.rules import check_reason
from gi_trace.verification.alerts import check_undecided, confirm_alert, get_series
from gi_trace.verification.models import Alert


def propose_alert(alert: Alert, *, reason: str, notice: str, by: Account) -> Proposal:
    """Raises what `confirm_alert` raises."""
    return propose(ProposalKind.ALERT, alert, {"alert": alert.id}, reason=reason, notice=notice, by=by)


def _alert(proposal: Proposal) -> Alert:
    return db.session.get_one(Alert, proposal.arguments["alert"])


def _hold(proposal: Proposal) -> None:
    alert = _alert(proposal)
    lock(alert)
    lock(get_series(alert)[0])


def _rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    batch, kind, first, last = get_series(_alert(proposal))
    yield N_("措施"), kind.label
    yield from units_in_words(batch, [(first, last)])


def _facts(proposal: Proposal) -> dict[str, Any]:
    check_reason(proposal.reason)
    alert = _alert(proposal)
    check_undecided(alert)
    batch, kind, first, last = get_series(alert)
    check_may_stop(batch, kind, first, last)
    return facts_of_units(batch, [(first, last)], StopKind.RECALL)


def _confirm(proposal: Proposal) -> None:
    confirm_alert(
        _alert(proposal),
        reason=proposal.reason,
        notice=proposal.notice,
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


def _hold_at_once(proposal: Proposal) -> list[Stop]:
    batch, _, first, last = get_series(_alert(proposal))
    return [hold_until_decided(batch, first, last, proposal)]


WAYS[ProposalKind.ALERT] = ProposalWay(_rows, _hold, _facts, _confirm, _hold_at_once, release_held)
