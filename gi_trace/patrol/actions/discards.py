"""The act that keeps why an officer gave up what the service had refused."""

from typing import Any

from gi_trace.database import act, db
from gi_trace.patrol.actions.arriving import arrived, check_in_visit, kept, known_as, officer_with
from gi_trace.patrol.items import DISCARD, Made, read_item
from gi_trace.patrol.models import Discard, Visit
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.record.acts import Acted


def record_discard(item: object, *, phone: PatrolPhone) -> Discard:
    """Also of a visit that never arrived: it was refused itself."""
    return _record_discard(*read_item(DISCARD, item), phone)


@act
def _record_discard(made: Made, facts: dict[str, Any], phone: PatrolPhone) -> Discard:
    officer = officer_with(phone)
    if known := known_as(Discard, made):
        return known
    visit = db.session.get(Visit, facts["visit"])
    if visit is not None:
        check_in_visit(visit, officer)
    discard = Discard(visit_id=facts.pop("visit"), by_id=officer.id, **arrived(made), **facts)
    db.session.add(discard)
    counts = {kind.value: count for kind, count in discard.counts.items()}
    return kept(Acted.ITEMS_DISCARDED, discard, discard, officer, {"visit": discard.visit_id, **counts})
