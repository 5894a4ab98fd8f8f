"""The authority says what things are called in other languages, and pages say it at once."""

import json

import pytest

from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import GlossaryEntry
from tests.cast import code, make_activated_batch

FIRM = "林记示范陈皮行"


@pytest.fixture
def zhao(sign_in):
    return sign_in("zhao")


def put(browser, chinese, traditional="", english="", new=False):
    names = {"traditional": traditional, "english": english, "answers": "confirmed"}
    if new:
        return browser.post("/authority/glossary/new", data=names | {"chinese": chinese})
    return browser.post(f"/authority/glossary/names/{chinese}", data=names)


def english_page(app, batch):
    return app.test_client().get(f"/c/{code(batch)}", headers={"Accept-Language": "en"}).text


def test_a_name_that_is_entered_shows_at_once_and_one_that_is_taken_away_is_chinese_again(app, zhao):
    batch = make_activated_batch()
    assert f'<span lang="zh-Hans">{FIRM}</span>' in english_page(app, batch)
    assert put(zhao, FIRM, "林記示範陳皮行", "Lin's Demo Chenpi", new=True).status_code == 302
    assert "Lin&#39;s Demo Chenpi" in english_page(app, batch)
    put(zhao, FIRM, "林記示範陳皮行")
    assert f'<span lang="zh-Hans">{FIRM}</span>' in english_page(app, batch)


def test_each_entry_has_its_day_and_its_row_of_the_record_and_what_stays_makes_none(zhao, at):
    at("2026-11-24T16:10Z")
    put(zhao, "新会陈皮", "新會陳皮", "Xinhui Mandarin Peel")
    put(zhao, "新会陈皮", "新會陳皮", "Xinhui Mandarin Peel")
    (entry,) = db.session.query(GlossaryEntry)
    assert (entry.language, entry.on.isoformat()) == ("en", "2026-11-25")
    (row,) = db.session.query(RecordRow).filter_by(act="glossary.name_put")
    assert row.subject == f"glossary_entry:{entry.id}"
    assert json.loads(row.body)["facts"] == {
        "chinese": "新会陈皮",
        "language": "en",
        "before": "Xinhui Chenpi (aged tangerine peel)",
        "after": "Xinhui Mandarin Peel",
    }


@pytest.mark.parametrize(
    ("chinese", "english", "words"),
    [
        ("新会柑", "Xinhui 柑", "里有汉字"),
        ("Lin & Co", "Lin", "里没有汉字"),
        ("柑" * 121, "Gan", "最多 120 个字"),
    ],
)
def test_what_is_no_name_is_refused_on_the_form_with_what_was_typed(zhao, chinese, english, words):
    page = put(zhao, chinese, english=english, new=True)
    assert page.status_code == 422 and words in page.text and f'value="{english}"' in page.text
    assert db.session.query(GlossaryEntry).count() == 0


def test_the_list_shows_names_in_use_and_finds_the_others(zhao):
    page = zhao.get("/authority/glossary").text
    assert "新会陈皮" in page and "會城" in page and "成都市" not in page
    assert "Chengdu" in zhao.get("/authority/glossary?q=成都").text
    assert "没有这样的名称" in zhao.get("/authority/glossary?q=不存在").text
    assert zhao.get("/authority/glossary/names/Lin").status_code == 404


def test_the_public_roll_names_products_and_towns_and_leaves_firms_chinese(client):
    page = client.get("/roll", headers={"Accept-Language": "en"}).text
    assert "Xinhui Chenpi" in page and f'<h2><span lang="zh-Hans">{FIRM}</span></h2>' in page
