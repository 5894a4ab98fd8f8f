"""Where leads come from: patrols, alerts, the public, growers' objections. Each source names what is no lead yet."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.coded_again import above_cap, all_coded_again
from gi_trace.batches.models import Batch, find_batch
from gi_trace.batches.reconciliation import reconcile
from gi_trace.casework.actions.leads import NewLead, add_lead
from gi_trace.casework.models import Lead
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.codes.unit_code import Malformed, Origin, open_code, parse
from gi_trace.database import act, db
from gi_trace.errors import N_
from gi_trace.jobs.kinds import JobOutcome, RunningJob, job
from gi_trace.jobs.rules import every
from gi_trace.keys import keys
from gi_trace.patrol.models import Finding
from gi_trace.registry.models import Crop, PartyKind, Seasons, find_party
from gi_trace.stock.models import Slip
from gi_trace.stock.rules.seasons import Season, SeasonPart
from gi_trace.stock.rules.weights import Grams
from gi_trace.stock.season_balance import Discrepancy, DiscrepancyKind
from gi_trace.verification.models import Alert, AlertState, Report, ReportKind, ReportState


@job("leads.gather", N_("收取新线索"), schedule=every(timedelta(hours=1)))
def gather_in_background(job: RunningJob) -> JobOutcome:
    return JobOutcome(N_("新收 {count} 条线索。"), count=len(gather_leads(by=job.asked_by)))


def gather_leads(*, by: Account | None) -> list[Lead]:
    """Everything that became known since the last time; a second run finds nothing."""
    new = [one for source in SOURCES for one in source()]  # long to find, so before the act
    try:
        return _take_in(new, by)
    except IntegrityError:  # somebody is taking the same in at this moment
        return []


@act
def _take_in(new: list[NewLead], by: Account | None) -> list[Lead]:
    return [add_lead(one, by=by) for one in new]


def finding_leads() -> Iterator[NewLead]:
    query = select(Finding).where(_is_new("finding", Finding.id)).order_by(Finding.first_received_at)
    for finding in db.session.scalars(query).all():
        if finding.visit is not None and finding.versions:
            yield _lead_of_finding(finding)


def alert_leads() -> Iterator[NewLead]:
    """What the service noticed and no officer has dismissed."""
    query = select(Alert).where(_is_new("alert", Alert.id), Alert.state != AlertState.DISMISSED)
    for alert in db.session.scalars(query.order_by(Alert.id)).all():
        yield NewLead(
            source=LeadSource.ALERT,
            source_key=f"alert:{alert.id}",
            title=alert.kind.lead_title,
            what=_unit_words(alert.batch, alert.unit),
            received_on=clock.day_of(alert.raised_at),
            product_id=alert.batch.product_id if alert.batch else None,
            batch_number=alert.batch_number,
            first_unit=alert.unit,
            last_unit=alert.unit,
        )


def report_leads() -> Iterator[NewLead]:
    """Complaints and reports are kept apart (投诉举报处理暂行办法 art. 7); who wrote is hidden."""
    query = select(Report).where(_is_new("report", Report.id), Report.state != ReportState.CLOSED)
    for report in db.session.scalars(query.order_by(Report.id)).all():
        is_complaint = report.kind == ReportKind.COMPLAINT
        yield NewLead(
            source=LeadSource.REPORT,
            source_key=f"report:{report.id}",
            title=report.kind.lead_title,
            what="\n".join([report.what, _unit_words(report.batch, report.unit)]).strip(),
            received_on=clock.day_of(report.sent_at),
            respondent_address=report.bought_at,
            product_id=report.batch.product_id if report.batch else None,
            batch_number=report.batch_number,
            first_unit=report.unit,
            last_unit=report.unit,
            identity=report.contact,
            claim=report.what if is_complaint else None,
        )


def objection_leads() -> Iterator[NewLead]:
    """A grower says that a harvest or transfer in his name is not his."""
    query = select(Slip).where(_is_new("slip", Slip.id), Slip.objected_at.is_not(None))
    for slip in db.session.scalars(query.order_by(Slip.id)).all():
        assert slip.objected_at is not None
        receiver = slip.transfer.receiver if slip.transfer else None
        firm = receiver if receiver and receiver.kind is PartyKind.ENTERPRISE else None
        yield NewLead(
            source=LeadSource.STOCK,
            source_key=f"slip:{slip.id}",
            title=f"种植户对批料 {slip.lot.number} 提出异议",
            what=slip.objection,
            received_on=clock.day_of(slip.objected_at),
            respondent_name=firm.name if firm else "",
            respondent_code=firm.uscc or "" if firm else "",
            party_id=firm.id if firm else None,
        )


def discrepancy_leads() -> Iterator[NewLead]:
    """What the books of this year and of the one before cannot explain."""
    known = set(db.session.scalars(select(Lead.source_key).where(Lead.source == LeadSource.STOCK)))
    for crop in db.session.scalars(select(Crop).order_by(Crop.id)).all():
        for season in _recent_seasons(crop):
            for found in reconcile(season, crop).discrepancies:
                new = _lead_of_discrepancy(found)
                # Of an offer the other side has only to answer: nothing is wrong yet.
                if found.kind is not DiscrepancyKind.OPEN_OFFER and new.source_key not in known:
                    yield new


def coded_again_leads() -> Iterator[NewLead]:
    """More of a firm's product came back from use within a year than the cap lets."""
    known = set(db.session.scalars(select(Lead.source_key).where(Lead.source == LeadSource.STOCK)))
    for one, back_g, most_g in above_cap(all_coded_again()):
        key, firm = f"coded_again:{one.act_number}", one.batch.party
        if key in known:
            continue
        yield NewLead(
            source=LeadSource.STOCK,
            source_key=key,
            title=f"启用后退回的重量超过上限：{firm.name}",
            what=f"批次 {one.batch.number_text} 退回 {Grams(one.grams)}；一年内共 {Grams(back_g)}，上限 {Grams(most_g)}；"
            f"存证记录第 {one.act_number} 行",
            received_on=clock.today(),
            respondent_name=firm.name,
            respondent_code=firm.uscc or "",
            party_id=firm.id,
            product_id=one.batch.product_id,
            batch_number=one.batch.number,
        )


