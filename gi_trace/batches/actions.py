"""Acts on batches and print runs: register, cancel, order, download, activate."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.models import (
    Batch,
    BatchDraw,
    Download,
    PrintRun,
    UnitRange,
    UnitState,
    activated_ranges,
    has_downloads,
    new_ranges,
    ordered_units,
    ranges_of_act,
    registration_number,
    segments_in,
    unit_ranges,
)
from gi_trace.batches.rules import (
    BatchAlreadyActivated,
    BatchCancelled,
    BatchUnpacked,
    CancelledTooLate,
    ClientKeyReused,
    LabelsDownloaded,
    LabelsMarked,
    NotDownloaded,
    OwnNumberTaken,
    check_best_before,
    check_packing_date,
    check_range_in_run,
    check_size,
    next_run,
)
from gi_trace.batches.stops import check_none_stopped, check_not_stopped
from gi_trace.batches.unit_states import Range, check_apart, check_may_become
from gi_trace.codes.unit_code import BATCH_BITS
from gi_trace.database import act, db, lock
from gi_trace.keys import epoch_of_year
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Authorisation
from gi_trace.registry.rules import check_in_force
from gi_trace.registry.who_may import check_acts_for, check_handles_goods_of
from gi_trace.stock.actions.coming_back import lines_back
from gi_trace.stock.actions.ledger import Booking, Draw, lock_lots, post
from gi_trace.stock.actions.packing import (
    contents_of,
    packing_lines,
    proposed_draws,
)
from gi_trace.stock.models import ActKind, StockAct, StockRequest
from gi_trace.stock.rules.undoing import UndoneBy, who_undoes

Keyed = TypeVar("Keyed", Batch, Download, PrintRun, UnitRange, StockRequest)


@dataclass(frozen=True)
class BatchFacts:
    """What an enterprise says of a batch; net weight in grams for each unit."""

    own_number: str
    net_weight_g: int
    units: int
    packed_on: date
    best_before: date | None


@act
def register_batch(
    authorisation: Authorisation,
    facts: BatchFacts,
    draws: Sequence[Draw],
    *,
    by: Account,
    agreed: Collection[int] = (),
    client_key: str | None = None,
) -> Batch:
    """Pack units of one net weight from lots, each giving the grams drawn; when none is named, from those in turn.

    `agreed` are the ids of old or claimed lots that a person named: no other such lot gives anything. Age and seasons
    are the lots'. The same `client_key` again gives the batch that it made.
    """
    check_handles_goods_of(by, authorisation.party)
    lock(authorisation.party)  # two clerks must not use one number of the firm's own
    made = find_by_key(Batch, client_key, party_id=authorisation.party_id)
    if made:
        return same_or_refuse(made, **({"drawn": list(draws)} if draws else {}), **vars(facts))
    check_size(units=facts.units, net_weight_g=facts.net_weight_g)
    check_packing_date(
        facts.packed_on, today=clock.today(), backdate_days=current_app.config["PACKING_BACKDATE_DAYS"]
    )
    product = authorisation.product
    check_best_before(facts.best_before, packed_on=facts.packed_on, needed=product.has_best_before)
    for day in (facts.packed_on, clock.today()):  # what it could not order labels for it does not register
        check_in_force(authorisation.right, day)
    _check_own_number(authorisation, facts.own_number)
    weight_g = facts.units * facts.net_weight_g
    draws = draws or proposed_draws(product, authorisation.party, weight_g, facts.packed_on)
    contents = contents_of(
        product, authorisation.party, draws, weight_g=weight_g, packed_on=facts.packed_on, agreed=agreed
    )
    batch = Batch(
        number=_unused_number(),
        epoch=epoch_of_year(clock.today().year),
        party_id=authorisation.party_id,
        product_id=authorisation.product_id,
        authorisation_id=authorisation.id,
        registered_at=clock.now(),
        client_key=client_key,
        draws=[BatchDraw(lot=lot, grams=grams) for lot, grams in draws],
        **printed_on(authorisation, facts.packed_on),
        **vars(facts),
        **vars(contents),
    )
    db.session.add(batch)
    packing = Booking(Acted.BATCH_REGISTERED, ActKind.PACKING, batch, by, facts.packed_on)
    named = sorted({lot.id for lot, _ in draws}.intersection(agreed))
    told = {"authorisation": authorisation.id, **vars(facts)} | ({"agreed": named} if named else {})
    post(packing, packing_lines(draws), facts=told)
    return batch


@act
def cancel_batch(batch: Batch, *, by: Account) -> None:
    """A mistyped batch of which no label was ever downloaded, within `UNDO_DAYS`; its weight is stock again. Raises
    CancelledTooLate afterwards: what its packs hold then comes back as theirs that are opened."""
    check_acts_for(by, batch.party)
    lock(batch)
    check_firm_cancels(batch)
    if has_downloads(batch):
        raise LabelsDownloaded(number=batch.number_text)
    cancel(batch, by=by)


def cancel(batch: Batch, *, by: Account, reason: str = "", facts: Mapping[str, Any] | None = None) -> int:
    """Inside an act that has locked it. Its weight is stock again, as the undoing of its packing gives it back. Returns the
    number of the cancelling act."""
    check_may_be_cancelled(batch)
    on, registered = clock.today(), registration_number(batch)
    lock_lots([draw.lot for draw in batch.draws])
    lines, parents = lines_back(db.session.get_one(StockAct, registered), on=on, left_on=batch.packed_on)
    batch.cancelled_at = clock.now()
    cancelling = Booking(Acted.BATCH_CANCELLED, ActKind.PACKING, batch, by, on, reason, reverses=registered)
    return post(cancelling, lines, parents=parents, facts={"reverses": registered, **(facts or {})})


def is_long_ago(batch: Batch) -> bool:
    """Whether it was registered so long ago that what is undone asks for somebody who saw the goods."""
    days = current_app.config["UNDO_DAYS"]
    registered_on = clock.day_of(batch.registered_at)
    return who_undoes(registered_on, clock.today(), most_days=days) is UndoneBy.SIGHTING


def check_firm_cancels(batch: Batch) -> None:
    """Alone or by a request. Raises CancelledTooLate, and what `check_may_be_cancelled` raises."""
    check_may_be_cancelled(batch)
    if is_long_ago(batch):
        raise CancelledTooLate(number=batch.number_text, days=current_app.config["UNDO_DAYS"])


def check_may_be_cancelled(batch: Batch) -> None:
    """Raises BatchCancelled, BatchAlreadyActivated, BatchUnpacked, LabelsMarked, BatchStopped."""
    check_not_cancelled(batch)
    if activated_ranges(batch.number, 1, batch.units):
        raise BatchAlreadyActivated(number=batch.number_text)
    told = {one.state for one in unit_ranges(batch)}
    if UnitState.VOID in told:
        raise BatchUnpacked(number=batch.number_text)
    if told:
        raise LabelsMarked(number=batch.number_text)
    check_not_stopped(batch, 1, batch.units)


@act
def order_print_run(
    batch: Batch, units: int, *, printer: str = "", by: Account, client_key: str | None = None
) -> PrintRun:
    """The next `units` units of the batch are sent to print, at the printer named."""
    check_handles_goods_of(by, batch.party)
    lock(batch)
    made = find_by_key(PrintRun, client_key, batch_number=batch.number)
    if made:
        return same_or_refuse(made, units=units)
    check_not_cancelled(batch)
    check_in_force(batch.authorisation.right, clock.today())
    first, last = next_run(units=batch.units, ordered=ordered_units(batch), asked=units)
    check_not_stopped(batch, first, last)
    run = PrintRun(
        batch_number=batch.number,
        first_unit=first,
        last_unit=last,
        printer=printer.strip(),
        client_key=client_key,
        ordered_at=clock.now(),
        ordered_by_id=by.id,
    )
    db.session.add(run)
    facts = {"batch": batch.number, "first": first, "last": last, "printer": run.printer}
    record(Acted.PRINT_RUN_ORDERED, run, by=by, facts=facts)
    return run


def activate_units(
    run: PrintRun, first: int, last: int, *, by: Account, client_key: str | None = None
) -> UnitRange:
    """`activate_ranges` of one range."""
    [activated] = activate_ranges(run, [(first, last)], by=by, client_key=client_key)
    return activated


@act
def activate_ranges(
    run: PrintRun, ranges: Sequence[Range], *, by: Account, client_key: str | None = None
) -> list[UnitRange]:
    """Units of these ranges are on packs now; until then their codes say that they are not activated."""
    check_handles_goods_of(by, run.batch.party)
    lock(run.batch)
    made = find_by_key(UnitRange, client_key, batch_number=run.batch_number)
    if made:
        return same_ranges_or_refuse(same_or_refuse(made, state=UnitState.ACTIVATED), ranges)
    check_not_cancelled(run.batch)
    check_in_force(run.batch.authorisation.right, clock.today())
    if not run.downloads:
        raise NotDownloaded
    for first, last in ranges:
        check_range_in_run(first, last, run_first=run.first_unit, run_last=run.last_unit)
    check_apart(ranges)
    check_none_stopped(run.batch, ranges)
    check_may_become(UnitState.ACTIVATED, segments_in(run.batch_number, ranges))
    number = record(Acted.PRINT_RUN_ACTIVATED, run, by=by, facts={"ranges": list(ranges)})
    activated = new_ranges(run.batch_number, UnitState.ACTIVATED, ranges, act_number=number, by=by)
    activated[0].client_key = client_key
    db.session.add_all(activated)
    return activated


def printed_on(authorisation: Authorisation, day: date) -> dict[str, str]:
    """What the packs of that day say of their product, enterprise and right, whatever these are called later."""
    firm = authorisation.party.entry_on(day)
    return {
        "printed_product": authorisation.product.name,
        "printed_name": firm.name,
        "printed_uscc": firm.uscc,
        "printed_number": authorisation.number,
    }


def find_by_key(kind: type[Keyed], client_key: str | None, **of: int) -> Keyed | None:
    """What an earlier sending of the same call made."""
    if client_key is None:
        return None
    return db.session.scalar(select(kind).filter_by(client_key=client_key, **of))


def same_or_refuse(made: Keyed, **asked: object) -> Keyed:
    if any(getattr(made, name) != value for name, value in asked.items()):
        raise ClientKeyReused
    return made


def same_ranges_or_refuse(made: UnitRange, ranges: Sequence[Range]) -> list[UnitRange]:
    """What an earlier sending of the same call said of just these ranges."""
    told = ranges_of_act(made)
    if [(one.first_unit, one.last_unit) for one in told] != list(ranges):
        raise ClientKeyReused
    return told


def check_not_cancelled(batch: Batch) -> None:
    if batch.cancelled_at:
        raise BatchCancelled(number=batch.number_text)


def _check_own_number(authorisation: Authorisation, own_number: str) -> None:
    query = select(Batch.number).filter_by(
        party_id=authorisation.party_id, own_number=own_number, cancelled_at=None
    )
    if db.session.scalar(query) is not None:
        raise OwnNumberTaken(own_number=own_number)


def _unused_number() -> int:
    while True:
        number = secrets.randbelow(1 << BATCH_BITS)
        if db.session.get(Batch, number) is None:
            return number
