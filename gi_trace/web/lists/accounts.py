"""Accounts as a list: of everyone, or of one firm's clerks."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.registry.finding import name_has, party_is_called
from gi_trace.registry.models import Area, Party
from gi_trace.web.lists.filters import text_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.words import label

STATES = {
    "usable": (_("可用"), Account.closed_at.is_(None) & Account.password_is_one_time.is_(False)),
    "new": (_("待首次登录"), Account.closed_at.is_(None) & Account.password_is_one_time.is_(True)),
    "closed": (_("已停用"), Account.closed_at.is_not(None)),
}


def account_listing(
    *whose: ColumnElement[bool], page: Callable[[Account], str] | None = None, **more: Any
) -> Listing:
    """Accounts that the conditions let through; `page` is where one of them is shown."""
    return Listing(
        name="accounts",
        title=_("账号"),
        query=select(Account).outerjoin(Account.party).outerjoin(Account.area).where(*whose),
        headings=[
            Heading(
                "name",
                _("姓名"),
                lambda account: Link(account.name, page(account)) if page else account.name,
                Account.name,
            ),
            Heading("sign_in_name", _("登录名"), lambda account: account.sign_in_name, Account.sign_in_name),
            Heading("role", _("角色"), _role, Account.role),
            Heading("of", _("所属"), _belongs_to, func.coalesce(Party.name, Area.name)),
            Heading("badge", _("执法证号"), lambda account: account.badge_number, only_in_file=True),
            Heading("opened_at", _("开通"), lambda account: account.opened_at, Account.opened_at),
            Heading("state", _("状态"), _state),
        ],
        order=[Account.closed_at.is_not(None), Account.role, Account.id.desc()],
        filters=[
            text_filter(_("姓名、登录名或企业"), account_is_called),
            Filter("role", _("角色"), lambda value: Account.role == value, choices=worded(Role)),
            Filter(
                "state",
                _("状态"),
                lambda value: STATES[value][1],
                choices=[(name, words) for name, (words, _condition) in STATES.items()],
            ),
        ],
        loaded=[contains_eager(Account.party), contains_eager(Account.area)],
        empty=_("没有符合的账号。"),
        **more,
    )


def account_is_called(asked: str) -> ColumnElement[bool]:
    signs_in_as = func.lower(Account.sign_in_name).contains(asked.lower(), autoescape=True)
    return name_has(Account.name, asked) | signs_in_as | party_is_called(asked)


def _role(account: Account) -> list[Any]:
    return [label(account.role), *(label(duty) for duty in Duty if duty in account.duties)]


def _belongs_to(account: Account) -> str:
    if account.party:
        return account.party.name
    return account.area.name if account.area else ""


def _state(account: Account) -> Tag:
    if account.closed_at:
        return Tag(_("已停用"), "bad")
    return Tag(_("待首次登录"), "warn") if account.password_is_one_time else Tag(_("可用"), "good")
