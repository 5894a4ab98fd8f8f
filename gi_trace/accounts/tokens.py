"""Tokens with which an enterprise's own system calls the service in the name of the account that made them."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.actions import token_hash
from gi_trace.accounts.models import Account, ApiToken, Scope, tokens_seen_by
from gi_trace.accounts.rules import (
    USUAL_TOKEN_DAYS,
    NotYourAccount,
    ScopeMissing,
    ScopeNotForClerks,
    SignInRefused,
    TokenExpired,
    TokenInvalid,
    TokenMissing,
    check_token_facts,
)
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def make_token(name: str, scopes: Collection[Scope], *, by: Account, days: int = USUAL_TOKEN_DAYS) -> str:
    """The token, which nobody can see again; it lasts so many days. Raises ScopeNotForClerks, TokenUnfit."""
    lock(by)
    if by.closed_at or by.password_is_one_time:  # reset a moment ago, which ended what there was
        raise SignInRefused
    check_token_facts(scopes, days)
    if Scope.HIDDEN_CODES in scopes and not by.manages_clerks:
        raise ScopeNotForClerks
    token = secrets.token_urlsafe(32)
    made_at = clock.now()
    row = ApiToken(account_id=by.id, name=name.strip(), token_hash=token_hash(token), made_at=made_at)
    row.scopes = [scope.value for scope in Scope if scope in scopes]
    row.expires_at = made_at + timedelta(days=days)
    db.session.add(row)
    facts = {"name": row.name, "scopes": row.scopes, "expires_on": clock.day_of(row.expires_at)}
    record(Acted.TOKEN_MADE, row, by=by, facts=facts)
    return token


@act
def revoke_token(token: ApiToken, *, by: Account) -> None:
    """By who made it, or by who manages the firm's accounts. Raises NotYourAccount."""
    lock(token)
    if token not in tokens_seen_by(by):
        raise NotYourAccount
    token.revoked_at = token.revoked_at or clock.now()
    record(Acted.TOKEN_REVOKED, token, by=by)


def use_token(presented: str, scope: Scope) -> ApiToken:
    """The token, while it stands and is for that. Raises ScopeMissing, TokenExpired, TokenInvalid, TokenMissing."""
    if not presented:
        raise TokenMissing
    token = db.session.scalar(select(ApiToken).filter_by(token_hash=token_hash(presented)))
    if token is None or token.revoked_at or token.account.closed_at or token.account.password_is_one_time:
        raise TokenInvalid
    if token.expires_at <= clock.now():
        raise TokenExpired(name=token.name, expired_on=clock.day_of(token.expires_at))
    check_scope(token, scope)
    if token.last_used_on != clock.today():  # one write a day, so that calls do not wait for each other
        _note_use(token, clock.today())
    return token


def check_scope(token: ApiToken, scope: Scope) -> None:
    if scope not in token.scopes:
        raise ScopeMissing(name=token.name, scope=scope.label, needed=scope.value)


@act
def _note_use(token: ApiToken, day: date) -> None:
    """No decision, hence nothing for the record."""
    token.last_used_on = day
