"""Many harvests at once are declared whole, and keep nobody waiting but on their own plots."""

from datetime import date

import pytest

from gi_trace import clock
from gi_trace.database import db
from gi_trace.imports.actions import ImportAtFault, _take_over, confirm_import, take_over_at_once
from gi_trace.imports.models import ImportState
from gi_trace.stock.actions.harvests import declare_harvest
from gi_trace.stock.actions.import_harvests import type_harvests
from gi_trace.stock.models import Harvest, Plot
from gi_trace.stock.rules.seasons import DateTooFarBack
from gi_trace.stock.verify import first_misfit
from tests.cast import person
from tests.farm import AUTUMN, KG, crop, make_allocated_plot


@pytest.fixture(autouse=True)
def plots(app, at) -> list[Plot]:
    at(AUTUMN)
    return [make_allocated_plot(f"示范-地-{n}") for n in range(3)]


def typed(*kilograms: int):
    """So many kilograms of each plot in turn, of today."""
    rows = [[f"示范-地-{n % 3}", "", str(kg), ""] for n, kg in enumerate(kilograms)]
    return type_harvests(rows, day=clock.today(), kind=None, late_reason="", by=person("liang"))


def test_every_row_becomes_a_harvest_with_a_lot_and_the_ledger_fits():
    sent = typed(*range(100, 150))  # three pieces
    take_over_at_once(sent, by=person("liang"))
    assert sent.state is ImportState.DONE and sent.taken == 50
    harvests = db.session.query(Harvest).all()
    assert sorted(harvest.lot.balance_g // KG for harvest in harvests) == list(range(100, 150))
    assert {harvest.import_id for harvest in harvests} == {sent.id}
    assert first_misfit() is None


def test_what_was_used_up_meanwhile_leaves_all_of_it_undeclared(plots):
    sent = typed(100, 4000)
    declare_harvest(plots[1], 501 * KG, clock.today(), crop=crop(), by=person("liang"))
    with pytest.raises(ImportAtFault):
        take_over_at_once(sent, by=person("liang"))
    assert sent.state is ImportState.AT_FAULT and db.session.query(Harvest).count() == 1


def test_a_set_goes_in_whole_though_midnight_passes_between_its_pieces(at, plots):
    """From midnight on its last row would be late, and the plots would stay closed."""
    last_day = date(2026, 11, 9)
    rows = [[f"示范-地-{n % 3}", "" if n < 49 else last_day.isoformat(), str(n + 1), ""] for n in range(50)]
    sent = type_harvests(rows, day=clock.today(), kind=None, late_reason="", by=person("liang"))
    assert sent.counts["late"] == 0
    confirm_import(sent, by=person("liang"), in_background=False)
    _take_over(sent, lambda: at("2026-11-24T16:30Z"))
    assert sent.state is ImportState.DONE and db.session.query(Harvest).count() == 50
    with pytest.raises(DateTooFarBack):
        declare_harvest(plots[0], KG, last_day, crop=crop(), by=person("liang"))