SOURCES: list[Callable[[], Iterator[NewLead]]] = [
    finding_leads,
    alert_leads,
    report_leads,
    objection_leads,
    discrepancy_leads,
    coded_again_leads,
]


def _recent_seasons(crop: Crop) -> list[Season]:
    parts = [SeasonPart.YEAR] if crop.seasons == Seasons.YEAR else [SeasonPart.EARLY, SeasonPart.LATE]
    this_year = clock.today().year
    return [Season(year, part) for year in (this_year - 1, this_year) for part in parts]


def _lead_of_discrepancy(found: Discrepancy) -> NewLead:
    batch = find_batch(found.subject) if found.kind.of_batch else None
    acts = "、".join(str(number) for number in found.act_numbers)
    return NewLead(
        source=LeadSource.STOCK,
        source_key=f"stock:{found.kind}:{found.subject}",
        title=f"{found.kind.label}：{found.subject}",
        what=f"{Grams(found.grams)}；存证记录第 {acts} 行" if acts else str(Grams(found.grams)),
        received_on=clock.today(),
        respondent_name=found.party.name,
        respondent_code=found.party.uscc or "",
        party_id=found.party.id,
        batch_number=batch.number if batch else None,
    )


def _is_new(kind: str, row_id: Any) -> ColumnElement[bool]:
    return (f"{kind}:" + cast(row_id, String)).not_in(
        select(Lead.source_key).where(Lead.source_key.is_not(None))
    )


def _lead_of_finding(finding: Finding) -> NewLead:
    latest, shop = finding.latest, finding.visit.shop if finding.visit else None
    assert shop is not None
    party = find_party(shop.code) if shop.code else None
    batch_number, unit = _first_own_unit(latest.scans)
    return NewLead(
        source=LeadSource.FINDING,
        source_key=f"finding:{finding.id}",
        title=f"{shop.name}：{latest.offence.text}",
        what=latest.note or latest.statement,
        received_on=clock.day_of(finding.first_received_at),
        respondent_name=shop.name,
        respondent_code=shop.code,
        respondent_address=shop.address,
        party_id=party.id if party else None,
        product_id=latest.product_id,
        batch_number=batch_number,
        first_unit=unit,
        last_unit=unit,
        value_fen=latest.value_fen,
        finding_ids=(finding.id,),
    )


def _first_own_unit(scans: list[dict[str, object]]) -> tuple[int | None, int | None]:
    """Batch and unit of the first scanned code that is ours."""
    for scan in scans:
        try:
            opened = open_code(parse(str(scan.get("code", ""))), keys().by_epoch)
        except Malformed:
            continue
        if opened.origin == Origin.OURS and opened.batch_number is not None and opened.unit:
            if db.session.get(Batch, opened.batch_number):
                return opened.batch_number, opened.unit
    return None, None


def _unit_words(batch: Batch | None, unit: int | None) -> str:
    if batch is None:
        return ""
    return f"批次 {batch.number_text}" + (f" 第 {unit} 件" if unit else "")
