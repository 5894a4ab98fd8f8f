"""Acts on campaigns: open, add a team, close with the final report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.campaigns.models import (
    Campaign,
    CampaignTeam,
    members_of,
    pictures_of,
    progress_of,
    visits_of,
)
from gi_trace.campaigns.report import campaign_paper
from gi_trace.campaigns.rules import NoTeamYet, check_days, check_members, check_running
from gi_trace.casework.rules.leads import required_text
from gi_trace.casework.rules.steps import PersonLeft
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@dataclass(frozen=True)
class CampaignFacts:
    name: str
    area: str
    aim: str
    starts_on: date
    ends_on: date
    target_visits: int


@act
def open_campaign(facts: CampaignFacts, *, by: Account) -> Campaign:
    check_days(facts.starts_on, facts.ends_on)
    campaign = Campaign(**vars(facts))
    db.session.add(campaign)
    record(Acted.CAMPAIGN_OPENED, campaign, by=by, facts=vars(facts))
    return campaign


@act
def add_team(
    campaign: Campaign, name: str, members: Sequence[Account], *, area: str, target_visits: int, by: Account
) -> CampaignTeam:
    lock(campaign)
    check_running(campaign.closed_on)
    taken = {member.id for member in members_of(campaign)}
    check_members(name, [(member.id, member.name) for member in members], taken)
    for member in members:
        if member.closed_at is not None:
            raise PersonLeft(name=member.name)
    team = CampaignTeam(name=name.strip(), area=area.strip(), target_visits=target_visits)
    team.members.extend(members)
    campaign.teams.append(team)
    ids = [member.id for member in members]
    record(Acted.CAMPAIGN_TEAM_ADDED, campaign, by=by, facts={"name": team.name, "members": ids})
    return team


@act
def close_campaign(campaign: Campaign, *, summary: str, by: Account) -> None:
    """From here the report's numbers stand as they are now."""
    lock(campaign)
    check_running(campaign.closed_on)
    if not campaign.teams:
        raise NoTeamYet
    campaign.summary, campaign.closed_on = required_text(summary), clock.today()
    campaign.final = {
        "whole": progress_of(visits_of(campaign, members_of(campaign))).plain,
        "teams": {
            str(team.id): progress_of(visits_of(campaign, team.members)).plain for team in campaign.teams
        },
    }
    record(Acted.CAMPAIGN_CLOSED, campaign, by=by, facts={"summary": campaign.summary, **campaign.final})


def print_report(campaign: Campaign, *, by: Account) -> bytes:
    """The report as PDF; its pictures count as looked at."""
    photos = pictures_of(visits_of(campaign, members_of(campaign)))
    paper = campaign_paper(campaign, photos, office=current_app.config["OFFICE_NAME"])
    _record_print(campaign, [photo.sha256 for photo in photos], by=by)  # drawn before, seen only after
    return paper


@act
def _record_print(campaign: Campaign, photos: list[str | None], *, by: Account) -> None:
    record(Acted.CAMPAIGN_PRINTED, campaign, by=by, facts={"photos": photos})
