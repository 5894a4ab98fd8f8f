"""Campaigns: for a time, in an area, with aims, by teams; and how far they have come."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from gi_trace.accounts.models import Account
from gi_trace.casework.models import Case, Lead, LeadFinding
from gi_trace.clock import start_of
from gi_trace.database import Base, db
from gi_trace.patrol.models import Evidence, EvidenceState, Finding, FindingVersion, Visit, VisitVersion

campaign_member = Table(
    "campaign_member",
    Base.metadata,
    Column("team_id", ForeignKey("campaign_team.id"), primary_key=True),
    Column("account_id", ForeignKey("account.id"), primary_key=True),
)


class Campaign(Base):
    """A concerted action. `final` holds the numbers as they were when it was closed."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    area: Mapped[str] = mapped_column(String(200))
    aim: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    target_visits: Mapped[int]
    closed_on: Mapped[date | None]
    summary: Mapped[str] = mapped_column(Text, default="")
    final: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    teams: Mapped[list["CampaignTeam"]] = relationship(back_populates="campaign", order_by="CampaignTeam.id")


class CampaignTeam(Base):
    """Officers with their part of the area and of the target."""

    __tablename__ = "campaign_team"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    area: Mapped[str] = mapped_column(String(200), default="")
    target_visits: Mapped[int]

    campaign: Mapped[Campaign] = relationship(back_populates="teams")
    members: Mapped[list[Account]] = relationship(secondary=campaign_member, order_by=Account.id)


@dataclass(frozen=True)
class Progress:
    """Numbers of a team or of the whole; `value_fen` 货值 of what was found, `fines_fen` decided."""

    visits: int = 0
    shops: int = 0
    findings: int = 0
    value_fen: int = 0
    leads: int = 0
    cases: int = 0
    decided: int = 0
    fines_fen: int = 0
    offences: dict[str, int] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        return asdict(self)


def all_campaigns() -> list[Campaign]:
    return list(db.session.scalars(select(Campaign).order_by(Campaign.starts_on.desc(), Campaign.id.desc())))


# What progress and pictures look at, in a few queries for all visits.
FOUND = selectinload(Visit.findings)
FOR_PROGRESS = (
    FOUND.selectinload(Finding.versions).selectinload(FindingVersion.offence),
    FOUND.selectinload(Finding.photos),
)


def visits_of(campaign: Campaign, members: Iterable[Account]) -> list[Visit]:
    """Visits in the campaign's days in which a member took part, as first or second officer."""
    ids = [member.id for member in members]
    joined = select(VisitVersion.visit_id).where(VisitVersion.second_officer_id.in_(ids))
    query = select(Visit).where(
        Visit.first_received_at >= start_of(campaign.starts_on),
        Visit.first_received_at < start_of(campaign.ends_on + timedelta(days=1)),
        Visit.officer_id.in_(ids) | Visit.id.in_(joined),
    )
    return list(db.session.scalars(query.order_by(Visit.first_received_at).options(*FOR_PROGRESS)))


def members_of(campaign: Campaign) -> list[Account]:
    return [member for team in campaign.teams for member in team.members]


def progress_of(visits: list[Visit]) -> Progress:
    findings = [finding for visit in visits for finding in visit.findings]
    latest = [finding.latest for finding in findings if finding.versions]
    leads = _leads_of(findings)
    query = select(Case).where(Case.lead_id.in_([lead.id for lead in leads]))
    cases = list(db.session.scalars(query.options(selectinload(Case.decision))))
    decisions = [case.decision for case in cases if case.decision]
    return Progress(
        visits=len(visits),
        shops=len({visit.shop_id for visit in visits}),
        findings=len(latest),
        value_fen=sum(one.value_fen for one in latest),
        leads=len(leads),
        cases=len(cases),
        decided=len(decisions),
        fines_fen=sum(one.fine_fen for one in decisions),
        offences=dict(Counter(one.offence.text for one in latest).most_common()),
    )


def pictures_of(visits: list[Visit], most: int = 12) -> list[Evidence]:
    """The first complete photo of each finding, those of the highest value first."""
    findings = [finding for visit in visits for finding in visit.findings if finding.versions]
    findings.sort(key=lambda finding: -finding.latest.value_fen)
    photos = [_first_photo(finding) for finding in findings]
    return [photo for photo in photos if photo is not None][:most]


def _first_photo(finding: Finding) -> Evidence | None:
    return next((photo for photo in finding.photos if photo.state == EvidenceState.COMPLETE), None)


def _leads_of(findings: list[Finding]) -> list[Lead]:
    ids = [finding.id for finding in findings]
    lead_ids = select(LeadFinding.lead_id).where(LeadFinding.finding_id.in_(ids))
    return list(db.session.scalars(select(Lead).where(Lead.id.in_(lead_ids))))
