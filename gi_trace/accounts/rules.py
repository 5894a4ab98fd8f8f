"""Who may open which account, what a password must be, and what a token may. Pure."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta

from gi_trace.errors import N_, Forbidden, Refused

SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
SHORTEST_PASSWORD = 10
LONGEST_WAIT = 900
TOKEN_DAYS = (30, 90, 180, 365)  # the last is the longest
USUAL_TOKEN_DAYS = 180


class SignInRefused(Refused):
    """One text for an unknown name, a wrong password and a closed account: it tells a guesser nothing."""

    code = "sign_in_refused"
    status = 401
    text = N_("登录名或密码不正确，或账号已停用。")


class TooManySignIns(Refused):
    code = "too_many_sign_ins"
    status = 503
    text = N_("现在登录的人太多。请过 {retry_after} 秒再试。")


class TooManyTries(Refused):
    code = "too_many_tries"
    status = 429
    text = N_("密码输错的次数太多。请过 {retry_after} 秒再试；忘记密码，请联系为您开通账号的人重新设置。")


class OneTimePasswordExpired(Refused):
    code = "one_time_password_expired"
    status = 401
    text = N_("一次性密码已过期，请联系为您开通账号的人重新设置。")


class PasswordTooWeak(Refused):
    code = "password_too_weak"
    text = N_("密码至少要 {shortest} 个字符，且不能是登录名或单一字符的重复。")


class PasswordUnchanged(Refused):
    code = "password_unchanged"
    text = N_("新密码不能与一次性密码相同。")


class SignInNameTaken(Refused):
    code = "sign_in_name_taken"
    text = N_("登录名“{sign_in_name}”已被使用，请换一个。")


class SignInNameUnfit(Refused):
    code = "sign_in_name_unfit"
    text = N_("登录名用 3 至 40 个小写字母、数字、点、横线组成，以字母或数字开头。")


class AccountClosed(Refused):
    code = "account_closed"
    text = N_("账号“{sign_in_name}”已停用。")


class NotYourAccount(Forbidden):
    code = "not_your_account"
    text = N_("您不能管理此账号。")


class AccountOpen(Refused):
    code = "account_open"
    text = N_("账号“{sign_in_name}”没有停用，不必重新开通。")


class LastAdministrator(Refused):
    code = "last_administrator"
    text = N_("这是最后一个管理员，不能停用，也不能取消其管理员职责。请先让另一名同事担任管理员。")


class DutiesUnfit(Refused):
    code = "duties_unfit"
    text = N_("主管部门的账号至少要有一项职责，其他账号没有职责。")


class TokenRefused(Refused):
    """As RFC 6750 has it: `error` for machines, `description` in ASCII for whoever reads their logs."""

    status = 401
    error = "invalid_token"
    description = ""


class TokenMissing(TokenRefused):
    code = "token_missing"
    error = ""
    text = N_("请求里没有令牌。请写明 Authorization: Bearer 令牌。")


class TokenInvalid(TokenRefused):
    code = "token_invalid"
    description = "The token is unknown, was revoked, or its account has ended."
    text = N_("令牌不存在，或已停用。更改或重设密码、停用账号，都会停用账号的令牌。")


class TokenExpired(TokenRefused):
    code = "token_expired"
    description = "The token has expired."
    text = N_("令牌“{name}”已于 {expired_on} 到期。请在“接口令牌”页建立新的令牌。")


class ScopeMissing(TokenRefused):
    code = "scope_missing"
    status = 403
    error = "insufficient_scope"
    description = "The token was made for less."
    text = N_("令牌“{name}”没有“{scope}”的权限。")


class ScopeNotForClerks(Forbidden):
    code = "scope_not_for_clerks"
    text = N_("涂层密码的令牌只能由企业的第一个账号建立。")


class TokenUnfit(Refused):
    code = "token_unfit"
    text = N_("令牌至少要有一项权限，有效期最长 {most} 天。")


def plain_name(text: str) -> str:
    """A sign-in name however it is typed."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def normal_sign_in_name(text: str) -> str:
    """Raises SignInNameUnfit."""
    name = plain_name(text)
    if not SIGN_IN_NAME.fullmatch(name):
        raise SignInNameUnfit
    return name


def check_password(password: str, *, sign_in_name: str) -> None:
    weak = len(password) < SHORTEST_PASSWORD or len(set(password)) < 4
    if weak or sign_in_name in password.lower():
        raise PasswordTooWeak(shortest=SHORTEST_PASSWORD)


def check_one_time_password_age(set_at: datetime, now: datetime, days: int) -> None:
    if now - set_at > timedelta(days=days):
        raise OneTimePasswordExpired


def check_token_facts(scopes: Collection[str], days: int) -> None:
    if not scopes or not 1 <= days <= TOKEN_DAYS[-1]:
        raise TokenUnfit(most=TOKEN_DAYS[-1])


def wait_after(tries: int, free: int) -> int:
    """Seconds until the next try, when so many have failed: none for the free ones, then 2, 4, 8 … at most 15 minutes."""
    return 0 if tries <= free else min(2 ** min(tries - free, 10), LONGEST_WAIT)
