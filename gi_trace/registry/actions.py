"""Acts on the roll of mark users: enter a party, grant and change rights, set quotas."""

from datetime import date

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import db, lock
from gi_trace.record.actions import record
from gi_trace.registry.models import Authorisation, AuthorisationChange, Party, Product, SeasonQuota
from gi_trace.registry.rules import Basis, ChangeKind, check_change


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
    authorisation = add_authorisation(party, product, basis, number, starts_on, ends_on, by=by)
    db.session.commit()
    return authorisation


def add_authorisation(
    party: Party,
    product: Product,
    basis: Basis,
    number: str,
    starts_on: date,
    ends_on: date | None,
    *,
    by: Account | None,
) -> Authorisation:
    """The step of granting, for acts that grant many at once; it does not commit."""
    authorisation = Authorisation(
        party_id=party.id,
        product_id=product.id,
        basis=basis,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.add(authorisation)
    _add_change(authorisation, ChangeKind.GRANTED, starts_on, by=by)
    facts = {"party": party.id, "product": product.code, "basis": basis, "number": number}
    record("right.granted", authorisation, by=by, facts=facts | {"starts_on": starts_on, "ends_on": ends_on})
    return authorisation


def change_authorisation(
    authorisation: Authorisation, kind: ChangeKind, *, reason: str, for_cause: bool, by: Account
) -> None:
    """Suspend, resume, withdraw or end a right from today on; the pages of its codes follow at once."""
    lock(authorisation)
    today = clock.today()
    check_change(authorisation.right, kind, today, reason)
    for_cause = for_cause and kind in (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN)
    _add_change(authorisation, kind, today, reason=reason.strip(), for_cause=for_cause, by=by)
    facts = {"reason": reason.strip(), "for_cause": for_cause, "effective_on": today}
    record(f"right.{kind}", authorisation, by=by, facts=facts)
    db.session.commit()


def set_season_quota(authorisation: Authorisation, season: str, quota_g: int, *, by: Account | None) -> None:
    lock(authorisation)
    add_season_quota(authorisation, season, quota_g, by=by)
    db.session.commit()


def add_season_quota(authorisation: Authorisation, season: str, quota_g: int, *, by: Account | None) -> None:
    """The step of setting a quota; it does not commit."""
    db.session.flush()
    quota = (
        db.session.query(SeasonQuota)
        .filter_by(authorisation_id=authorisation.id, season=season)
        .one_or_none()
    )
    if quota is None:
        quota = SeasonQuota(authorisation_id=authorisation.id, season=season)
        db.session.add(quota)
    quota.quota_g = quota_g
    record("quota.set", quota, by=by, facts={"season": season, "quota_g": quota_g})


def _add_change(
    authorisation: Authorisation,
    kind: ChangeKind,
    effective_on: date,
    *,
    by: Account | None,
    reason: str = "",
    for_cause: bool = False,
) -> None:
    change = AuthorisationChange(kind=kind, effective_on=effective_on, reason=reason, for_cause=for_cause)
    change.at, change.by_id = clock.now(), by.id if by else None
    authorisation.changes.append(change)
    db.session.flush()
