"""The act that keeps a scan: every one of a visit, whatever came of it."""

from typing import Any

from gi_trace.database import act, db
from gi_trace.patrol.actions.arriving import arrived, kept, known_as, officer_with, visit_of
from gi_trace.patrol.items import SCAN, Made, read_item
from gi_trace.patrol.models import Scan
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.record.acts import Acted
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict


def record_scan(item: object, *, phone: PatrolPhone) -> Scan:
    """What was scanned or typed at a visit, with the service's own verdict beside the phone's; nobody's check."""
    made, facts = read_item(SCAN, item)
    return _record_scan(made, facts.pop("visit"), facts, look_at(facts["text"]).verdict, phone)


@act
def _record_scan(
    made: Made, visit_id: str, facts: dict[str, Any], verdict: Verdict, phone: PatrolPhone
) -> Scan:
    officer = officer_with(phone)
    if known := known_as(Scan, made, officer):
        return known
    visit = visit_of(visit_id, officer)
    scan = Scan(visit_id=visit.id, server_verdict=verdict.value, **arrived(phone, made), **facts)
    db.session.add(scan)
    return kept(Acted.SCAN_RECORDED, visit, scan, officer, {})
