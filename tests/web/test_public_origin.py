"""Where goods came from, as a shopper may know it."""

import re
from html import unescape

import pytest

from gi_trace import clock
from gi_trace.stock.actions.ageing import move_lot
from gi_trace.stock.actions.holds import LabReport, report_test
from gi_trace.stock.rules.seasons import Season
from tests.cast import code, make_batch, make_opening_stock, person, store
from tests.farm import AUTUMN, KG, blended, make_peel, make_peel_of, make_plot

pytestmark = pytest.mark.usefixtures("app")


def words_of(page):
    """Its text, with one blank between words."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_traced_peel_shows_town_days_and_computed_age_but_no_grower_and_no_plot(client, at):
    at(AUTUMN)
    peel = make_peel(50 * KG)
    at("2030-11-25T08:00Z")
    batch = make_batch(lot=peel)
    page = client.get(f"/c/{code(batch)}").text
    for words in ("会城", "2026-11-24", "入库 2026 · 陈化 4 年", "2030-11-25", Season(2026).label):
        assert words in page, words
    for hidden in ("示范户甲", "示范-地-1", "申报"):
        assert hidden not in page, hidden
    at("2040-01-01T08:00Z")
    assert "陈化 4 年" in client.get(f"/c/{code(batch)}").text  # never rising on the page


def test_opening_stock_says_that_its_year_is_declared(client, at):
    at("2026-11-24T08:00Z")
    page = client.get(f"/c/{code(make_batch())}").text
    assert "系统启用前的库存，于 2026-01-05 现场核查，申报年份 2015" in page
    assert "陈化 11 年" not in page


def test_a_pack_with_some_opening_stock_says_so_and_no_year_that_only_a_part_of_it_claims(client, at):
    at(AUTUMN)
    peel, old = make_peel(50 * KG), make_opening_stock(claimed_year=2015)
    at("2030-11-25T08:00Z")
    batch = make_batch(lot=blended([(peel, 20 * KG), (old, 10 * KG)]))
    page = client.get(f"/c/{code(batch)}").text
    for words in ("其中一部分是系统启用前的库存，于 2026-11-24 现场核查", "系统启用前–2026 年", "陈化 4 年"):
        assert words in page, words
    assert "2015" not in page and "申报" not in page


def test_a_blend_says_its_parts_their_shares_and_which_decides_the_age(client, at):
    at(AUTUMN)
    first = make_peel(50 * KG)
    at("2027-11-30T08:00Z")
    second = make_peel_of(Season(2027))
    at("2032-11-25T08:00Z")
    batch = make_batch(lot=blended([(first, 30 * KG), (second, 10 * KG)]), net_weight_g=200)
    sent = client.get(f"/c/{code(batch)}").text
    assert len(sent.encode()) < 30_000
    page = words_of(sent)
    for words in (
        "您手里的 200 克：由约 4 千克 茶枝柑鲜果制成。",
        "拼配",
        "2026 年 75% · 约 150 克",
        "2027 年 25% · 约 50 克 产于 会城 · 2027-11-30 入库 最年轻的一份：整包的陈化年数按它算",
        "陈化 4 年",
    ):
        assert words in page, words
    told = client.get(f"/api/v1/codes/{code(batch)}").json["story"]
    assert [(part["season"], part["percent"], part["decides_age"]) for part in told["parts"]] == [
        ("2026", 75, False),
        ("2027", 25, True),
    ]
    assert told["steps"][0] == {
        "kind": "harvest",
        "material": "茶枝柑鲜果",
        "weight_g": 4000,
        "first_day": "2026-11-24",
        "last_day": "2027-11-30",
        "places": [],
        "was_outside": False,
    }


def test_a_village_is_named_once_it_has_a_second_grower(client, at):
    at(AUTUMN)
    peel = make_peel(50 * KG)
    at("2030-11-25T08:00Z")
    text = code(make_batch(lot=peel))
    assert "示范天马村" not in client.get(f"/c/{text}").text
    make_plot("示范-地-2", owner="示范户乙")
    assert "示范天马村" in client.get(f"/c/{text}").text


def test_grown_in_stored_in_and_tested_are_facts_of_their_own(client, at):
    at(AUTUMN)
    peel = make_peel(50 * KG)
    report = LabReport("示范检字第 1 号", "示范检验所", clock.today(), passed=True)
    report_test(peel, report, by=person("zhao"))
    move_lot(peel, store(inside=False), by=person("lin"))
    at("2027-11-24T08:00Z")
    move_lot(peel, store(), by=person("lin"))
    at("2031-11-25T08:00Z")
    batch = make_batch(lot=peel)
    page = words_of(client.get(f"/c/{code(batch)}").text)
    for words in (
        "产地 会城",
        "存放地 会城",
        "有一段时间存放在产区外，不计入陈化",
        "检验报告 2026-11-24 示范检验所：合格 示范检字第 1 号",
    ):
        assert words in page, words
    assert client.get(f"/api/v1/codes/{code(batch)}").json["story"]["tests"] == [
        {
            "report_number": "示范检字第 1 号",
            "laboratory": "示范检验所",
            "tested_on": "2026-11-24",
            "passed": True,
        }
    ]


def test_the_season_is_in_the_readers_language_on_every_look(client, at):
    at(AUTUMN)
    peel = make_peel(50 * KG)
    at("2030-11-25T08:00Z")
    text = code(make_batch(lot=peel))
    for asked, words in [("en", "<dd>2026</dd>"), ("zh-CN", "<dd>2026 年</dd>")] * 2:
        assert words in client.get(f"/c/{text}", headers={"Accept-Language": asked}).text, asked


@pytest.mark.parametrize("typed", ["<b>A", "\ue002<b>A", "\ue000party\ue001<b>A"])
def test_what_an_enterprise_typed_is_shown_as_it_is(client, typed):
    text = code(make_batch(own_number=typed))
    for _ in range(2):  # rendered, then filled
        assert f"<dd>{typed.replace('<b>', '&lt;b&gt;')}</dd>" in client.get(f"/c/{text}").text
