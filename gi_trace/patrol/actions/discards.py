"""The act that keeps why an officer gave up what the service had refused."""

from typing import Any

from gi_trace.database import act, db
from gi_trace.patrol.actions.arriving import (
    OfVisit,
    arrived,
    check_in_visit,
    check_of_visit,
    kept,
    known_as,
    officer_with,
)
from gi_trace.patrol.items import DISCARD, Made, read_item
from gi_trace.patrol.models import Discard, Evidence, FindingVersion, Scan, Visit, VisitVersion
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import ItemKind
from gi_trace.record.acts import Acted

ROWS: dict[str, type[OfVisit]] = {
    ItemKind.VISIT: VisitVersion,
    ItemKind.SCAN: Scan,
    ItemKind.FINDING: FindingVersion,
    ItemKind.PHOTO: Evidence,
}


def record_discard(item: object, *, phone: PatrolPhone) -> Discard:
    """Also of a visit that never arrived: it was refused itself."""
    return _record_discard(*read_item(DISCARD, item), phone)


@act
def _record_discard(made: Made, facts: dict[str, Any], phone: PatrolPhone) -> Discard:
    officer = officer_with(phone)
    if known := known_as(Discard, made, officer):
        return known
    visit = db.session.get(Visit, facts["visit"])
    if visit is not None:
        check_in_visit(visit, officer)
    for item in facts["items"]:
        check_of_visit(ROWS[item["kind"]], item["id"], facts["visit"])
    discard = Discard(visit_id=facts.pop("visit"), **arrived(phone, made), **facts)
    db.session.add(discard)
    counts = {kind.value: count for kind, count in discard.counts.items()}
    return kept(Acted.ITEMS_DISCARDED, discard, discard, officer, {"visit": discard.visit_id, **counts})
