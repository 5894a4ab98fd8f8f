"""May this firm use the mark for this product?"""

from dataclasses import replace
from pathlib import Path

from gi_trace import clock
from gi_trace.batches.actions import register_batch
from gi_trace.database import db
from gi_trace.registry.party_actions import PartyFacts, change_party, facts_now
from gi_trace.stock.actions.plots import add_site
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from tests.cast import (
    LIN_USCC,
    batch_facts,
    clerk_of,
    code,
    grant,
    make_activated_batch,
    make_party,
    peel_of,
    person,
    right_of,
    suspend,
)
from tests.lists import questions

TRADER = "92440705MA5TRD01X5"


def test_a_firm_is_found_by_name_or_code_with_the_state_of_its_right(client):
    for asked in ("林记", LIN_USCC, LIN_USCC.lower()):
        page = client.get("/roll", query_string={"q": asked}).text
        assert "林记示范陈皮行" in page and "新会陈皮" in page and "有效" in page
        assert "胡记" not in page


def test_history_and_loss_of_a_right_are_shown(client):
    suspend(right_of("lin"))
    page = client.get("/roll", query_string={"q": "林记"}).text
    assert "暂停" in page and "因故" in page


def test_a_sole_trader_is_masked_in_the_roll_and_whole_on_the_page_of_its_pack(client):
    trader = make_party("示范张三果皮店", TRADER)
    right = grant(trader)
    page = client.get("/roll", query_string={"q": "示范张三果皮店"}).text
    assert "示范张三果皮店" not in page.replace('value="示范张三果皮店"', "") and TRADER not in page
    assert "示＊＊＊＊＊店" in page and TRADER[-4:] in page
    assert right.party_id == trader.id


def test_a_masked_sole_trader_is_found_by_a_whole_name_or_code_alone(client):
    trader = make_party("示范张三果皮店", TRADER)
    grant(trader)
    told = vars(facts_now(trader)) | {"name": "示范李四果皮店"}
    change_party(trader, PartyFacts(**told), from_day=clock.today(), reason="示范", by=person("zhao"))
    whole = ["示范张三果皮店", "示範李四果皮店", TRADER, TRADER.lower()]
    parts = ["示范张", "张三", "李四果皮", TRADER[:17], TRADER[6:12], TRADER[-4:], "92"]
    for asked in [*whole, *parts]:
        found = "示＊＊＊＊＊店" in client.get("/roll", query_string={"q": asked}).text
        assert found == (asked in whole), asked


def test_of_a_renamed_sole_trader_nothing_is_public_but_what_its_packs_print(client, at):
    trader = make_party("示范张三果皮店", TRADER)
    right, zhao, clerk = grant(trader), person("zhao"), clerk_of(trader)
    site = add_site(trader, "示范仓", area=trader.area, address="", by=zhao)
    lot = accept_transfer(offer_transfer(peel_of("wu"), trader, 10_000, by=person("wu")), site=site, by=clerk)
    batch = register_batch(right, batch_facts(units=4), [], by=clerk, agreed=[lot.id])
    facts = replace(facts_now(trader), name="示范张三李四陈皮店", representative="示范王五")
    change_party(trader, facts, from_day=clock.today(), reason="张三申请", by=zhao)
    for page in (client.get(f"/c/{code(batch)}"), client.get("/roll", query_string={"q": TRADER})):
        assert "示＊＊＊＊＊＊＊店" in page.text
        assert not [word for word in ("李四", "王五", "张三申请") if word in page.text]
    assert "示范张三果皮店" in client.get(f"/c/{code(batch)}").text
    label = client.get(f"/api/v1/codes/{code(batch)}").json["label"]
    assert (label["enterprise"], label["enterprise_now"]) == ("示范张三果皮店", "示＊＊＊＊＊＊＊店")


def test_representatives_stand_on_no_public_page():
    public = Path(__file__).resolve().parents[2] / "templates/public"
    assert [page.name for page in public.rglob("*.html") if "representative" in page.read_text()] == []


def test_the_roll_is_a_list_by_product_and_town(client):
    page = client.get("/roll").text
    assert "共 2 家企业" in page and LIN_USCC in page and "胡记" in page
    assert LIN_USCC in client.get("/roll?product=xinhui-chenpi&town=440705-huicheng").text
    assert LIN_USCC not in client.get("/roll?product=taishan-rice").text
    assert LIN_USCC not in client.get("/roll?town=440705-daao").text


def test_a_long_roll_comes_in_pages(client):
    for number in range(25):
        grant(make_party(f"示范企业{number:02d}", f"9144070{number:011d}"))
    first, second = (client.get(f"/roll?page={page}").text for page in (1, 2))
    assert first.count('<section class="panel">') == 20 and second.count('<section class="panel">') == 7
    assert client.get("/roll?page=3").status_code == 404


def test_a_longer_page_asks_the_database_nothing_more(client):
    few = questions(client, "/roll")
    for number in range(15):
        grant(make_party(f"示范企业{number:02d}", f"9144070{number:011d}"))
    assert questions(client, "/roll") == few


def test_who_has_no_right_and_never_had_one_is_not_on_the_roll(client):
    make_party("示范无权企业", "91440705MA5NONE0X1")
    assert "示范无权企业" not in client.get("/roll").text


def test_a_name_is_found_however_it_is_written(client):
    for asked in ("林記示範", "林记 示范", "　林记示范陈皮行　", "９１４４０７０５ma5dem01xx", LIN_USCC[:12]):
        assert LIN_USCC in client.get("/roll", query_string={"q": asked}).text, asked


def test_what_is_too_long_to_be_a_name_is_refused(client):
    answer = client.get("/roll", query_string={"q": "陈" * 10_000})
    assert answer.status_code == 422 and "最多 100 个字" in answer.text


def test_who_is_not_found_is_told_what_that_means(client):
    assert "没有找到" in client.get("/roll", query_string={"q": "不存在的店"}).text
    assert db.session is not None and code(make_activated_batch())
