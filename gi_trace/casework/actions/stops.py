"""One act of a decided case: hold or recall batches, and mark series as confirmed counterfeit."""

from collections.abc import Sequence
from dataclasses import dataclass

from gi_trace.accounts.models import Account, Role
from gi_trace.batches.models import Batch, Stop
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import add_stop
from gi_trace.casework.actions.informants import hidden_informant
from gi_trace.casework.models import Case, CaseStop, Decision
from gi_trace.casework.rules.leads import required_text
from gi_trace.casework.rules.leaving import NOT_LOOKED, as_it_leaves
from gi_trace.casework.rules.steps import NotOnCase
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.who_may import as_proposed


@dataclass(frozen=True)
class StopOrder:
    """Units first..last of the batch, both included."""

    batch: Batch
    kind: StopKind
    first: int
    last: int

    @property
    def units(self) -> tuple[Batch, StopKind, int, int]:
        return self.batch, self.kind, self.first, self.last


class NotDecided(Refused):
    code = "not_decided"
    text = N_("案件尚未作出处罚决定，不能据此冻结、召回或认定仿冒系列。")


class NothingOrdered(Refused):
    code = "nothing_ordered"
    text = N_("请至少写一行措施。")


@act
def stop_units(
    case: Case,
    orders: Sequence[StopOrder],
    *,
    reason: str,
    by: Account,
    notice: str = "",
    confirmed_by: Account | None = None,
) -> list[Stop]:
    """All of the orders or none; the public pages of the units follow at once, and say the decision's number beside
    the notice. More than holds takes two. Raises NotDecided, NothingOrdered, NotOnCase, WordsMissing and what
    `add_stop` raises."""
    lock(case)
    if by.role != Role.AUTHORITY:
        raise NotOnCase
    number, reason = get_decision(case, orders).number, required_text(reason)
    notice = as_it_leaves((), NOT_LOOKED, hidden_informant(case.lead))(notice.strip())
    notice = f"{notice}（{number}）" if notice else number
    stops = [
        add_stop(*one.units, reason=reason, notice=notice, by=by, confirmed_by=confirmed_by) for one in orders
    ]
    db.session.flush()
    db.session.add_all(CaseStop(case_id=case.id, stop_id=stop.id) for stop in stops)
    facts = {"stops": [stop.id for stop in stops]} | as_proposed(by, confirmed_by)
    record(Acted.CASE_STOPPED_UNITS, case, by=confirmed_by or by, facts=facts)
    return stops


def get_decision(case: Case, orders: Sequence[StopOrder]) -> Decision:
    """On which the orders rest. Raises NotDecided, NothingOrdered."""
    if case.decision is None:
        raise NotDecided
    if not orders:
        raise NothingOrdered
    return case.decision
