"""Reads for pages: what happened to a lot, what a grower has, what waits for the authority."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gi_trace.database import db
from gi_trace.registry.models import AT_A_TIME, Party
from gi_trace.stock.models.land import Allocation, Harvest, Plot
from gi_trace.stock.models.ledger import Posting, StockAct
from gi_trace.stock.models.lots import Lot
from gi_trace.stock.models.papers import OnSiteCheck, Slip


def acts_of(lot: Lot) -> list[tuple[StockAct, int]]:
    """(act, grams into or out of the lot), in the order of the acts."""
    query = select(StockAct, Posting.grams).join(Posting).where(Posting.lot_id == lot.id)
    return [(act, grams) for act, grams in db.session.execute(query.order_by(StockAct.act_number))]


def allocations_of(plot: Plot) -> list[Allocation]:
    """The latest season first."""
    query = select(Allocation).filter_by(plot_id=plot.id).order_by(Allocation.season.desc())
    return list(db.session.scalars(query))


def harvests_of_grower(grower: Party) -> list[Harvest]:
    query = select(Harvest).join(Allocation).join(Plot).where(Plot.party_id == grower.id)
    return list(db.session.scalars(query.order_by(Harvest.id.desc()).limit(200)))


def slips_of(grower: Party) -> list[Slip]:
    query = select(Slip).filter_by(party_id=grower.id).order_by(Slip.id.desc())
    return list(db.session.scalars(query.limit(200)))


def slip_of_harvest(harvest: Harvest) -> Slip:
    return db.session.scalars(select(Slip).filter_by(harvest_id=harvest.id)).one()


def harvests_declared_by(import_id: int) -> list[Harvest]:
    query = (
        select(Harvest)
        .filter_by(import_id=import_id)
        .options(
            joinedload(Harvest.lot).joinedload(Lot.party),
            joinedload(Harvest.allocation).joinedload(Allocation.plot),
        )
    )
    return list(db.session.scalars(query.order_by(Harvest.id)))


def slips_of_harvests(harvests: Iterable[Harvest]) -> dict[int, Slip]:
    """By the harvest's id."""
    ids = [harvest.id for harvest in harvests]
    parts = [ids[start : start + AT_A_TIME] for start in range(0, len(ids), AT_A_TIME)]
    slips = [
        slip for part in parts for slip in db.session.scalars(select(Slip).where(Slip.harvest_id.in_(part)))
    ]
    return {slip.harvest_id or 0: slip for slip in slips}


def open_on_site_checks() -> list[OnSiteCheck]:
    query = select(OnSiteCheck).where(OnSiteCheck.confirmed_at.is_(None), OnSiteCheck.dismissed_at.is_(None))
    return list(db.session.scalars(query.order_by(OnSiteCheck.id)))
