"""Who may open which account, and what a password must be. Pure."""

import re
import unicodedata
from datetime import datetime, timedelta

from gi_trace.errors import N_, Forbidden, Refused

SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
SHORTEST_PASSWORD = 10


class SignInRefused(Refused):
    """One text for an unknown name, a wrong password and a closed account: it tells a guesser nothing."""

    code = "sign_in_refused"
    status = 401
    text = N_("登录名或密码不正确，或账号已停用。")


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


class LastOfficer(Refused):
    code = "last_officer"
    text = N_("这是主管部门最后一个可用账号，不能停用。")


def normal_sign_in_name(text: str) -> str:
    """Raises SignInNameUnfit."""
    name = unicodedata.normalize("NFKC", text).strip().lower()
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
