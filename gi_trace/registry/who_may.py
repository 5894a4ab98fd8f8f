"""Who may act for whom: asked by the acts of every room above, and by the faces for what they show."""

from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.accounts.officers import (  # noqa: F401  (who asks about officers finds all of it here)
    DutyMissing,
    SecondOfficerNeeded,
    SecondOfficerTheSame,
    are_tied,
    as_proposed,
    check_duty,
    check_second_officer,
    check_two_people,
)
from gi_trace.errors import N_, Forbidden, Refused
from gi_trace.registry.models import Area, Party, PartyKind


class NotYourParty(Forbidden):
    code = "not_your_party"
    text = N_("您不能替{party}办理。")


class OfficerHoldsNoGoods(Forbidden):
    code = "officer_holds_no_goods"
    text = N_("主管部门人员不替种植户和企业申报采收、经手货物。请由村级账号或企业自己的账号办理。")


class AuthorityOnly(Forbidden):
    code = "authority_only"
    text = N_("这件事只能由主管部门办理。")


class OfficersOnly(Forbidden):
    code = "officers_only"
    text = N_("这件事只能由主管部门或巡查人员办理。")


class OfficersTheSame(Refused):
    code = "officers_the_same"
    text = N_("检查和办案须由两名不同的执法人员进行，请选另一名同事。")


def lineage(area: Area | None) -> list[Area]:
    """The area and those that it lies within, from small to large."""
    areas = []
    while area is not None:
        areas.append(area)
        area = area.within
    return areas


def acts_for(account: Account, party: Party) -> bool:
    """An enterprise acts for itself, a village account for the growers of its area, the authority for all."""
    if account.role is Role.VILLAGE:
        near = account.area_id in [area.id for area in lineage(party.area)]
        return party.kind is PartyKind.GROWER and near
    return account.role is Role.AUTHORITY or account.party_id == party.id


def check_acts_for(account: Account, party: Party) -> None:
    if not acts_for(account, party):
        raise NotYourParty(party=party.name)


def check_no_officer(account: Account) -> None:
    """Who decides how much may be picked neither picks nor takes it in."""
    if account.role is Role.AUTHORITY:
        raise OfficerHoldsNoGoods


def check_handles_goods_of(account: Account, party: Party) -> None:
    """For acts on goods. Raises NotYourParty, OfficerHoldsNoGoods."""
    check_no_officer(account)
    check_acts_for(account, party)


def check_authority(account: Account) -> None:
    """Raises AuthorityOnly; DutyMissing of an officer who handles nothing."""
    if account.role is not Role.AUTHORITY:
        raise AuthorityOnly
    check_duty(account, Duty.HANDLER)


def check_officer(account: Account) -> None:
    if account.role not in (Role.AUTHORITY, Role.INSPECTOR):
        raise OfficersOnly


def check_two_officers(first_id: int, second_id: int) -> None:
    """At least two inspect and investigate (行政处罚法 art. 42)."""
    if first_id == second_id:
        raise OfficersTheSame
