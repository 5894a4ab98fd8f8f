"""The story of the chain of an issued batch, read when somebody wants to see it: after the check is stored, not before."""

from functools import lru_cache

from sqlalchemy import select

from gi_trace.batches.models import BatchDraw
from gi_trace.database import db
from gi_trace.stock.rules.story import Story
from gi_trace.stock.story import story_of_pack
from gi_trace.verification.issued import IssuedBatch


@lru_cache(maxsize=1000)
def story_of_issued(batch: IssuedBatch) -> Story | None:
    """Of one pack of it. Read once for a batch as it was issued: after any act that one is another."""
    query = select(BatchDraw.lot_id, BatchDraw.grams).filter_by(batch_number=batch.number)
    draws = [(lot_id, grams) for lot_id, grams in db.session.execute(query.order_by(BatchDraw.lot_id))]
    return story_of_pack(draws, net_weight_g=batch.net_weight_g, packed_on=batch.packed_on)
