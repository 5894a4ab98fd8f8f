"""An officer saw goods or labels of units in use, as the firm asked: what he saw is stock again.

It stands above batches because it asks which units the public has checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gi_trace.accounts.models import Account
from gi_trace.batches.coded_again import check_sample
from gi_trace.batches.coming_back import SampleOutOfBounds, count_among, units_back
from gi_trace.batches.models import Batch
from gi_trace.batches.unit_states import Range, units_in
from gi_trace.batches.unpacking import asked_units, open_packs
from gi_trace.database import act, db, lock
from gi_trace.stock.actions.ledger import business_day
from gi_trace.stock.actions.requests import settle
from gi_trace.stock.models import GoodsSeen, Lot, StockRequest
from gi_trace.stock.rules.undoing import PlaceOfGoodsMissing
from gi_trace.verification.models.checks import checked_among


@dataclass(frozen=True)
class SeenUnits:
    """Where and when an officer saw which units, each of them or so many as a sample, and whose labels he scanned."""

    place: str
    on: date
    ranges: Sequence[Range]
    scanned: Sequence[Range] = ()
    sampled: int | None = None


@act
def take_back(request: StockRequest, seen: SeenUnits, *, by: Account) -> Lot:
    """The units that the officer saw are void, and their weight is a lot; what he did not see stays as it is, and can be asked
    for anew. Returns the lot.

    Raises what `settle` and opening the packs raise, PlaceOfGoodsMissing, UnitsNotAsked, NothingSeen, SampleOutOfBounds,
    SampledTooMuch.
    """
    batch, asked = asked_units(request)
    lock(batch.party)  # as asking does; and two officers' samples together stay below the cap
    lock(batch)
    business_day(seen.on)
    if not seen.place.strip():
        raise PlaceOfGoodsMissing
    checked = checked_among(batch.number, asked)
    back = units_back(asked, seen.ranges, seen.scanned, checked)
    if seen.sampled is not None:
        _check_sampled(batch, seen.sampled, units_in(back))
    place = {"place": seen.place.strip(), "on": seen.on, "by": by.id, "sampled": seen.sampled}
    facts = {"reason": request.reason, "checked": count_among(checked, back)}
    facts |= {"request": request.id, "seen": place}
    lot, void = open_packs(batch, back, facts=facts, by=by)
    sighting = GoodsSeen(act_number=void[0].act_number, place=place["place"], seen_on=seen.on)
    sighting.seen_by_id, sighting.sampled = by.id, seen.sampled
    db.session.add(sighting)
    settle(request, made=lot, by=by)
    return lot


def _check_sampled(batch: Batch, sampled: int, units: int) -> None:
    if not 1 <= sampled <= units:
        raise SampleOutOfBounds(units=units, sampled=sampled)
    check_sample(batch, units * batch.net_weight_g)
