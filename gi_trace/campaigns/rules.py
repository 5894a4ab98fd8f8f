"""What a campaign must be. Pure."""

from collections.abc import Sequence
from datetime import date

from gi_trace.errors import N_, Refused


class CampaignDaysWrong(Refused):
    code = "campaign_days_wrong"
    text = N_("结束日期不能早于开始日期。")


class TeamEmpty(Refused):
    code = "team_empty"
    text = N_("小组“{name}”没有成员。")


class MemberTwice(Refused):
    code = "member_twice"
    text = N_("{name} 已在另一小组。")


class CampaignOver(Refused):
    code = "campaign_over"
    text = N_("此专项行动已于 {day} 结束。")


class NoTeamYet(Refused):
    code = "no_team_yet"
    text = N_("还没有小组，不能结束行动。")


def check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise CampaignDaysWrong


def check_running(closed_on: date | None) -> None:
    if closed_on is not None:
        raise CampaignOver(day=closed_on.isoformat())


def check_members(team: str, members: Sequence[tuple[int, str]], taken: set[int]) -> None:
    """Members as (id, name), at least one; nobody is in two teams, so that no visit counts twice."""
    if not members:
        raise TeamEmpty(name=team)
    for account_id, name in members:
        if account_id in taken:
            raise MemberTwice(name=name)
