"""Looking at a code: what it is, what to say of it, and that somebody looked."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from gi_trace import clock
from gi_trace.batches.models import Batch, UnitState, unit_state
from gi_trace.codes.unit_code import Malformed, Origin, open_code, parse
from gi_trace.database import begin_writing, db
from gi_trace.keys import keys
from gi_trace.verification.models import Channel, Check, looked_since
from gi_trace.verification.rules import UnitFacts, Verdict, verdict_of


@dataclass(frozen=True)
class Look:
    """A code and its verdict; batch, unit and facts are None when the code is not of ours."""

    verdict: Verdict
    code: str
    batch: Batch | None = None
    unit: int | None = None
    facts: UnitFacts | None = None


def look_at(text: str) -> Look:
    """The verdict of what was typed or scanned. Writes nothing."""
    try:
        code = parse(text)
    except Malformed:
        return Look(Verdict.MALFORMED, text.strip()[:60])
    opened = open_code(code, keys().by_epoch)
    if opened.origin != Origin.OURS or opened.batch_number is None or opened.unit is None:
        return Look(Verdict.NOT_OURS, code)
    batch = db.session.get(Batch, opened.batch_number)
    if batch is None or batch.epoch != opened.epoch or opened.unit > batch.units:
        return Look(Verdict.NOT_OURS, code)
    facts = facts_of(batch, opened.unit)
    return Look(verdict_of(facts), code, batch, opened.unit, facts)


def facts_of(batch: Batch, unit: int) -> UnitFacts:
    return UnitFacts(
        right=batch.authorisation.right,
        packed_on=batch.packed_on,
        today=clock.today(),
        activated=unit_state(batch.number, unit) == UnitState.ACTIVATED,
        cancelled=batch.cancelled_at is not None,
    )


def record_check(look: Look, *, device: bytes, city: str | None, channel: Channel) -> None:
    """Keep that a person looked, unless it is a reload."""
    if look.batch is None or look.unit is None:
        return
    number, unit, now = look.batch.number, look.unit, clock.now()
    since = now - timedelta(minutes=current_app.config["RELOAD_MINUTES"])
    begin_writing()
    if not looked_since(number, unit, device, since):
        db.session.add(
            Check(batch_number=number, unit=unit, at=now, device=device, city=city, channel=channel)
        )
    db.session.commit()
