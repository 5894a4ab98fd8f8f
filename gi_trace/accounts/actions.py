"""Acts on accounts: open, reset, close, sign in and out, change one's password."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update

from gi_trace import clock
from gi_trace.accounts.models import Account, Role, SignIn, find_account
from gi_trace.accounts.passwords import fits, hashed, one_time_password
from gi_trace.accounts.rules import (
    AccountClosed,
    LastOfficer,
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
    chosen_hash: str | None = None,
) -> tuple[Account, str]:
    """The new account and its one-time password, which is shown once and stored only as a hash.

    With `chosen_hash`, of a password that is known already, there is no one-time password: "".
    """
    _check_may_manage(by, role, party_id)
    password = "" if chosen_hash else one_time_password()
    account = _open(
        chosen_hash or hashed(password),
        by=by,
        sign_in_name=normal_sign_in_name(sign_in_name),
        name=name,
        role=role,
        party_id=party_id,
        area_id=area_id,
        badge_number=badge_number,
        manages_clerks=manages_clerks,
        password_is_one_time=chosen_hash is None,
    )
    return account, password


@act
def _open(password_hash: str, *, by: Account | None, **facts: Any) -> Account:
    now = clock.now()
    account = Account(password_hash=password_hash, password_set_at=now, opened_at=now, **facts)
    check_free(Account.sign_in_name, account.sign_in_name)
    db.session.add(account)
    record(
        Acted.ACCOUNT_OPENED,
        account,
        by=by,
        facts={
            "role": account.role,
            "party": account.party_id,
            "area": account.area_id,
            "manages_clerks": account.manages_clerks,
        },
        personal={"sign_in_name": account.sign_in_name, "name": account.name},
    )
    return account


def reset_password(account: Account, *, by: Account | None) -> str:
    """A new one-time password; every sign-in of the account ends."""
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
    _end_sign_ins(account)
    record(Acted.ACCOUNT_RESET, account, by=by)


@act
def close_account(account: Account, *, by: Account) -> None:
    if account.role == Role.AUTHORITY:
        _lock_officers()
    lock(account)
    _check_may_manage(by, account.role, account.party_id)
    if account.closed_at:
        raise AccountClosed(sign_in_name=account.sign_in_name)
    if account.role == Role.AUTHORITY and _open_officers() == 1:
        raise LastOfficer
    account.closed_at = clock.now()
    _end_sign_ins(account)
    record(Acted.ACCOUNT_CLOSED, account, by=by)


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
    """The person chooses a password; other browsers of the account are signed out."""
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
    _end_sign_ins(account, except_token=account.sign_in_token)
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


def _check_may_manage(by: Account | None, role: Role, party_id: int | None) -> None:
    """The authority manages everyone; a firm's first account manages its clerks; `by` None is the console."""
    if by is None or by.role == Role.AUTHORITY:
        return
    own = party_id is not None and by.party_id == party_id
    if not (by.manages_clerks and role == Role.ENTERPRISE and own):
        raise NotYourAccount


def _end_sign_ins(account: Account, except_token: str | None = None) -> None:
    kept = token_hash(except_token) if except_token else ""
    query = update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
    db.session.execute(query.where(SignIn.token_hash != kept).values(ended_at=clock.now()))


def _lock_officers() -> None:
    """Two officers, the last ones, must not close each other."""
    query = select(Account.id).filter_by(role=Role.AUTHORITY).order_by(Account.id)
    db.session.scalars(query.with_for_update()).all()


def _open_officers() -> int:
    query = select(func.count()).select_from(Account)
    return db.session.scalar(query.filter_by(role=Role.AUTHORITY, closed_at=None)) or 0
