"""One act of a decided case: hold or recall batches, and mark series as confirmed counterfeit."""

from collections.abc import Sequence
from dataclasses import dataclass

from gi_trace.accounts.models import Account, Role
from gi_trace.batches.models import Batch, Stop
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import add_stop
from gi_trace.casework.models import Case, CaseStop
from gi_trace.casework.rules.leads import required_text
from gi_trace.casework.rules.steps import NotOnCase
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@dataclass(frozen=True)
class StopOrder:
    """Units first..last of the batch, both included."""

    batch: Batch
    kind: StopKind
    first: int
    last: int


class NotDecided(Refused):
    code = "not_decided"
    text = N_("案件尚未作出处罚决定，不能据此冻结、召回或认定仿冒系列。")


class NothingOrdered(Refused):
    code = "nothing_ordered"
    text = N_("请至少写一行措施。")


@act
def stop_units(
    case: Case, orders: Sequence[StopOrder], *, reason: str, by: Account, notice: str = ""
) -> list[Stop]:
    """All of the orders or none; the public pages of the units follow at once, and say the decision's number beside
    the notice."""
    lock(case)
    if by.role != Role.AUTHORITY:
        raise NotOnCase
    if case.decision is None:
        raise NotDecided
    if not orders:
        raise NothingOrdered
    reason = required_text(reason)
    notice = f"{notice.strip()}（{case.decision.number}）" if notice.strip() else case.decision.number
    stops = [
        add_stop(one.batch, one.kind, one.first, one.last, reason=reason, notice=notice, by=by)
        for one in orders
    ]
    db.session.flush()
    db.session.add_all(CaseStop(case_id=case.id, stop_id=stop.id) for stop in stops)
    record(Acted.CASE_STOPPED_UNITS, case, by=by, facts={"stops": [stop.id for stop in stops]})
    return stops
