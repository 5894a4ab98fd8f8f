"""One firm over four years on one page: what its labels of each year say at each moment."""

from dataclasses import replace
from datetime import date

import pytest

from gi_trace.applications.rules import Move
from gi_trace.batches.actions import activate_units, order_print_run, register_batch
from gi_trace.batches.label_faces import label_face
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.labels import FileOptions
from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.registry.actions import extend_authorisation
from gi_trace.registry.mending_actions import revoke_change
from gi_trace.registry.models import Party, find_party, find_product
from gi_trace.registry.party_actions import change_party, enter_party, facts_now
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.stock.actions.plots import add_site
from gi_trace.stock.actions.succession import SuccessionFacts, succeed
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from gi_trace.stock.models import lots_of, sites_of
from gi_trace.stock.verify import first_misfit
from gi_trace.verification.looking.look import look_at
from tests.applications import bring_to_announcement, move, strangers_application
from tests.cast import batch_facts, clerk_of, code, peel_of, person, two_officers, withdraw
from tests.excel import uscc

OLD, NEW, GROUP = "示范茶坑陈皮行", "示范茶坑陈皮有限公司", "示范五邑陈皮集团有限公司"
VALID, LOST = "valid", "right_lost"


@pytest.fixture
def firm(app, at):
    """Applies in March 2026 with nothing but a receipt, is granted in April, and buys 100 kg from Wu."""
    at("2026-03-02T02:00Z")
    told = {"name": OLD, "uscc": uscc(31), "product": find_product("xinhui-chenpi")}
    application, _ = strangers_application(**told)
    bring_to_announcement(application)
    assert find_party(uscc(31)) is None, "the decision alone begins nothing"
    at("2026-04-01T02:00Z")
    move(application, Move.ANNOUNCE, "zhao", number="示范第 31 号", ends_on=date(2028, 12, 31))
    firm = application.right.party
    clerk = clerk_of(firm)
    site = add_site(firm, "茶坑示范仓", area=firm.area, address="", by=clerk)
    accept_transfer(offer_transfer(peel_of("wu"), firm, 100_000, by=person("wu")), site=site, by=clerk)
    return firm.id


def pack(firm_id, own_number):
    """Ten packs of today, on the market."""
    right = db.session.get(Party, firm_id).authorisations[-1]
    clerk = clerk_of(right.party)
    facts, lots = batch_facts(own_number=own_number, units=10), [lot.id for lot in lots_of(right.party)]
    batch = register_batch(right, facts, [], by=clerk, agreed=lots)
    run = order_print_run(batch, 10, by=clerk)
    begin_download(run, FileOptions("csv"), reason="", by=clerk)
    activate_units(run, 1, 10, by=clerk)
    assert label_face(batch).enterprise == batch.printed_name
    return batch


def told(*batches):
    """Of each: verdict, and name and number to compare with the pack; then what is called otherwise now."""
    answers = [look_at(code(batch)) for batch in batches]
    return [
        (
            one.verdict.value,
            one.batch.party,
            one.batch.right_number,
            one.batch.party_now,
            one.batch.successors,
        )
        for one in answers
    ]


def test_four_years_of_a_firm(firm, at, client):
    of_2026 = pack(firm, "2026-1")
    assert told(of_2026) == [(VALID, OLD, "示范第 31 号", "", "")]

    at("2027-05-20T02:00Z")  # renamed on the 10th, known on the 20th
    party = db.session.get(Party, firm)
    facts = replace(facts_now(party), name=NEW, representative="示范茶甲")
    between = pack(firm, "2027-0")  # printed on the day before the office heard of it
    change_party(party, facts, from_day=date(2027, 5, 10), reason="核准变更", by=person("zhao"))
    of_2027 = pack(firm, "2027-1")
    assert told(of_2026, between, of_2027) == [
        (VALID, OLD, "示范第 31 号", NEW, ""),
        (VALID, OLD, "示范第 31 号", NEW, ""),
        (VALID, NEW, "示范第 31 号", "", ""),
    ]
    page = client.get(f"/c/{code(of_2026)}").text
    assert OLD in page and NEW in page and "示范茶甲" not in page

    at(
        "2028-02-01T02:00Z"
    )  # merged into a group, by an announcement of its own; what it renewed ends with it
    [right] = db.session.get(Party, firm).authorisations
    extend_authorisation(right, date(2030, 12, 31), by=person("zhao"))
    group = enter_party(GROUP, uscc(32), area=None, address="", by=person("zhao"))
    merger = SuccessionFacts(
        SuccessionKind.MERGER, date(2028, 1, 15), "吸收合并", "示范核准 2 号", numbers={right: "示范第 58 号"}
    )
    succeed(right.party, group, merger, **two_officers())
    assert [site.name for site in sites_of(group)] == ["茶坑示范仓"]
    of_2028 = pack(group.id, "2028-1")
    after_merger = [
        (VALID, OLD, "示范第 31 号", NEW, GROUP),
        (VALID, NEW, "示范第 31 号", "", GROUP),
        (VALID, GROUP, "示范第 58 号", "", ""),
    ]
    assert told(of_2026, of_2027, of_2028) == after_merger

    at("2029-03-01T02:00Z")  # withdrawn for cause, by mistake: the packs of that right say so, no others
    withdraw(group.authorisations[-1])
    assert told(of_2026, of_2027, of_2028) == [*after_merger[:2], (LOST, GROUP, "示范第 58 号", "", "")]

    at("2029-04-01T02:00Z")  # quashed on review: as if it had not happened
    quashed = group.authorisations[-1].changes[-1]
    told_why = {"document": "示范复议 3 号", "reason": "事实不清"}
    revoke_change(quashed, **told_why, by=person("zhao"), confirmed_by=person("sun"))
    assert told(of_2026, of_2027, of_2028) == after_merger
    pack(group.id, "2029-1")

    for asked in (OLD, NEW, GROUP, "示範茶坑陳皮行"):  # by whichever name one looks for it
        assert GROUP in client.get("/roll", query_string={"q": asked}).text
    assert first_misfit() is None and first_broken_row()[0] is None
