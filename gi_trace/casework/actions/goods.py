"""What became of goods kept for proof: to be decided within seven days (行政处罚法 art. 56)."""

from datetime import date

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.actions.informants import check_may_see
from gi_trace.casework.models import GoodsSettled, Lead, goods_waiting
from gi_trace.casework.rules.goods import GoodsOutcome, NoGoodsKept, check_goods_day
from gi_trace.casework.rules.leads import required_text
from gi_trace.database import act, db, lock
from gi_trace.patrol.models import Finding
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def settle_goods(
    lead: Lead, finding: Finding, outcome: GoodsOutcome, *, on: date, text: str, by: Account
) -> GoodsSettled:
    """Ends the clock of these goods, whatever becomes of the case."""
    lock(lead)
    check_may_see(lead, by)
    if finding not in goods_waiting(lead):
        raise NoGoodsKept
    kept_on = finding.latest.measure_on
    assert kept_on is not None  # a measure always has its day
    check_goods_day(on, kept_on=kept_on, today=clock.today())
    settled = GoodsSettled(
        finding_id=finding.id,
        outcome=outcome,
        on=on,
        text=required_text(text),
        entered_at=clock.now(),
        by_id=by.id,
    )
    db.session.add(settled)
    facts = {"finding": finding.id, "outcome": outcome, "on": on, "text": settled.text}
    record(Acted.LEAD_GOODS_SETTLED, lead, by=by, facts=facts)
    db.session.expire(lead, ["goods_settled"])
    return settled
