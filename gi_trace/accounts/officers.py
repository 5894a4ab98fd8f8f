"""What an officer of the authority may do alone, and what takes a second one: one proposes, another confirms."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.database import db
from gi_trace.errors import N_, Forbidden, Refused
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow


class DutyMissing(Forbidden):
    code = "duty_missing"
    text = N_("{name}没有“{duty}”职责，不能办理这件事。")


class SecondOfficerNeeded(Refused):
    code = "second_officer_needed"
    text = N_("这件事须由另一名有“审核”职责的同事复核，请先提请复核。")


class SecondOfficerTheSame(Refused):
    code = "second_officer_the_same"
    text = N_("提请人不能复核自己的提请，须由另一名同事复核。")


class OfficerLeft(Refused):
    code = "officer_left"
    text = N_("{name}的账号已停用，不能复核。")


class PasswordHandedOver(Refused):
    code = "password_handed_over"
    text = N_(
        "{name}的密码是{giver}（或者{giver}给过密码的账号）开通账号或重设密码时交出的，这两个账号不能互相复核或见证。"
        "请由另一名同事办理；或者由别的管理员、在服务器上用 create-admin 给{name}重设密码。"
    )


def has_duty(account: Account, duty: Duty) -> bool:
    return account.role is Role.AUTHORITY and duty in account.duties


def check_duty(account: Account, duty: Duty) -> None:
    if not has_duty(account, duty):
        raise DutyMissing(name=account.name, duty=duty.label)


def check_second_officer(by: Account, confirmed_by: Account | None) -> None:
    """For an act that takes two: `by` proposed it. Raises SecondOfficerNeeded, SecondOfficerTheSame, DutyMissing,
    OfficerLeft, PasswordHandedOver."""
    if confirmed_by is None:
        raise SecondOfficerNeeded
    if confirmed_by.id == by.id:
        raise SecondOfficerTheSame
    check_duty(confirmed_by, Duty.REVIEWER)
    if confirmed_by.closed_at:
        raise OfficerLeft(name=confirmed_by.name)
    check_two_people(by, confirmed_by)


def check_two_people(one: Account, other: Account) -> None:
    """Two accounts may be one person where one handed the other its password, itself or through accounts that it
    handed theirs, whoever chose a new one with it since. Raises PasswordHandedOver."""
    for account, giver in ((one, other), (other, one)):
        if is_handed_over(account, by=giver):
            raise PasswordHandedOver(name=account.name, giver=giver.name)


def are_tied(one: Account, other: Account) -> bool:
    return is_handed_over(one, by=other) or is_handed_over(other, by=one)


def is_handed_over(account: Account, *, by: Account) -> bool:
    return account.id != by.id and by.id in _hands(account)


def _hands(account: Account | None) -> Iterator[int]:
    """Whoever held these may hold the account: who gave its last one-time password, who had given that giver the one
    that he had then, and so on. Opening an officer hands over none."""
    before = None
    while account and (given := _last_given(account, before)):
        before, giver_id = given.number, given.by.removeprefix("account:")
        account = db.session.get(Account, int(giver_id)) if giver_id.isdecimal() else None
        if account:
            yield account.id


def _last_given(account: Account, before: int | None) -> RecordRow | None:
    acts = [Acted.ACCOUNT_RESET]
    if account.role is not Role.AUTHORITY:
        acts += [Acted.ACCOUNT_OPENED, Acted.ACCOUNT_REOPENED]
    given = select(RecordRow).where(RecordRow.subject == f"account:{account.id}", RecordRow.act.in_(acts))
    if before is not None:
        given = given.where(RecordRow.number < before)
    return db.session.scalar(given.order_by(RecordRow.number.desc()).limit(1))


def as_proposed(by: Account | None, confirmed_by: Account | None) -> dict[str, Any]:
    """What the record says beside the second officer, who is its actor."""
    return {"proposed_by": by.id} if by and confirmed_by else {}
