"""Acts that mend the past of a right: a wrong decision is taken back, a wrong entry is corrected. Each takes two officers.

Old labels read at once as if the mistake had not been; the history keeps it.
"""

from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.actions import add_change, check_terms_of, lock_roll, proposed, rights_beside
from gi_trace.registry.mending_rules import Terms, check_correction, check_revocation, differences, without
from gi_trace.registry.models import Authorisation, AuthorisationChange
from gi_trace.registry.rules import ChangeKind, Right, check_not_held, check_period, last_day
from gi_trace.registry.who_may import check_second_officer


@act
def revoke_change(
    change: AuthorisationChange,
    *,
    document: str,
    reason: str,
    by: Account,
    confirmed_by: Account | None,
    notice: str = "",
) -> None:
    """Take a suspension, withdrawal or ending back: decided by mistake, or quashed on review."""
    lock_roll()
    lock(change.authorisation)
    check_may_be_revoked(change, document=document, reason=reason)
    check_second_officer(by, confirmed_by)
    take_back(change, document=document, reason=reason, notice=notice, by=by, confirmed_by=confirmed_by)


@act
def correct_authorisation(
    right: Authorisation,
    terms: Terms,
    *,
    document: str,
    reason: str,
    by: Account,
    confirmed_by: Account | None,
    notice: str = "",
) -> None:
    """A clerk's error in basis, number or dates; the change keeps what stood before."""
    lock_roll()
    lock(right)
    before = right.terms
    check_may_be_corrected(right, terms, document=document, reason=reason)
    check_second_officer(by, confirmed_by)
    made = add_change(
        right, ChangeKind.CORRECTED, clock.today(), by=by, confirmed_by=confirmed_by, reason=reason.strip()
    )
    made.document, made.notice, made.corrected = document.strip(), notice.strip(), differences(before, terms)
    right.basis, right.number, right.starts_on, right.ends_on = (
        terms.basis, terms.number, terms.starts_on, terms.ends_on,
    )  # fmt: skip
    record(Acted.RIGHT_CORRECTED, right, by=confirmed_by, facts={"corrected": made.corrected, **_told(made)})


def check_may_be_revoked(change: AuthorisationChange, *, document: str, reason: str) -> None:
    right = change.authorisation
    check_revocation(right.right, change.change, document=document, reason=reason)
    _check_room(right, right.terms, without(right.right, change.change, clock.today()))


def check_may_be_corrected(right: Authorisation, terms: Terms, *, document: str, reason: str) -> None:
    check_not_held(right.right, clock.today())
    check_correction(right.terms, terms, document=document, reason=reason)
    check_terms_of(right.product, terms)
    _check_room(right, terms, Right(terms.starts_on, terms.ends_on, right.right.changes))


def take_back(
    change: AuthorisationChange,
    *,
    reason: str,
    by: Account,
    confirmed_by: Account | None,
    document: str = "",
    notice: str = "",
) -> None:
    """The step of revoking, for what was held until it is decided too; it does not commit."""
    right, officers = change.authorisation, {"by": by, "confirmed_by": confirmed_by}
    made = add_change(right, ChangeKind.REVOKED, clock.today(), **officers, reason=reason.strip())
    made.document, made.notice, made.revokes_id = document.strip(), notice.strip(), change.id
    facts = {"change": change.id, "revoked": change.kind, "effective_on": change.effective_on}
    record(Acted.RIGHT_CHANGE_REVOKED, right, by=confirmed_by or by, facts=facts | _told(made))


def _check_room(right: Authorisation, terms: Terms, after: Right) -> None:
    """Its period may not reach into another right, such as one that was granted meanwhile."""
    check_period([], after.starts_on, after.ends_on)
    others = [
        other.right for other in rights_beside(right.party, right.product, terms.basis) if other is not right
    ]
    until = last_day(after)
    if until is None or until >= after.starts_on:
        check_period(others, after.starts_on, until)


def _told(made: AuthorisationChange) -> dict[str, Any]:
    words = {"document": made.document, "reason": made.reason, "notice": made.notice}
    return {**words, **proposed(made)}
