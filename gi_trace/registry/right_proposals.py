"""What is decided on rights by two officers: suspended, resumed, withdrawn for cause, taken back, corrected, entered late.

Also what otherwise takes one, where a fault is at stake: an end of what was suspended for cause, a grant beside it.
Proposing a suspension holds the right at once, until it is decided.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import db, lock
from gi_trace.errors import N_, Refused
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.actions import (
    change_right,
    check_may_be_granted,
    grant_authorisation,
    hold_authorisation,
    lock_roll,
    lost_beside,
)
from gi_trace.registry.mending_actions import (
    check_may_be_corrected,
    check_may_be_revoked,
    correct_authorisation,
    revoke_change,
    take_back,
)
from gi_trace.registry.mending_rules import (
    NO_END,
    Announcement,
    Terms,
    check_announcement,
    corrected_terms,
    differences,
    is_entered_late,
    without,
)
from gi_trace.registry.models import Authorisation, AuthorisationChange, Party, Product
from gi_trace.registry.rules import (
    Basis,
    ChangeKind,
    Right,
    RightChange,
    check_change,
    check_notice,
    check_reason,
    last_change,
    state_on,
    with_change,
)

Rows = Iterator[tuple[str, Any]]
DECIDED = {
    ChangeKind.SUSPENDED: ProposalKind.RIGHT_SUSPENSION,
    ChangeKind.RESUMED: ProposalKind.RIGHT_RESUMPTION,
    ChangeKind.WITHDRAWN: ProposalKind.RIGHT_WITHDRAWAL,
    ChangeKind.ENDED: ProposalKind.RIGHT_ENDING,
}
GRANTING = (ProposalKind.RIGHT_LATE_ENTRY, ProposalKind.RIGHT_GRANT)
MAY_BE_FOR_CAUSE = (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN)
DECIDED_UPON = "提请已办结"


class GrantAfterFault(Refused):
    code = "grant_after_fault"
    text = N_(
        "这家企业对该产品的用标权因故暂停或撤销（{number}），再授权须由两名同事办理：请写明所依据的公告和公告日期，并写明理由。"
    )


def propose_change(
    right: Authorisation, kind: ChangeKind, *, reason: str, notice: str, for_cause: bool, by: Account
) -> Proposal:
    told = {"right": right.id, "for_cause": for_cause}
    return propose(DECIDED[kind], right, told, reason=reason, notice=notice, by=by)


def propose_revocation(
    change: AuthorisationChange, *, document: str, reason: str, notice: str, by: Account
) -> Proposal:
    told = {"change": change.id, "document": document.strip()}
    right = change.authorisation
    return propose(ProposalKind.RIGHT_REVOCATION, right, told, reason=reason, notice=notice, by=by)


def propose_correction(
    right: Authorisation, terms: Terms, *, document: str, reason: str, notice: str, by: Account
) -> Proposal:
    told = {"right": right.id, "document": document.strip(), **_kept(terms)}
    return propose(ProposalKind.RIGHT_CORRECTION, right, told, reason=reason, notice=notice, by=by)


def propose_grant(
    party: Party,
    product: Product,
    terms: Terms,
    announcement: Announcement | None,
    *,
    reason: str,
    by: Account,
) -> Proposal:
    """What takes two: entered late, or beside a right lost for cause. Raises AnnouncementMissing, GrantAfterFault."""
    late = is_entered_late(terms.starts_on, clock.today())
    if late:
        check_announcement(terms.starts_on, announcement)
    if announcement is None:
        raise GrantAfterFault(number=_numbers(lost_beside(party, product)))
    told = {"party": party.id, "product": product.id, **_kept(terms)}
    told |= told_of(announcement)
    kind = ProposalKind.RIGHT_LATE_ENTRY if late else ProposalKind.RIGHT_GRANT
    return propose(kind, party, told, reason=reason, by=by)


def _numbers(rights: list[Authorisation]) -> str:
    return "、".join(right.number for right in rights)


def told_of(announcement: Announcement) -> dict[str, str]:
    """As the arguments of a proposal keep it; `announcement_of` and `rows_of_announcement` read it."""
    on, says = announcement.on.isoformat(), announcement.says.strip()
    return {"announcement": announcement.title.strip(), "announced_on": on, "announcement_says": says}


def _kept(terms: Terms) -> dict[str, Any]:
    days = {
        name: day and day.isoformat()
        for name, day in (("starts_on", terms.starts_on), ("ends_on", terms.ends_on))
    }
    return {"basis": terms.basis.value, "number": terms.number, **days}


def _terms(proposal: Proposal) -> Terms:
    told = proposal.arguments
    ends_on = told["ends_on"] and date.fromisoformat(told["ends_on"])
    return Terms(Basis(told["basis"]), told["number"], date.fromisoformat(told["starts_on"]), ends_on)


def _right(proposal: Proposal) -> Authorisation:
    return db.session.get_one(Authorisation, proposal.arguments["right"])


def _change(proposal: Proposal) -> AuthorisationChange:
    return db.session.get_one(AuthorisationChange, proposal.arguments["change"])


def _party(proposal: Proposal) -> Party:
    return db.session.get_one(Party, proposal.arguments["party"])


def _hold_right(proposal: Proposal) -> None:
    lock_roll()
    lock(_right(proposal))


def _hold_right_of_change(proposal: Proposal) -> None:
    lock_roll()
    lock(_change(proposal).authorisation)


def _hold_party(proposal: Proposal) -> None:
    lock_roll()
    lock(_party(proposal))


def _officers(proposal: Proposal) -> dict[str, Any]:
    words = {"reason": proposal.reason, "notice": proposal.notice}
    return words | {"by": proposal.proposed_by, "confirmed_by": proposal.decided_by}


# Suspended, resumed, withdrawn for cause


def _before_it(proposal: Proposal, right: Authorisation) -> Right:
    """As it would be had it not been held for this proposal."""
    held = {change.id for change in proposal.stops(AuthorisationChange)}
    return replace(right.right, changes=tuple(each for each in right.right.changes if each.id not in held))


def _facts_of_change(kind: ChangeKind, proposal: Proposal) -> dict[str, Any]:
    """A suspension rests on the state alone, that no correction of terms outlives it and so frees what is held."""
    right, day = _right(proposal), _day_of(proposal)
    before = _before_it(proposal, right)
    check_change(before, kind, day, proposal.reason)
    if proposal.arguments["for_cause"]:
        check_notice(proposal.notice)
    return ({} if kind is ChangeKind.SUSPENDED else _standing(right)) | _state(before, day)


def _day_of(proposal: Proposal) -> date:
    """From which it counts: that on which the right was held for it, else today."""
    return next((held.effective_on for held in proposal.stops(AuthorisationChange)), clock.today())


def _state(right: Right, day: date) -> dict[str, Any]:
    """With the change that decides it: a suspension is not taken for an earlier one."""
    change = last_change(right, day)
    told = {N_("状态起始日"): change.on.isoformat(), N_("所依据的变更编号"): change.id} if change else {}
    return {N_("状态"): state_on(right, day).label} | told


def _standing(right: Authorisation) -> dict[str, Any]:
    ends_on = right.ends_on.isoformat() if right.ends_on else NO_END
    return {
        N_("公告号或注册号"): right.number,
        N_("起始日"): right.starts_on.isoformat(),
        N_("截止日"): ends_on,
    }


def _rows_of_right(right: Authorisation) -> Rows:
    yield N_("企业"), right.party.name
    yield N_("产品"), right.product.name
    yield N_("保护依据"), right.basis.label


def _rows_of_change(kind: ChangeKind, proposal: Proposal) -> Rows:
    yield from _rows_of_right(_right(proposal))
    yield N_("决定"), kind.label
    if kind in MAY_BE_FOR_CAUSE:
        yield N_("是否因企业的过错"), N_("是") if proposal.arguments["for_cause"] else N_("否")


def _decide(kind: ChangeKind, proposal: Proposal) -> None:
    """A right that was held is suspended from the day on which it was."""
    right, day = _right(proposal), _day_of(proposal)
    _release(proposal)
    for_cause = proposal.arguments["for_cause"]
    change_right(right, kind, day, for_cause=for_cause, **_officers(proposal))


def _stop_at_once(proposal: Proposal) -> list[AuthorisationChange]:
    return [hold_authorisation(_right(proposal), reason=proposal.reason, by=proposal.proposed_by)]


def _release(proposal: Proposal) -> None:
    """Whether it was suspended then or not: what was undecided is as if it had not been."""
    for held in proposal.stops(AuthorisationChange):
        if held.id not in held.authorisation.revoked:
            by, confirmed_by = proposal.proposed_by, proposal.decided_by
            take_back(held, reason=DECIDED_UPON, by=by, confirmed_by=confirmed_by)


# Taken back, corrected, granted


def _facts_of_revocation(proposal: Proposal) -> dict[str, Any]:
    change = _change(proposal)
    check_may_be_revoked(change, document=proposal.arguments["document"], reason=proposal.reason)
    right = change.authorisation
    return _standing(right) | _state(right.right, clock.today())


def _rows_of_revocation(proposal: Proposal) -> Rows:
    change = _change(proposal)
    yield from _rows_of_right(change.authorisation)
    yield N_("撤回的决定"), change.kind.label
    yield N_("生效日"), change.effective_on.isoformat()
    yield N_("依据的文件"), proposal.arguments["document"]


def _revoke(proposal: Proposal) -> None:
    revoke_change(_change(proposal), document=proposal.arguments["document"], **_officers(proposal))


def _facts_of_correction(proposal: Proposal) -> dict[str, Any]:
    right, document = _right(proposal), proposal.arguments["document"]
    check_may_be_corrected(right, _terms(proposal), document=document, reason=proposal.reason)
    return _standing(right) | {N_("保护依据"): right.basis.label}


def _rows_of_correction(proposal: Proposal) -> Rows:
    right = _right(proposal)
    yield from _rows_of_right(right)
    for name, before, after in corrected_terms(differences(right.terms, _terms(proposal))):
        yield name, f"{before} → {after}"
    for granted in right.changes[:1]:  # a first day is compared with it
        yield N_("公告日期"), granted.announced_on and granted.announced_on.isoformat()
    yield N_("依据的文件"), proposal.arguments["document"]


def _correct(proposal: Proposal) -> None:
    document = proposal.arguments["document"]
    correct_authorisation(_right(proposal), _terms(proposal), document=document, **_officers(proposal))


def announcement_of(told: dict[str, Any]) -> Announcement:
    on = date.fromisoformat(told["announced_on"])
    return Announcement(told["announcement"], on, told.get("announcement_says", ""))


def rows_of_announcement(told: dict[str, Any]) -> Rows:
    announcement = announcement_of(told)
    yield N_("依据的公告"), announcement.title
    yield N_("公告日期"), announcement.on.isoformat()
    if announcement.says:
        yield N_("起始日早于公告日期，公告原文"), announcement.says


def _facts_of_grant(proposal: Proposal) -> dict[str, Any]:
    party, product = _party(proposal), db.session.get_one(Product, proposal.arguments["product"])
    check_may_be_granted(party, product, _terms(proposal), announcement_of(proposal.arguments))
    check_reason(proposal.reason)
    return {N_("企业"): party.name, N_("因故暂停或撤销的授权"): _numbers(lost_beside(party, product))}


def _rows_of_grant(proposal: Proposal) -> Rows:
    told, terms = proposal.arguments, _terms(proposal)
    yield N_("产品"), db.session.get_one(Product, told["product"]).name
    yield N_("保护依据"), terms.basis.label
    yield N_("公告号或注册号"), terms.number
    yield N_("起始日"), terms.starts_on.isoformat()
    yield N_("截止日"), terms.ends_on.isoformat() if terms.ends_on else NO_END
    yield from rows_of_announcement(told)


def _grant(proposal: Proposal) -> None:
    terms, product = _terms(proposal), db.session.get_one(Product, proposal.arguments["product"])
    grant_authorisation(
        _party(proposal),
        product,
        terms.basis,
        number=terms.number,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        announcement=announcement_of(proposal.arguments),
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


# What the public would read


def right_after(proposal: Proposal) -> tuple[Authorisation, dict[str, Any]] | None:
    """The right, and what would be other of the facts of its batches; nothing for one that is not there yet."""
    today = clock.today()
    if proposal.kind in GRANTING:
        return None
    if proposal.kind is ProposalKind.RIGHT_REVOCATION:
        taken_back = _change(proposal)
        right = taken_back.authorisation
        return right, {"right": without(right.right, taken_back.change, today)}
    right = _right(proposal)
    if proposal.kind is ProposalKind.RIGHT_CORRECTION:
        terms = _terms(proposal)
        return right, {
            "right": Right(terms.starts_on, terms.ends_on, right.right.changes),
            "basis": terms.basis,
        }
    kind = next(kind for kind, decided in DECIDED.items() if decided is proposal.kind)
    change = RightChange(kind, today, proposal.arguments["for_cause"], proposal.notice)
    return right, {"right": with_change(_before_it(proposal, right), change)}


def _way(kind: ChangeKind) -> ProposalWay:
    rows, facts = partial(_rows_of_change, kind), partial(_facts_of_change, kind)
    decide = partial(_decide, kind)
    if kind is ChangeKind.SUSPENDED:
        return ProposalWay(rows, _hold_right, facts, decide, _stop_at_once, _release)
    return ProposalWay(rows, _hold_right, facts, decide)


WAYS |= {proposed: _way(kind) for kind, proposed in DECIDED.items()}
WAYS[ProposalKind.RIGHT_REVOCATION] = ProposalWay(
    _rows_of_revocation, _hold_right_of_change, _facts_of_revocation, _revoke
)
WAYS[ProposalKind.RIGHT_CORRECTION] = ProposalWay(
    _rows_of_correction, _hold_right, _facts_of_correction, _correct
)
for granting in GRANTING:
    WAYS[granting] = ProposalWay(_rows_of_grant, _hold_party, _facts_of_grant, _grant)
