"""Several processes at once: the last of a lot is packed once, and the record stays one chain."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from gi_trace.casework.models import Lead
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.record.actions import first_broken_row
from tests.casework import make_case, make_finding, offence
from tests.cast import make_batch, peel_of, person
from tests.databases import make_service


def register_one(place: tuple[Path, str], own_number: str) -> str:
    """In a process of its own, as a second gunicorn worker would."""
    with make_service(*place).app_context():
        try:
            make_batch(own_number=own_number, units=2400)
        except Refused as refusal:
            return refusal.code
        return "registered"


def file_one(place: tuple[Path, str], title: str) -> str:
    with make_service(*place).app_context():
        return make_case(title=title).number


def gather_one(place: tuple[Path, str], sign_in_name: str) -> int:
    with make_service(*place).app_context():
        return len(gather_leads(by=person(sign_in_name)))


def at_once(app, numbers, act=register_one):
    processes = ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn"))
    place = (Path(app.config["DATA_DIR"]), app.config["DATABASE_URL"])
    with processes as pool:
        return list(pool.map(act, [place] * len(numbers), numbers))


def test_of_two_simultaneous_batches_for_the_last_of_a_lot_exactly_one_is_registered(app):
    outcomes = at_once(app, ["B-1", "B-2"])
    assert sorted(outcomes) == ["not_enough_stock", "registered"]
    assert peel_of("lin").balance_g == 400_000


def test_the_record_stays_one_chain_under_concurrent_writers(app):
    at_once(app, [f"C-{n}" for n in range(8)])
    assert first_broken_row()[0] is None


def test_cases_filed_at_once_get_one_number_each_and_none_is_left_out(app):
    offence()
    numbers = at_once(app, [f"示范线索 {n}" for n in range(4)], file_one)
    assert {number.partition("〕")[2] for number in numbers} == {"1号", "2号", "3号", "4号"}


def test_of_two_officers_who_gather_at_once_each_matter_becomes_one_lead(app):
    make_finding()
    at_once(app, ["zhao", "sun"], gather_one)
    assert db.session.query(Lead).count() == 1
