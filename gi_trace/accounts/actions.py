"""Acts on accounts: open, reset, close, open again, give duties, sign in and out, change one's password."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from gi_trace import clock
from gi_trace.accounts.models import Account, ApiToken, Duty, Role, SignIn, find_account
from gi_trace.accounts.officers import as_proposed, check_duty, check_second_officer, has_duty
from gi_trace.accounts.passwords import fits, hashed, one_time_password
from gi_trace.accounts.rules import (
    AccountClosed,
    AccountOpen,
    DutiesUnfit,
    LastAdministrator,
    NotYourAccount,
    PasswordUnchanged,
    SignInRefused,
    check_one_time_password_age,
    check_password,
    normal_sign_in_name,
)
from gi_trace.constraints import check_free
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


def open_account(
    sign_in_name: str,
    name: str,
    role: Role,
    *,
    by: Account | None,
    party_id: int | None = None,
    area_id: int | None = None,
    badge_number: str | None = None,
    manages_clerks: bool = False,
    duties: Iterable[Duty] = (),
    chosen_hash: str | None = None,
    confirmed_by: Account | None = None,
) -> tuple[Account, str]:
    """The new account and its one-time password, which is shown once and stored only as a hash.

    With `chosen_hash`, of a password that is known already, there is no one-time password: "". An account of the
    authority has duties, and takes a second officer; `by` None is the console. Raises DutiesUnfit, NotYourAccount,
    SignInNameTaken, SignInNameUnfit and what `check_second_officer` raises.
    """
    _check_may_manage(by, role, party_id)
    password = "" if chosen_hash else one_time_password()
    account = add_account(
        chosen_hash or hashed(password),
        by=by,
        confirmed_by=confirmed_by,
        sign_in_name=normal_sign_in_name(sign_in_name),
        name=name,
        role=role,
        party_id=party_id,
        area_id=area_id,
        badge_number=badge_number,
        manages_clerks=manages_clerks,
        duties=_in_order(duties),
        password_is_one_time=chosen_hash is None,
    )
    return account, password


@act
def add_account(
    password_hash: str, *, by: Account | None, confirmed_by: Account | None = None, **columns: Any
) -> Account:
    """With a password that was hashed before; "" fits no password, until it is reset."""
    now = clock.now()
    account = Account(password_hash=password_hash, password_set_at=now, opened_at=now, **columns)
    _check_may_manage(by, account.role, account.party_id)
    _check_two(account.role, by, confirmed_by)
    check_may_be_opened(account.sign_in_name, account.role, account.duties)
    db.session.add(account)
    names = ("role", "party_id", "area_id", "manages_clerks", "duties")
    facts = {name.removesuffix("_id"): getattr(account, name) for name in names}
    personal = {"sign_in_name": account.sign_in_name, "name": account.name}
    decided = as_proposed(by, confirmed_by)
    record(Acted.ACCOUNT_OPENED, account, by=confirmed_by or by, facts=facts | decided, personal=personal)
    return account


def check_may_be_opened(sign_in_name: str, role: Role, duties: Collection[str]) -> None:
    if (role is Role.AUTHORITY) != bool(duties):
        raise DutiesUnfit
    check_free(Account.sign_in_name, sign_in_name)


def reset_password(account: Account, *, by: Account | None) -> str:
    """A new one-time password; every sign-in and token of the account ends."""
    _check_may_manage(by, account.role, account.party_id)
    password = one_time_password()
    _reset(account, hashed(password), by=by)
    return password


@act
def _reset(account: Account, password_hash: str, *, by: Account | None) -> None:
    lock(account)
    if account.closed_at:
        raise AccountClosed(sign_in_name=account.sign_in_name)
    _set_password(account, password_hash, is_one_time=True)
    end_sign_ins(account)
    record(Acted.ACCOUNT_RESET, account, by=by)


@act
def close_account(account: Account, *, by: Account) -> None:
    """Raises AccountClosed, LastAdministrator, NotYourAccount."""
    officers = _locked_officers() if account.role is Role.AUTHORITY else []
    lock(account)
    _check_may_manage(by, account.role, account.party_id)
    if account.closed_at:
        raise AccountClosed(sign_in_name=account.sign_in_name)
    _check_not_last(account, officers)
    account.closed_at = clock.now()
    end_sign_ins(account)
    _end_tokens(account)
    record(Acted.ACCOUNT_CLOSED, account, by=by)


def open_again(account: Account, *, by: Account | None, confirmed_by: Account | None = None) -> str:
    """A closed account's new one-time password; what was signed in stays ended. An account of the authority takes a
    second officer, as if it were new. Raises AccountOpen, NotYourAccount and what `check_second_officer` raises."""
    password = one_time_password()
    reopen(account, hashed(password), by=by, confirmed_by=confirmed_by)
    return password


@act
def reopen(
    account: Account, password_hash: str, *, by: Account | None, confirmed_by: Account | None = None
) -> None:
    """With a password that was hashed before; "" fits no password, until it is reset."""
    lock(account)
    _check_may_manage(by, account.role, account.party_id)
    _check_two(account.role, by, confirmed_by)
    if not account.closed_at:
        raise AccountOpen(sign_in_name=account.sign_in_name)
    account.closed_at = None
    _set_password(account, password_hash, is_one_time=True)
    record(Acted.ACCOUNT_REOPENED, account, by=confirmed_by or by, facts=as_proposed(by, confirmed_by))


@act
def set_duties(account: Account, duties: Iterable[Duty], *, by: Account) -> None:
    """Give and take duties of an officer. Raises DutiesUnfit, DutyMissing, LastAdministrator."""
    officers = _locked_officers()
    lock(account)
    check_duty(by, Duty.ADMINISTRATOR)
    after = _in_order(duties)
    if account.role is not Role.AUTHORITY or not after:
        raise DutiesUnfit
    if Duty.ADMINISTRATOR not in after:
        _check_not_last(account, officers)
    facts = {"before": account.duties, "after": after}
    account.duties = after
    record(Acted.ACCOUNT_DUTIES_SET, account, by=by, facts=facts)


def sign_in(sign_in_name: str, password: str, *, browser: str) -> Account:
    """The account, with a fresh sign-in token. Raises SignInRefused."""
    account = find_account(sign_in_name)
    known_hash = account.password_hash if account else None
    if not fits(password, known_hash) or account is None:
        raise SignInRefused
    if account.password_is_one_time:
        days = current_app.config["ONE_TIME_PASSWORD_DAYS"]
        check_one_time_password_age(account.password_set_at, clock.now(), days)
    return _start(account, known_hash, browser)


@act
def _start(account: Account, known_hash: str | None, browser: str) -> Account:
    if account.closed_at or account.password_hash != known_hash:  # while the password was looked at
        raise SignInRefused
    token = secrets.token_urlsafe(32)
    started = clock.now()
    row = SignIn(
        token_hash=token_hash(token), account_id=account.id, started_at=started, browser=browser[:200]
    )
    row.expires_at = started + timedelta(hours=current_app.config["SESSION_HOURS"])
    db.session.add(row)
    record(Acted.ACCOUNT_SIGNED_IN, account, by=account)
    account.sign_in_token = token
    return account


@act
def sign_out(account: Account) -> None:
    if account.sign_in_token and (row := db.session.get(SignIn, token_hash(account.sign_in_token))):
        row.ended_at = clock.now()
    record(Acted.ACCOUNT_SIGNED_OUT, account, by=account)


def change_password(account: Account, old: str, new: str) -> None:
    """The person chooses a password; other browsers of the account are signed out, and its tokens end."""
    known_hash = account.password_hash
    if not fits(old, known_hash):
        raise SignInRefused
    check_password(new, sign_in_name=account.sign_in_name)
    if old == new:
        raise PasswordUnchanged
    _change(account, known_hash, hashed(new))


@act
def _change(account: Account, known_hash: str, password_hash: str) -> None:
    lock(account)
    if account.password_hash != known_hash:  # while the new one was hashed
        raise SignInRefused
    _set_password(account, password_hash, is_one_time=False)
    end_sign_ins(account, except_token=account.sign_in_token)
    record(Acted.ACCOUNT_PASSWORD_CHANGED, account, by=account)


def account_signed_in(token: str) -> Account | None:
    """Whose sign-in the token names, while it lasts."""
    row = db.session.get(SignIn, token_hash(token))
    if row is None or row.ended_at or row.expires_at <= clock.now() or row.account.closed_at:
        return None
    row.account.sign_in_token = token
    return row.account


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _set_password(account: Account, password_hash: str, *, is_one_time: bool) -> None:
    account.password_hash, account.password_is_one_time = password_hash, is_one_time
    account.password_set_at = clock.now()
    _end_tokens(account)


def _check_may_manage(by: Account | None, role: Role, party_id: int | None) -> None:
    """Administrators manage everyone, handlers those outside of the authority, a firm's first account its clerks; `by`
    None is the console."""
    if by is None:
        return
    if by.role is Role.AUTHORITY:
        if role is Role.AUTHORITY or not has_duty(by, Duty.HANDLER):
            check_duty(by, Duty.ADMINISTRATOR)
        return
    own = party_id is not None and by.party_id == party_id
    if not (by.manages_clerks and role == Role.ENTERPRISE and own):
        raise NotYourAccount


def _check_two(role: Role, by: Account | None, confirmed_by: Account | None) -> None:
    """Who could open officers alone could be the second one himself."""
    if by is not None and (role is Role.AUTHORITY or confirmed_by):
        check_second_officer(by, confirmed_by)


def end_sign_ins(account: Account, except_token: str | None = None) -> None:
    """In the act under way."""
    kept = token_hash(except_token) if except_token else ""
    query = update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
    db.session.execute(query.where(SignIn.token_hash != kept).values(ended_at=clock.now()))


def _end_tokens(account: Account) -> None:
    """Who lost a password, or may have shown it, does not know who made what with it."""
    query = update(ApiToken).where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
    db.session.execute(query.values(revoked_at=clock.now()))


def _locked_officers() -> list[Account]:
    """Open accounts of the authority, as they are while nobody else changes one: the last two administrators must not
    close each other."""
    query = select(Account).filter_by(role=Role.AUTHORITY).order_by(Account.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return [officer for officer in db.session.scalars(query) if not officer.closed_at]


def _check_not_last(account: Account, officers: list[Account]) -> None:
    administrators = [officer for officer in officers if has_duty(officer, Duty.ADMINISTRATOR)]
    if administrators == [account]:
        raise LastAdministrator


def _in_order(duties: Iterable[Duty]) -> list[str]:
    given = set(duties)
    return [duty.value for duty in Duty if duty in given]
