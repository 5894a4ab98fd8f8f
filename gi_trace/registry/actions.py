"""Acts on rights to the mark: granted, extended, changed; and the lock of the whole roll."""

from datetime import date

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.imports.actions import check_none_under_way
from gi_trace.imports.models import Import, ImportKind
from gi_trace.record.actions import Happening, record, record_all
from gi_trace.record.acts import Acted
from gi_trace.registry.models import (
    Authorisation,
    AuthorisationChange,
    Party,
    Product,
    has_ended,
)
from gi_trace.registry.party_rules import PartyEnded
from gi_trace.registry.rules import (
    Basis,
    BasisNotRegistered,
    ChangeKind,
    check_change,
    check_extension,
    check_period,
)


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
) -> Authorisation:
    lock_roll()  # neither two officers nor a roll must grant one period twice
    lock(party)
    check_living(party)
    if product.on_basis(basis) is None:
        raise BasisNotRegistered(product=product.name)
    check_period([right.right for right in rights_beside(party, product, basis)], starts_on, ends_on)
    authorisation = Authorisation(
        party=party, product=product, basis=basis, number=number, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(authorisation)
    add_change(authorisation, ChangeKind.GRANTED, starts_on, by=by)
    record_all([granted(authorisation)], by=by)
    return authorisation


@act
def extend_authorisation(authorisation: Authorisation, ends_on: date | None, *, by: Account) -> None:
    """Move the last day of a right later; None takes its end away."""
    lock_roll()
    lock(authorisation)
    check_extension(authorisation.right, ends_on, clock.today())
    beside = rights_beside(authorisation.party, authorisation.product, authorisation.basis)
    others = [other.right for other in beside if other is not authorisation]
    check_period(others, authorisation.starts_on, ends_on)
    record_all([extended(authorisation, ends_on, by=by)], by=by)


@act
def change_authorisation(
    authorisation: Authorisation, kind: ChangeKind, *, reason: str, for_cause: bool, by: Account
) -> None:
    """Suspend, resume, withdraw or end a right from today on; the pages of its codes follow at once."""
    lock_roll()
    lock(authorisation)
    today = clock.today()
    check_change(authorisation.right, kind, today, reason)
    for_cause = for_cause and kind in (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN)
    add_change(authorisation, kind, today, reason=reason.strip(), for_cause=for_cause, by=by)
    facts = {"reason": reason.strip(), "for_cause": for_cause, "effective_on": today}
    record(kind.act, authorisation, by=by, facts=facts)


# Steps of acts, also of those that change many rows: they write, tell what to record, and do not commit.


def lock_roll(taking_over: Import | None = None) -> None:
    """Whatever writes to the roll waits for one another; who only names a product does not (key_share). While an import
    of the roll is taken over, only that one writes."""
    db.session.execute(select(Product.id).order_by(Product.id).with_for_update(key_share=True))
    check_none_under_way(ImportKind.ROLL, but=taking_over)


def check_living(party: Party) -> None:
    if has_ended(party):
        raise PartyEnded(name=party.name)


def granted(authorisation: Authorisation) -> Happening:
    facts = {
        "party": authorisation.party_id or authorisation.party.id,
        "product": authorisation.product.code,
        "basis": authorisation.basis,
        "number": authorisation.number,
        "starts_on": authorisation.starts_on,
        "ends_on": authorisation.ends_on,
    }
    return Happening(Acted.RIGHT_GRANTED, authorisation, facts)


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
    reason: str = "",
    for_cause: bool = False,
) -> None:
    change = AuthorisationChange(kind=kind, effective_on=effective_on, reason=reason, for_cause=for_cause)
    change.at, change.by = clock.now(), by
    authorisation.changes.append(change)
