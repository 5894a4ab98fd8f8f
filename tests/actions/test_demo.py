"""The demo: years of stock, batches, checks and casework, played by real acts in the order of their days."""

from datetime import timedelta

import pytest

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch
from gi_trace.clock import today
from gi_trace.database import db
from gi_trace.demo import how_to_sign_in, load_demo
from gi_trace.demo.playing import play
from gi_trace.record.actions import first_broken_row
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow, holds_demo_data
from gi_trace.stock.models import Lot
from gi_trace.stock.verify import first_misfit
from gi_trace.verification.models import Alert, AlertState, Check
from tests.farm import harvests_of


def test_the_demo_tells_of_stock_from_plot_to_pack(demo):
    assert first_misfit() is None and first_broken_row()[0] is None
    batches = {batch.own_number: batch for batch in db.session.query(Batch)}
    traced, year = batches["示范-陈皮-01"], today().year
    assert traced.season == str(year - 5) and traced.aged_years >= 3 and traced.opening_checks == []
    assert (batches["示范-拼配-01"].season, batches["示范-拼配-01"].claimed_year) == (f"–{year - 5}", None)
    assert batches["示范-申报-01"].claimed_year == year - 10
    for number in ("示范-陈皮-01", "示范-拼配-02", "示范-柑-01", f"示范-米-{year - 1}-晚"):
        assert harvests_of([lot.id for lot, _ in batches[number].drawn])
    assert any(lot.is_stopped for lot in db.session.query(Lot))


def test_three_seasons_of_several_firms_were_packed_and_checked(demo):
    year = today().year
    packed = {(batch.party_id, batch.packed_on.year) for batch in db.session.query(Batch)}
    for past in range(year - 2, year):
        assert len({party for party, packed_in in packed if packed_in == past}) >= 3
    cities = {city for (city,) in db.session.query(Check.city)}
    months = {at.strftime("%Y-%m") for (at,) in db.session.query(Check.at)}
    assert len(cities) >= 8 and len(months) >= 24
    assert {alert.state for alert in db.session.query(Alert)} == set(AlertState)


def test_the_record_tells_it_in_the_order_of_time(demo):
    rows = db.session.query(RecordRow).order_by(RecordRow.number).all()
    begun = next(row.number for row in rows if row.act == Acted.DEMO_BEGUN)
    instants = [row.at for row in rows if row.number >= begun]
    assert instants == sorted(instants)


def test_stories_go_on_beside_each_other_until_now(demo):
    told, start = [], today() - timedelta(days=10)

    def story(name, *days):
        for day in days:
            yield start + timedelta(days=day)
            told.append((name, (today() - start).days))

    play([story("林", 1, 5, 11), story("米", 2, 10)])
    assert told == [("林", 1), ("米", 2), ("林", 5), ("米", 10)], "what lies ahead does not happen"
    with pytest.raises(ValueError, match="goes back"):
        play([story("周", 5, 4)])


def test_the_demo_is_loaded_once(demo):
    rows = db.session.query(RecordRow).count()
    load_demo()
    assert db.session.query(RecordRow).count() == rows


def test_the_record_says_that_data_are_fictional_before_anything_is_made_up(demo):
    acts = [act for (act,) in db.session.query(RecordRow.act).order_by(RecordRow.number)]
    made_up = [act for act in acts if act != Acted.RECORD_KEY_BEGUN]  # the service's own, of every start
    assert acts.index(Acted.DEMO_BEGUN) < acts.index(Acted.PARTY_ENTERED) and made_up[-1] == Acted.DEMO_LOADED
    assert holds_demo_data()


def test_no_demo_is_loaded_beside_accounts_of_others(app):
    accounts = db.session.query(Account).count()
    load_demo()
    assert not holds_demo_data() and db.session.query(Account).count() == accounts
    assert list(how_to_sign_in("http://localhost")) == ["数据里已有账号，没有载入示范数据。"]
