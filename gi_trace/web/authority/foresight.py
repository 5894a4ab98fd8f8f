"""The page of a code as visitors would see it after a change of its right or a stop, and how many units that changes."""

from collections.abc import Iterable
from typing import Any

from gi_trace import clock
from gi_trace.batches.models import Batch
from gi_trace.batches.rules import StopKind
from gi_trace.batches.unit_states import Range
from gi_trace.codes.unit_code import code_of
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.registry.models import Authorisation
from gi_trace.verification.answer import answer_of
from gi_trace.verification.foresight import foresee
from gi_trace.verification.history import NEVER
from gi_trace.verification.issued import IssuedBatch, IssuedStop
from gi_trace.verification.looking.issued_batches import batches_under, load_batches
from gi_trace.web.act_page import Stakes
from gi_trace.web.languages import page_language
from gi_trace.web.public.verdict_page import parts_of, verdict_pages


def stakes_of(authorisation: Authorisation, **changed: Any) -> Stakes:
    """`changed` are facts of its batches as they would be, such as `right`."""
    return _stakes(batches_under(db.session.connection(), authorisation.id), **changed)


def stakes_of_stop(batch: Batch, kind: StopKind, ranges: Iterable[Range], *, notice: str) -> Stakes:
    """Once it is confirmed, where it takes two."""
    issued = load_batches(db.session.connection(), [batch.number])[batch.number]
    stops = [IssuedStop(kind, first, last, notice, clock.today()) for first, last in ranges]
    return _stakes([issued], stops=[*issued.stops, *stops])


def _stakes(batches: Iterable[IssuedBatch], **changed: Any) -> Stakes:
    today = clock.today()
    foreseen = foresee(batches, today, **changed)
    if foreseen.shown is None:
        return Stakes(0)
    batch, unit = foreseen.shown
    code = code_of(keys().by_epoch[batch.epoch], batch.number, unit)
    answer = answer_of(code, batch, unit, NEVER, today)
    return Stakes(foreseen.units, verdict_pages.render(*parts_of(answer, page_language())))
