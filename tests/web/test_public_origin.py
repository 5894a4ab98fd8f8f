"""Where goods came from, as a shopper may know it."""

import pytest

from gi_trace.stock.rules.seasons import Season
from tests.cast import code, make_batch, make_opening_stock
from tests.farm import AUTUMN, KG, blended, make_peel

pytestmark = pytest.mark.usefixtures("app")


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
