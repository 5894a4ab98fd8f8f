"""Where leads come from: what patrols found. Each source names what is no lead yet."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.codes.unit_code import Malformed, Origin, open_code, parse
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.patrol.cases.actions.leads import NewLead, add_lead
from gi_trace.patrol.cases.models import Lead
from gi_trace.patrol.cases.rules.risk import LeadSource
from gi_trace.patrol.models import Finding
from gi_trace.registry.models import find_party


def gather_leads(*, by: Account | None) -> list[Lead]:
    """Everything that became known since the last time; a second run finds nothing."""
    leads = [add_lead(new, by=by) for source in SOURCES for new in source()]
    db.session.commit()
    return leads


def finding_leads() -> Iterator[NewLead]:
    known = select(Lead.source_key).where(Lead.source == LeadSource.FINDING)
    query = select(Finding).where(("finding:" + Finding.id).not_in(known))
    for finding in db.session.scalars(query.order_by(Finding.first_received_at)).all():
        if finding.visit is not None and finding.versions:
            yield _lead_of_finding(finding)


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
        if opened.origin == Origin.OURS:
            return opened.batch_number, opened.unit
    return None, None


SOURCES: list[Callable[[], Iterator[NewLead]]] = [finding_leads]
