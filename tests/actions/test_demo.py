"""The demo shows a chain for each product, old peel, a blend, a hold and a harvest refused."""

import shutil

import pytest

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.demo import how_to_sign_in, load_demo
from gi_trace.record.actions import first_broken_row
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow, holds_demo_data
from gi_trace.registry.first_products import load_first_products
from gi_trace.stock.models import Lot
from gi_trace.stock.verify import first_misfit
from tests.databases import make_service
from tests.farm import harvests_of


@pytest.fixture(scope="module")
def loaded_demo(tmp_path_factory):
    """A data folder with the demo in it, and nobody of the cast; tests take copies."""
    folder = tmp_path_factory.mktemp("demo")
    with make_service(folder).app_context():
        db.create_all()
        load_first_products()
        load_demo()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def demo(loaded_demo, tmp_path):
    folder = shutil.copytree(loaded_demo, tmp_path / "demo")
    with make_service(folder).app_context():
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
    rows = db.session.query(RecordRow).count()
    load_demo()
    assert db.session.query(RecordRow).count() == rows


def test_the_record_says_that_data_are_fictional_before_anything_is_made_up(demo):
    acts = [act for (act,) in db.session.query(RecordRow.act).order_by(RecordRow.number)]
    assert acts.index(Acted.DEMO_BEGUN) < acts.index(Acted.PARTY_ENTERED) and acts[-1] == Acted.DEMO_LOADED
    assert holds_demo_data()


def test_no_demo_is_loaded_beside_accounts_of_others(app):
    accounts = db.session.query(Account).count()
    load_demo()
    assert not holds_demo_data() and db.session.query(Account).count() == accounts
    assert list(how_to_sign_in("http://localhost")) == ["数据里已有账号，没有载入示范数据。"]
