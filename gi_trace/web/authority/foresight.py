"""The page of a code as visitors would see it after a change of its right, and how many units that changes."""

from typing import Any

from gi_trace import clock
from gi_trace.codes.unit_code import code_of
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.registry.models import Authorisation
from gi_trace.verification.answer import answer_of
from gi_trace.verification.foresight import foresee
from gi_trace.verification.history import NEVER
from gi_trace.verification.looking.issued_batches import batches_under
from gi_trace.web.act_page import Stakes
from gi_trace.web.public.verdict_page import parts_of, verdict_pages


def stakes_of(authorisation: Authorisation, **changed: Any) -> Stakes:
    """`changed` are facts of its batches as they would be, such as `right`."""
    today = clock.today()
    foreseen = foresee(batches_under(db.session.connection(), authorisation.id), today, **changed)
    if foreseen.shown is None:
        return Stakes(0)
    batch, unit = foreseen.shown
    code = code_of(keys().by_epoch[batch.epoch], batch.number, unit)
    answer = answer_of(code, batch, unit, NEVER, today)
    return Stakes(foreseen.units, verdict_pages.render(*parts_of(answer)))
