"""Acts on rights to the mark: granted, extended, changed; and the lock of the whole roll."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.imports.actions import check_none_under_way
from gi_trace.imports.models import Import, ImportKind
from gi_trace.proposals.models import open_proposals
from gi_trace.record.actions import Happening, record, record_all, subject_of
from gi_trace.record.acts import Acted
from gi_trace.registry.mending_rules import (
    Announcement,
    Terms,
    check_announcement,
    check_terms,
    is_entered_late,
)
from gi_trace.registry.models import Authorisation, AuthorisationChange, Party, Product
from gi_trace.registry.parties import has_ended, predecessors
from gi_trace.registry.party_rules import PartyEnded
from gi_trace.registry.rules import (
    Basis,
    BasisNotRegistered,
    ChangeKind,
    check_change,
    check_extension,
    check_notice,
    check_period,
    lost_for_cause,
    needs_second_officer,
)
from gi_trace.registry.who_may import check_authority, check_second_officer


class RightAwaitsDecision(Refused):
    code = "right_awaits_decision"
    text = N_("这项授权还有待复核的提请（第 {number} 号），请先办结：由复核人同意或退回，或由提请人撤回。")


@act
def grant_authorisation(
    party: Party,
    product: Product,
    basis: Basis,
    *,
    number: str,
    starts_on: date,
    ends_on: date | None,
    by: Account | None,
    announcement: Announcement | None = None,
    confirmed_by: Account | None = None,
) -> Authorisation:
    """One that begins before today is entered late (补录): it rests on an announcement and has a second officer."""
    lock_roll()  # neither two officers nor a roll must grant one period twice
    lock(party)
    check_may_be_granted(party, product, Terms(basis, number, starts_on, ends_on), announcement)
    late = is_entered_late(starts_on, clock.today())
    if late:
        check_announcement(starts_on, announcement)
    if by and takes_two_to_grant(party, product, starts_on):  # the service itself has none beside it
        check_second_officer(by, confirmed_by)
    authorisation = Authorisation(
        party=party, product=product, basis=basis, number=number, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(authorisation)
    change = add_change(authorisation, ChangeKind.GRANTED, starts_on, by=by, confirmed_by=confirmed_by)
    facts: dict[str, Any] = {"entered_late": late} | proposed(change)
    if announcement:
        change.document, change.announced_on = announcement.title.strip(), announcement.on
        change.reason = announcement.says.strip()
        facts |= {"announcement": change.document, "announced_on": announcement.on}
        facts |= {"announcement_says": change.reason} if change.reason else {}
    change.entered_late = late
    record_all([granted(authorisation, facts)], by=confirmed_by or by)
    return authorisation


def check_may_be_granted(
    party: Party, product: Product, terms: Terms, announcement: Announcement | None = None
) -> None:
    check_living(party)
    check_terms_of(product, terms, announcement)
    beside = [right.right for right in rights_beside(party, product, terms.basis)]
    check_period(beside, terms.starts_on, terms.ends_on)


def takes_two_to_grant(party: Party | None, product: Product, starts_on: date) -> bool:
    """What begins before today, and what is granted beside a right lost for cause; a new firm (None) has lost none."""
    return is_entered_late(starts_on, clock.today()) or bool(party and lost_beside(party, product))


def lost_beside(party: Party, product: Product) -> list[Authorisation]:
    """Rights to the product lost for cause, on any basis, of the party and of those whose place it took."""
    rights = [right for one in [party, *predecessors(party)] for right in one.authorisations]
    return [each for each in rights if each.product == product and lost_for_cause(each.right, clock.today())]


def check_terms_of(product: Product, terms: Terms, announcement: Announcement | None = None) -> None:
    ground = product.on_basis(terms.basis)
    if ground is None:
        raise BasisNotRegistered(product=product.name)
    check_terms(terms, ground.since, clock.today(), announcement)


@act
def extend_authorisation(authorisation: Authorisation, ends_on: date | None, *, by: Account) -> None:
    """Move the last day of a right later; None takes its end away."""
    lock_roll()
    lock(authorisation)
    check_none_proposed(authorisation)
    check_extension(authorisation.right, ends_on, clock.today())
    beside = rights_beside(authorisation.party, authorisation.product, authorisation.basis)
    others = [other.right for other in beside if other is not authorisation]
    check_period(others, authorisation.starts_on, ends_on)
    record_all([extended(authorisation, ends_on, by=by)], by=by)


@act
def change_authorisation(
    authorisation: Authorisation,
    kind: ChangeKind,
    *,
    reason: str,
    for_cause: bool,
    by: Account,
    notice: str = "",
    confirmed_by: Account | None = None,
) -> None:
    """Suspend, resume, withdraw or end a right from today on; the pages of its codes follow at once.

    Most of it takes two officers. The reason is for the file and the party, the notice for the public.
    """
    lock_roll()
    lock(authorisation)
    check_none_proposed(authorisation)
    words = {"reason": reason, "notice": notice}
    change_right(
        authorisation, kind, clock.today(), **words, for_cause=for_cause, by=by, confirmed_by=confirmed_by
    )


@act
def hold_authorisation(authorisation: Authorisation, *, reason: str, by: Account) -> AuthorisationChange:
    """Whoever is alone on duty stops a right until a second officer decides; nothing is said of fault."""
    lock_roll()
    lock(authorisation)
    check_authority(by)
    return change_right(authorisation, ChangeKind.HELD, clock.today(), reason=reason, for_cause=False, by=by)


# Steps of acts, also of those that change many rows: they write, tell what to record, and do not commit.


def lock_roll(taking_over: Import | None = None) -> None:
    """Whatever writes to the roll waits for one another; who only names a product does not (key_share). While an import
    of the roll is taken over, only that one writes."""
    db.session.execute(select(Product.id).order_by(Product.id).with_for_update(key_share=True))
    check_none_under_way(ImportKind.ROLL, but=taking_over)


def check_living(party: Party) -> None:
    if has_ended(party):
        raise PartyEnded(name=party.name)


def check_none_proposed(authorisation: Authorisation) -> None:
    """What waits for a second officer is decided before the right changes otherwise."""
    if waiting := open_proposals(subject_of(authorisation)):
        raise RightAwaitsDecision(number=waiting[0].id)


def change_right(
    authorisation: Authorisation,
    kind: ChangeKind,
    day: date,
    *,
    reason: str,
    for_cause: bool,
    by: Account,
    notice: str = "",
    confirmed_by: Account | None = None,
) -> AuthorisationChange:
    """From the day on, which is today, or that from which the right was held."""
    check_change(authorisation.right, kind, day, reason)
    for_cause = for_cause and kind in (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN)
    if for_cause:
        check_notice(notice)
    if needs_second_officer(authorisation.right, kind, day, for_cause=for_cause):
        check_second_officer(by, confirmed_by)
    change = add_change(authorisation, kind, day, by=by, confirmed_by=confirmed_by)
    change.reason, change.notice, change.for_cause = reason.strip(), notice.strip(), for_cause
    facts = {"reason": change.reason, "notice": change.notice, "for_cause": for_cause, "effective_on": day}
    record(kind.act, authorisation, by=confirmed_by or by, facts=facts | proposed(change))
    return change


def granted(authorisation: Authorisation, further: Mapping[str, Any] | None = None) -> Happening:
    facts = {
        "party": authorisation.party_id or authorisation.party.id,
        "product": authorisation.product.code,
        "basis": authorisation.basis,
        "number": authorisation.number,
        "starts_on": authorisation.starts_on,
        "ends_on": authorisation.ends_on,
    }
    return Happening(Acted.RIGHT_GRANTED, authorisation, facts | dict(further or {}))


def extended(authorisation: Authorisation, ends_on: date | None, *, by: Account | None) -> Happening:
    facts = {"before": authorisation.ends_on, "ends_on": ends_on}
    words = " → ".join(day.isoformat() if day else "长期" for day in (authorisation.ends_on, ends_on))
    authorisation.ends_on = ends_on
    add_change(authorisation, ChangeKind.EXTENDED, clock.today(), reason=words, by=by)
    return Happening(Acted.RIGHT_EXTENDED, authorisation, facts)


def rights_beside(party: Party, product: Product, basis: Basis) -> list[Authorisation]:
    return [right for right in party.authorisations if (right.product, right.basis) == (product, basis)]


def add_change(
    authorisation: Authorisation,
    kind: ChangeKind,
    effective_on: date,
    *,
    by: Account | None,
    confirmed_by: Account | None = None,
    reason: str = "",
) -> AuthorisationChange:
    change = AuthorisationChange(kind=kind, effective_on=effective_on, reason=reason)
    change.at, change.by, change.confirmed_by = clock.now(), by, confirmed_by
    authorisation.changes.append(change)
    return change


def proposed(change: AuthorisationChange) -> dict[str, int]:
    """For the record of what two officers decided: who began it; the row's own actor confirmed it."""
    return {"proposed_by": change.by.id} if change.by and change.confirmed_by else {}
