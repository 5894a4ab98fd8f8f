"""The cap of what comes back from use: one officer lowers it, two raise it, since nothing else bounds what is coded again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from gi_trace.accounts.models import Account
from gi_trace.batches.coded_again import ReturnCap, cap_percent_on
from gi_trace.batches.coming_back import CapOutOfBounds
from gi_trace.database import act, db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Product
from gi_trace.registry.rules import check_reason
from gi_trace.registry.taken import CeilingExists
from gi_trace.registry.who_may import as_proposed, check_authority, check_second_officer


@act
def set_return_cap(
    product: Product,
    percent: int,
    *,
    valid_from: date,
    source: str,
    by: Account,
    confirmed_by: Account | None = None,
) -> ReturnCap:
    """So many percent of what a firm packed of the product in a year, from a day on. Raises CeilingExists, ReasonMissing,
    CapOutOfBounds, and where it is raised what `check_second_officer` raises."""
    check_authority(by)
    lock(product)
    _check_cap(product, percent, valid_from, source)
    if confirmed_by or raises_cap(product, percent, valid_from):
        check_second_officer(by, confirmed_by)
    cap = ReturnCap(product_id=product.id, percent=percent, valid_from=valid_from, source=source.strip())
    db.session.add(cap)
    facts = {"product": product.code, "percent": percent, "valid_from": valid_from, "source": cap.source}
    record(Acted.RETURN_CAP_SET, cap, by=confirmed_by or by, facts=facts | as_proposed(by, confirmed_by))
    return cap


def raises_cap(product: Product, percent: int, valid_from: date) -> bool:
    return percent > cap_percent_on(product, valid_from)


def propose_return_cap(
    product: Product, percent: int, *, valid_from: date, source: str, by: Account
) -> Proposal:
    """Raises what `set_return_cap` raises; the source is the reason."""
    told = {"product": product.id, "percent": percent, "valid_from": valid_from.isoformat()}
    return propose(ProposalKind.RETURN_CAP, product, told, reason=source, by=by)


def _check_cap(product: Product, percent: int, valid_from: date, source: str) -> None:
    check_reason(source)
    if not 0 <= percent <= 100:
        raise CapOutOfBounds(percent=percent)
    if db.session.query(ReturnCap).filter_by(product_id=product.id, valid_from=valid_from).first():
        raise CeilingExists(valid_from=valid_from)


def _cap(proposal: Proposal) -> tuple[Product, int, date]:
    told = proposal.arguments
    product = db.session.get_one(Product, told["product"])
    return product, told["percent"], date.fromisoformat(told["valid_from"])


def _rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    product, percent, valid_from = _cap(proposal)
    yield N_("产品"), product.name
    yield N_("一年最多退回（%）"), percent
    yield N_("从哪一天起"), valid_from.isoformat()


def _facts(proposal: Proposal) -> dict[str, Any]:
    product, percent, valid_from = _cap(proposal)
    _check_cap(product, percent, valid_from, proposal.reason)
    return {N_("现行退回上限（%）"): cap_percent_on(product, valid_from)}


def _set(proposal: Proposal) -> None:
    product, percent, valid_from = _cap(proposal)
    set_return_cap(
        product,
        percent,
        valid_from=valid_from,
        source=proposal.reason,
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


WAYS[ProposalKind.RETURN_CAP] = ProposalWay(_rows, lambda proposal: lock(_cap(proposal)[0]), _facts, _set)
