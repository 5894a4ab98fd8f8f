"""The chain of a pack as the ledger has it: what was undone never was, and grams are carried through every kind of act."""

from datetime import date

import pytest

from gi_trace.stock.actions.corrections import reverse_act
from gi_trace.stock.actions.holds import LabReport, report_test
from gi_trace.stock.actions.processing import book_loss, book_weighing
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.rules.story import ChainStepKind
from gi_trace.stock.story import story_of_pack
from tests.cast import make_opening_stock, person
from tests.farm import AUTUMN, KG, blended, deliver, make_peel

pytestmark = pytest.mark.usefixtures("app")
PACKED_ON = date(2030, 11, 25)


def story_of(lot):
    story = story_of_pack([(lot.id, KG)], net_weight_g=100, packed_on=PACKED_ON)
    return story, {step.kind: step.grams for step in story.steps}


def test_losses_are_carried_back_and_those_undone_are_not(at):
    at(AUTUMN)
    peel, lin = make_peel(50 * KG), person("lin")
    reverse_act(book_loss(peel, 25 * KG, reason="受潮", by=lin), reason="登记有误", by=lin)
    assert story_of(peel)[1][ChainStepKind.HARVEST] == 2000
    book_weighing(peel, 40 * KG, by=lin)
    assert story_of(peel)[1] == {
        ChainStepKind.HARVEST: 2500,
        ChainStepKind.PROCESSING: 130,
        ChainStepKind.STORING: None,
        ChainStepKind.PACKING: 100,
    }


def test_a_pack_of_a_part_sold_to_another_firm_and_blended_there_knows_all_of_its_chain(at):
    at(AUTUMN)
    peel = make_peel(50 * KG)
    report_test(peel, LabReport("1", "示范检验所", date(2026, 11, 24), passed=True), by=person("zhao"))
    [part] = split_lot(peel, [20 * KG], by=person("lin"))
    bought = deliver(part, 20 * KG, to="wu", by="lin")
    story, grams = story_of(blended([(bought, 15 * KG), (make_opening_stock(owner="wu"), 5 * KG)], by="wu"))
    assert [(part.season, part.percent) for part in story.parts] == [("", 25), ("2026", 75)]
    assert grams[ChainStepKind.HARVEST] == 1500 and grams[ChainStepKind.OPENING] == 25
    assert [report.laboratory for report in story.tests] == ["示范检验所"]


def test_of_nothing_there_is_no_story():
    assert story_of_pack([], net_weight_g=100, packed_on=PACKED_ON) is None
