"""Fifty requests at once in several processes, which together exceed a balance: never more than it is spent."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.record.actions import first_broken_row
from gi_trace.stock.actions.holds import hold_lot
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.chain import descendant_ids
from gi_trace.stock.models import Lot
from gi_trace.stock.verify import first_misfit
from tests.cast import peel_of, person
from tests.databases import make_service
from tests.farm import KG, make_allocated_plot, make_harvest, offer

PROCESSES, TRIES = 5, 10


def spend(act: str) -> None:
    """30 kg of Lin's 1,000 kg of peel, or 100 kg of a plot's 3,000 kg."""
    match act:
        case "offer":
            offer(peel_of("lin"), 30 * KG, to="wu", by="lin")
        case "harvest":
            make_harvest(100 * KG, peel_kind=None)
        case "split":
            split_lot(peel_of("lin"), [30 * KG], by=person("lin"))
        case "hold":
            hold_lot(peel_of("lin"), reason="抽检", by=person("zhao"))


def work(place: tuple[Path, str], acts: list[str]) -> list[str]:
    """In a process of its own, as a gunicorn worker would."""
    outcomes = []
    with make_service(*place).app_context():
        for act in acts:
            try:
                spend(act)
                outcomes.append("done")
            except Refused as refusal:
                db.session.rollback()
                outcomes.append(f"{refusal.code}: {refusal}")
    return outcomes


def at_once(app, *workers: list[str]) -> list[str]:
    place = (Path(app.config["DATA_DIR"]), app.config["DATABASE_URL"])
    db.session.commit()
    with ProcessPoolExecutor(len(workers), mp_context=multiprocessing.get_context("spawn")) as pool:
        results = list(pool.map(work, [place] * len(workers), workers))
    db.session.expire_all()
    assert first_misfit() is None and first_broken_row()[0] is None
    return [outcome for result in results for outcome in result]


@pytest.mark.parametrize(
    ("act", "fits", "arithmetic"), [("offer", 33, "可用 10 千克"), ("harvest", 30, "剩余 0 千克")]
)
def test_fifty_at_once_spend_the_balance_and_no_more(app, act, fits, arithmetic):
    if act == "harvest":
        make_allocated_plot(allocated_kg=3000)
    outcomes = at_once(app, *[[act] * TRIES for _ in range(PROCESSES)])
    refused = [outcome for outcome in outcomes if outcome != "done"]
    assert outcomes.count("done") == fits and len(refused) == PROCESSES * TRIES - fits
    assert all(arithmetic in outcome for outcome in refused)


def test_a_hold_placed_meanwhile_reaches_every_lot_that_was_just_made(app):
    outcomes = at_once(app, ["split"] * TRIES, ["split"] * TRIES, ["split", "split", "hold"])
    family = descendant_ids([peel_of("lin").id])
    assert len(family) > 1 and "done" in outcomes
    assert {lot.holds for lot in db.session.query(Lot).filter(Lot.id.in_(family))} == {1}
