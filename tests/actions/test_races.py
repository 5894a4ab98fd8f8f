"""Two who both looked before either wrote: one is done, the other reads what whoever comes later would read."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from gi_trace import clock
from gi_trace.accounts.actions import close_account, open_account, set_duties
from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.accounts.sent_forms import keep_form
from gi_trace.database import db, first_in_act, writing
from gi_trace.imports.actions import confirm_import, take_over_at_once
from gi_trace.imports.models import Import, ImportState
from gi_trace.jobs.running import work
from gi_trace.patrol.actions.lists import add_market, add_offence
from gi_trace.registry import product_actions
from gi_trace.registry.actions import grant_authorisation
from gi_trace.registry.models import Seasons, all_crops, find_product
from gi_trace.registry.party_actions import change_party, enter_party, facts_now
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.registry.rules import Basis
from gi_trace.stock.actions.ceilings import set_conversion, set_yield_ceiling
from gi_trace.stock.actions.import_harvests import type_harvests
from gi_trace.stock.actions.import_plots import send_plots
from gi_trace.stock.actions.plots import (
    add_grower,
    add_plot,
    add_site,
    change_plot,
    find_grower,
    set_allocation,
)
from gi_trace.stock.actions.succession import SuccessionFacts, succeed
from gi_trace.stock.models import Allocation, Plot, plots_of, sites_of
from gi_trace.stock.rules.conversions import Ceiling
from gi_trace.stock.rules.seasons import Season
from tests.at_once import at_once
from tests.cast import LIN_USCC, party_of, person, two_officers
from tests.excel import FIRM, roll_xlsx, uscc
from tests.farm import AUTUMN, KG, crop, grower, make_plot, material, plot_facts, village
from tests.imports import as_it_is, read, send_roll
from tests.jobs import do_what_waits

DAY = date(2026, 12, 1)
PLOT_HEADER = ["地块编号", "种植户", "所在村镇", "作物", "实测面积", "挂果面积"]


@pytest.fixture(autouse=True)
def land(app, at):
    """One grower with one plot, to race about."""
    at(AUTUMN)
    make_plot()


def administrators():
    officers = db.session.query(Account).filter_by(role=Role.AUTHORITY, closed_at=None)
    return [officer for officer in officers if Duty.ADMINISTRATOR in officer.duties]


def find_plot(number):
    return db.session.query(Plot).filter_by(number=number).one()


def send_form():
    first_in_act(partial(keep_form, "1-key", "what was filled in"))
    add_site(party_of("lin"), "示范新仓", area=None, address="示范路 1 号", by=person("lin"))


def test_one_form_sent_twice_at_once_is_done_once(app):
    assert at_once(app, send_form, send_form) == ["done", "form_already_sent"]
    assert [site.name for site in sites_of(party_of("lin"))] == ["会城示范仓", "示范新仓"]


def register_plot():
    add_plot(grower(), plot_facts("示范-地-2"), by=person("liang"))


def renumber_plot():
    plot = plots_of(grower())[0]
    change_plot(plot, plot_facts("示范-地-2"), reason="编号录错", by=person("liang"))


def register_grower():
    add_grower("示范户己", village(), by=person("liang"))


def allocate():
    [plot] = plots_of(grower())
    set_allocation(plot, Season(2026), yield_g_per_mu=KG, reason="", by=person("zhao"))


def grant():
    chenpi = find_product("xinhui-chenpi")
    grant_authorisation(
        party_of("lin"),
        chenpi,
        Basis.CERTIFICATION,
        number="示范第 1 号",
        starts_on=DAY,
        ends_on=None,
        by=person("zhao"),
    )


def name_site():
    add_site(party_of("lin"), "二号仓", area=None, address="", by=person("lin"))


def open_officer():
    open_account("new-officer", "示范", Role.AUTHORITY, duties=[Duty.HANDLER], **two_officers())


def close_other(officer, other):
    return lambda: close_account(person(other), by=person(officer))


def limit_yield():
    set_yield_ceiling(crop(), 1000 * KG, valid_from=DAY, source="示范", **two_officers())


def limit_conversion():
    set_conversion(
        material("citrus-fruit"), material("dry-peel"), Ceiling(DAY, 500, None, "示范"), **two_officers()
    )


def name_product():
    facts = {"code": "new-product", "name": "示范新产品", "material_id": material("rice").id}
    product_actions.add_product(facts, by=person("zhao"))


def name_crop():
    product_actions.add_crop("tea", "茶", Seasons.YEAR, by=person("zhao"))


def name_material():
    product_actions.add_material({"code": "tea", "name": "茶", "crop": all_crops()[0]}, by=person("zhao"))


def name_area():
    product_actions.add_area({"code": "440705-new", "name": "示范镇", "aliases": []}, by=person("zhao"))


def name_market():
    add_market("示范市场", "江门", by=person("zhao"))


def name_offence():
    add_offence("new", "示范", "示范", by=person("zhao"))


def enter_firm():
    enter_party("示范行", uscc(1), area=None, address="", by=person("zhao"))


def enter_firm_alike():
    enter_party("示 范行", uscc(2), area=None, address="", by=person("zhao"))


def rename_firm():
    facts = replace(facts_now(party_of("lin")), name="示范（行）")
    change_party(party_of("lin"), facts, from_day=clock.today(), reason="核准", by=person("sun"))


def merge_firms():
    facts = SuccessionFacts(SuccessionKind.MERGER, clock.today(), "吸收合并", "示范核准 2 号")
    succeed(party_of("lin"), party_of("wu"), facts, **two_officers())


RACES = [
    (enter_firm, enter_firm_alike, "name_alike"),
    (rename_firm, rename_firm, "nothing_changed"),
    (enter_firm, rename_firm, "name_alike"),
    (merge_firms, merge_firms, "party_ended"),
    (register_plot, register_plot, "plot_number_taken"),
    (register_plot, renumber_plot, "plot_number_taken"),
    (register_grower, register_grower, "grower_taken"),
    (allocate, allocate, "reason_missing"),
    (name_site, name_site, "site_name_taken"),
    (open_officer, open_officer, "sign_in_name_taken"),
    (limit_yield, limit_yield, "ceiling_exists"),
    (limit_conversion, limit_conversion, "ceiling_exists"),
    (name_product, name_product, "already_registered"),
    (name_crop, name_crop, "already_registered"),
    (name_material, name_material, "already_registered"),
    (name_area, name_area, "already_registered"),
    (name_market, name_market, "name_taken"),
    (name_offence, name_offence, "already_registered"),
    (enter_firm, enter_firm, "party_already_entered"),
]


@pytest.mark.parametrize(
    ("first", "second", "refusal"), RACES, ids=lambda each: getattr(each, "__name__", each)
)
def test_of_two_at_once_one_is_done_and_the_other_refused_by_name(app, first, second, refusal):
    assert at_once(app, first, second) == sorted(["done", refusal])


def take_duty(officer, other):
    return lambda: set_duties(person(other), [Duty.HANDLER], by=person(officer))


@pytest.mark.parametrize("first", [close_other, take_duty])
@pytest.mark.parametrize("second", [close_other, take_duty])
def test_the_last_two_administrators_do_not_put_each_other_out(app, first, second):
    set_duties(person("sun"), list(Duty), by=person("zhao"))
    outcomes = at_once(app, first("zhao", "sun"), second("sun", "zhao"))
    assert outcomes in (["done", "last_administrator"], ["done", "duty_missing"])
    assert len(administrators()) == 1


def test_an_import_that_was_overtaken_brings_in_nothing(app):
    rows = [[number, "示范户己", "示范天马村", "茶枝柑", 3000, 2000] for number in ("示范-地-2", "示范-地-3")]
    content = roll_xlsx(*rows, header=PLOT_HEADER)
    sent = read(send_plots("地块.xlsx", content, same_people=False, by=person("liang")))
    confirm_import(sent, by=person("liang"))
    outcomes = at_once(app, register_plot, work)
    imported = as_it_is(sent).state is ImportState.DONE
    assert outcomes in (["done", "done"], ["done", "plot_number_taken"], ["done", "import_under_way"])
    assert imported == (outcomes != ["done", "done"])
    assert (find_grower("示范户己", village()) is None) == (find_plot("示范-地-2").grower.name == "示范户甲")


def test_harvests_of_one_plot_confirmed_in_two_pages_are_declared_one_after_the_other(app):
    set_allocation(plots_of(grower())[0], Season(2026), yield_g_per_mu=400 * KG, reason="", by=person("zhao"))
    rows = [["示范-地-1", "", str(weight), ""] for weight in range(1, 31)]
    told = {"day": clock.today(), "kind": None, "late_reason": "", "by": person("liang")}
    sent = [type_harvests(rows, **told).id for _page in range(2)]

    def confirm(number):
        take_over_at_once(db.session.get_one(Import, number), by=person("liang"))

    assert at_once(app, *(partial(confirm, number) for number in sent)) == ["done", "done"]
    do_what_waits()
    assert [db.session.get_one(Import, number).taken for number in sent] == [30, 30]


def test_a_roll_and_an_officer_do_not_grant_one_right_twice(app):
    row = FIRM | {"企业名称": party_of("lin").name, "统一社会信用代码": LIN_USCC, "授权起始日": DAY}
    confirm_import(send_roll(row), by=person("zhao"))
    assert at_once(app, work, grant)[0] == "done"
    assert len([right for right in party_of("lin").authorisations if right.starts_on == DAY]) == 1


def test_what_no_refusal_names_stays_a_fault_of_the_program(app):
    [plot] = plots_of(grower())
    with pytest.raises(IntegrityError), writing():
        db.session.add(Allocation(plot=plot, season="2026", yield_g_per_mu=1, allocated_g=1, harvested_g=2))
