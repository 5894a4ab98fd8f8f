"""The demo shows a chain for each product, old peel, a blend, a hold and a harvest refused."""

import pytest

from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.demo import load_demo
from gi_trace.record.actions import first_broken_row
from gi_trace.registry.first_products import load_first_products
from gi_trace.stock.models import Lot
from gi_trace.stock.verify import first_misfit
from tests.databases import make_service
from tests.farm import harvests_of


@pytest.fixture
def demo(tmp_path):
    """A new service with the demo in it, and nobody of the cast."""
    with make_service(tmp_path).app_context():
        db.create_all()
        load_first_products()
        load_demo()
        yield
        db.session.remove()
        db.engine.dispose()


def test_the_demo_tells_of_stock_from_plot_to_pack(demo):
    assert first_misfit() is None and first_broken_row()[0] is None
    batches = {batch.own_number: batch for batch in db.session.query(Batch)}
    traced = batches["示范-陈皮-01"]
    assert traced.season == "2021" and traced.aged_years >= 4 and traced.opening_checks == []
    blended = batches["示范-拼配-01"]
    assert (blended.season, blended.claimed_year) == ("–2021", None)
    for number in ("示范-陈皮-01", "示范-柑-01", "示范-米-01"):
        assert harvests_of([lot.id for lot, _ in batches[number].drawn])
    assert sum(lot.is_stopped for lot in db.session.query(Lot)) == 1


def test_the_demo_is_loaded_once(demo):
    lots = db.session.query(Lot).count()
    load_demo()
    assert db.session.query(Lot).count() == lots
