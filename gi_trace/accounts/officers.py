"""What an officer of the authority may do alone, and what takes a second one: one proposes, another confirms."""

from typing import Any

from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.errors import N_, Forbidden, Refused


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


def has_duty(account: Account, duty: Duty) -> bool:
    return account.role is Role.AUTHORITY and duty in account.duties


def check_duty(account: Account, duty: Duty) -> None:
    if not has_duty(account, duty):
        raise DutyMissing(name=account.name, duty=duty.label)


def check_second_officer(by: Account, confirmed_by: Account | None) -> None:
    """For an act that takes two: `by` proposed it. Raises SecondOfficerNeeded, SecondOfficerTheSame, DutyMissing,
    OfficerLeft."""
    if confirmed_by is None:
        raise SecondOfficerNeeded
    if confirmed_by.id == by.id:
        raise SecondOfficerTheSame
    check_duty(confirmed_by, Duty.REVIEWER)
    if confirmed_by.closed_at:
        raise OfficerLeft(name=confirmed_by.name)


def as_proposed(by: Account | None, confirmed_by: Account | None) -> dict[str, Any]:
    """What the record says beside the second officer, who is its actor."""
    return {"proposed_by": by.id} if by and confirmed_by else {}
