"""Acts on accounts: open, reset, close, sign in and out, change one's password."""

import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from sqlalchemy import func, select, update

from gi_trace import clock
from gi_trace.accounts.models import Account, Role, SignIn, find_account
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
from gi_trace.registry.models import Area, Party

hasher = PasswordHasher()
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@act
def open_account(
    sign_in_name: str,
    name: str,
    role: Role,
    *,
    by: Account | None,
    party: Party | None = None,
    area: Area | None = None,
    badge_number: str | None = None,
    manages_clerks: bool = False,
    chosen_hash: str | None = None,
) -> tuple[Account, str]:
    """The new account and its one-time password, which is shown once and stored only as a hash.

    With `chosen_hash`, of a password that is known already, there is no one-time password: "".
    """
    sign_in_name = normal_sign_in_name(sign_in_name)
    _check_may_manage(by, role, party)
    check_free(Account.sign_in_name, sign_in_name)
    password = "" if chosen_hash else one_time_password()
    account = Account(
        sign_in_name=sign_in_name,
        name=name,
        role=role,
        party_id=party.id if party else None,
        area_id=area.id if area else None,
        badge_number=badge_number,
        manages_clerks=manages_clerks,
        opened_at=clock.now(),
        **(_chosen(chosen_hash) if chosen_hash else _one_time(password)),
    )
    db.session.add(account)
    record(
        "account.opened",
        account,
        by=by,
        facts={
            "role": role,
            "party": account.party_id,
            "area": account.area_id,
            "manages_clerks": manages_clerks,
        },
        personal={"sign_in_name": sign_in_name, "name": name},
    )
    return account, password


@act
def reset_password(account: Account, *, by: Account | None) -> str:
    """A new one-time password; every sign-in of the account ends."""
    lock(account)
    _check_may_manage(by, account.role, account.party)
    if account.closed_at:
        raise AccountClosed(sign_in_name=account.sign_in_name)
    password = one_time_password()
    for column, value in _one_time(password).items():
        setattr(account, column, value)
    _end_sign_ins(account)
    record("account.reset", account, by=by)
    return password


@act
def close_account(account: Account, *, by: Account) -> None:
    if account.role == Role.AUTHORITY:
        _lock_officers()
    lock(account)
    _check_may_manage(by, account.role, account.party)
    if account.closed_at:
        raise AccountClosed(sign_in_name=account.sign_in_name)
    if account.role == Role.AUTHORITY and _open_officers() == 1:
        raise LastOfficer
    account.closed_at = clock.now()
    _end_sign_ins(account)
    record("account.closed", account, by=by)


def sign_in(sign_in_name: str, password: str, *, browser: str) -> Account:
    """The account, with a fresh sign-in token. Raises SignInRefused."""
    account = find_account(sign_in_name)
    if not _password_fits(account, password) or account is None or account.closed_at:
        raise SignInRefused
    if account.password_is_one_time:
        days = current_app.config["ONE_TIME_PASSWORD_DAYS"]
        check_one_time_password_age(account.password_set_at, clock.now(), days)
    return _start(account, browser)


@act
def _start(account: Account, browser: str) -> Account:
    if account.closed_at:  # while the password was looked at
        raise SignInRefused
    token = secrets.token_urlsafe(32)
    started = clock.now()
    row = SignIn(
        token_hash=token_hash(token), account_id=account.id, started_at=started, browser=browser[:200]
    )
    row.expires_at = started + timedelta(hours=current_app.config["SESSION_HOURS"])
    db.session.add(row)
    record("account.signed_in", account, by=account)
    account.sign_in_token = token
    return account


@act
def sign_out(account: Account) -> None:
    if account.sign_in_token and (row := db.session.get(SignIn, token_hash(account.sign_in_token))):
        row.ended_at = clock.now()
    record("account.signed_out", account, by=account)


@act
def change_password(account: Account, old: str, new: str) -> None:
    """The person chooses a password; other browsers of the account are signed out."""
    lock(account)
    if not _password_fits(account, old):
        raise SignInRefused
    check_password(new, sign_in_name=account.sign_in_name)
    if old == new:
        raise PasswordUnchanged
    account.password_hash = hasher.hash(new)
    account.password_is_one_time = False
    account.password_set_at = clock.now()
    _end_sign_ins(account, except_token=account.sign_in_token)
    record("account.password_changed", account, by=account)


def account_signed_in(token: str) -> Account | None:
    """Whose sign-in the token names, while it lasts."""
    row = db.session.get(SignIn, token_hash(token))
    if row is None or row.ended_at or row.expires_at <= clock.now() or row.account.closed_at:
        return None
    row.account.sign_in_token = token
    return row.account


def one_time_password() -> str:
    return "-".join("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(3))


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _one_time(password: str) -> dict[str, object]:
    return _chosen(hasher.hash(password)) | {"password_is_one_time": True}


def _chosen(password_hash: str) -> dict[str, object]:
    return {
        "password_hash": password_hash,
        "password_is_one_time": False,
        "password_set_at": clock.now(),
    }


def _password_fits(account: Account | None, password: str) -> bool:
    """Takes as long for an unknown name as for a known one."""
    known_hash = account.password_hash if account else _nobodys_hash()
    try:
        return hasher.verify(known_hash, password) and account is not None
    except VerificationError:
        return False


_NOBODY: list[str] = []


def _nobodys_hash() -> str:
    if not _NOBODY:
        _NOBODY.append(hasher.hash(secrets.token_hex(16)))
    return _NOBODY[0]


def _check_may_manage(by: Account | None, role: Role, party: Party | None) -> None:
    """The authority manages everyone; a firm's first account manages its clerks; `by` None is the console."""
    if by is None or by.role == Role.AUTHORITY:
        return
    own = party is not None and by.party_id == party.id
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
