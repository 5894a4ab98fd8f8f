"""The numbers of a campaign for its page and its paper."""

from dataclasses import dataclass

from gi_trace.campaigns.models import Campaign, CampaignTeam, Progress, members_of, progress_of, visits_of
from gi_trace.casework.rules.money import Yuan
from gi_trace.clock import minute_of
from gi_trace.evidence.store import evidence_store
from gi_trace.patrol.models import Evidence


@dataclass(frozen=True)
class CampaignReport:
    """The whole, and each team with its own; of a closed campaign as it was then."""

    whole: Progress
    teams: list[tuple[CampaignTeam, Progress]]


def report_of(campaign: Campaign) -> CampaignReport:
    if campaign.final is not None:
        kept = campaign.final["teams"]
        teams = [(team, Progress(**kept[str(team.id)])) for team in campaign.teams]
        return CampaignReport(Progress(**campaign.final["whole"]), teams)
    teams = [(team, progress_of(visits_of(campaign, team.members))) for team in campaign.teams]
    return CampaignReport(progress_of(visits_of(campaign, members_of(campaign))), teams)


def campaign_paper(campaign: Campaign, photos: list[Evidence], *, office: str) -> bytes:
    from gi_trace.labels.paper import PHOTO_HEIGHT_MM, Paper

    report, paper = report_of(campaign), Paper(f"{office}　{campaign.name}")
    paper.heading(f"{campaign.name}　{'总结报告' if campaign.closed_on else '进展报告'}", size=18)
    paper.facts(_head_rows(campaign, report.whole))
    for team, progress in report.teams:
        paper.heading(f"{team.name}　{team.area}".rstrip("　"), size=12)
        members = "、".join(member.name for member in team.members)
        paper.facts([("成员", members), *_number_rows(progress, team.target_visits)])
    if report.whole.offences:
        paper.heading("违法情形")
        paper.facts((text, f"{count} 起") for text, count in report.whole.offences.items())
    if campaign.summary:
        paper.heading("总结")
        paper.text_block(campaign.summary)
    if photos:
        paper.heading("现场照片", room_mm=PHOTO_HEIGHT_MM + 60)
        paper.photos((evidence_store().copy(photo.sha256 or ""), _caption(photo)) for photo in photos)
    paper.signatures(["负责人"])
    return paper.finished()


def _head_rows(campaign: Campaign, whole: Progress) -> list[tuple[str, object]]:
    return [
        ("时间", f"{campaign.starts_on.isoformat()} 至 {campaign.ends_on.isoformat()}"),
        ("区域", campaign.area),
        ("目标", campaign.aim),
        *_number_rows(whole, campaign.target_visits),
    ]


def _number_rows(progress: Progress, target_visits: int) -> list[tuple[str, object]]:
    return [
        ("检查", f"{progress.visits} 次（目标 {target_visits} 次），{progress.shops} 家"),
        ("发现", f"{progress.findings} 起，货值 {Yuan(progress.value_fen)}"),
        ("线索与案件", f"线索 {progress.leads} 条，立案 {progress.cases} 件，决定 {progress.decided} 件"),
        ("罚款", Yuan(progress.fines_fen)),
    ]


def _caption(photo: Evidence) -> str:
    return f"{minute_of(photo.happened_at)}　{photo.by.name}"
