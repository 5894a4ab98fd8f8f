"""Tokens with which an enterprise's own system calls the service in the name of the account that made them."""

import secrets

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.actions import token_hash
from gi_trace.accounts.models import Account, ApiToken
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def make_token(name: str, *, by: Account) -> str:
    """The token, which nobody can see again."""
    token = secrets.token_urlsafe(32)
    row = ApiToken(account_id=by.id, name=name.strip(), token_hash=token_hash(token), made_at=clock.now())
    db.session.add(row)
    record(Acted.TOKEN_MADE, row, by=by, facts={"name": row.name})
    return token


@act
def revoke_token(token: ApiToken, *, by: Account) -> None:
    lock(token)
    token.revoked_at = token.revoked_at or clock.now()
    record(Acted.TOKEN_REVOKED, token, by=by)


def account_of_token(token: str) -> Account | None:
    """Whose token it is, while neither it nor the account has ended."""
    row = db.session.scalar(select(ApiToken).filter_by(token_hash=token_hash(token), revoked_at=None))
    return row.account if row and not row.account.closed_at and not row.account.password_is_one_time else None
