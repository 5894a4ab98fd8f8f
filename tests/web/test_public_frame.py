"""What stands around every public page: who runs it, how to know it, whom to call, and what a chat shows of its link."""

import re

import pytest

from gi_trace import clock
from gi_trace.batches.models import UnitRange
from gi_trace.batches.rules import UnitState
from gi_trace.database import db, writing
from tests.cast import code, make_activated_batch, person

PAGES = ["/", "/roll", "/report", "/apply", "/apply/follow", "/privacy", "/how-to-recognise", "/decisions"]
PAGES += ["/record", "/what-a-code-cannot-prove", "/c/ABC", "/c/00000000000000000000"]
ENGLISH = {"Accept-Language": "en-GB"}


def told(page, name):
    return re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', page)[1]


@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_says_who_runs_it_how_to_know_it_and_whom_to_call(client, path):
    page = client.get(path).text
    header, footer = page.split("<main")[0], page.split("</main>")[1]
    assert "江门市市场监督管理局（演示）主办" in header and "江门市市场监督管理局（演示）主办" in footer
    assert 'href="/how-to-recognise"' in header
    assert '<a href="tel:12315">12315</a>' in footer
    assert told(page, "og:title") == page.split("<title>")[1].split(" – 江门地理标志查验</title>")[0]
    assert told(page, "description") == told(page, "og:description") != ""


def test_numbers_of_filing_stand_at_the_foot_once_they_are_set(app, client):
    assert "beian" not in client.get("/").text
    app.config.update(ICP_NUMBER="粤ICP备00000000号-1", POLICE_NUMBER="粤公网安备 44070000000000号")
    foot = client.get("/").text.split("</main>")[1]
    assert '<a href="https://beian.miit.gov.cn/" lang="zh-Hans">粤ICP备00000000号-1</a>' in foot
    assert "webSearch?code=44070000000000" in foot


def test_only_verdicts_are_kept_out_of_search_engines(client):
    assert "noindex" in client.get(f"/c/{code(make_activated_batch())}").text
    assert "noindex" in client.get("/c/ABC").text
    assert "noindex" not in client.get("/").text
    robots = client.get("/robots.txt")
    assert robots.mimetype == "text/plain" and "Disallow: /authority/" in robots.text
    assert "/c/" not in robots.text  # what may not be opened cannot say that it is not for an index


def test_browsers_and_phones_find_an_icon(client):
    page = client.get("/").text
    touch = re.search(r'<link rel="apple-touch-icon" href="([^"]+)"', page)[1]
    assert client.get(touch).mimetype == "image/png"
    assert client.get("/favicon.ico").data.startswith(b"\0\0\1\0")


def test_what_stays_chinese_says_so_on_a_page_in_english(client):
    page = client.get(f"/c/{code(make_activated_batch())}", headers=ENGLISH).text
    assert "Xinhui Chenpi" in page and "Huicheng" in page
    assert '<span lang="zh-Hans">林记示范陈皮行</span>' in page
    assert "Run by Jiangmen Administration for Market Regulation (demo)" in page


@pytest.mark.parametrize("state", [UnitState.RETURNED, UnitState.VOID, UnitState.LOST, UnitState.DESTROYED])
def test_what_happened_just_after_midnight_happened_on_that_day(client, at, state):
    batch = make_activated_batch()
    at("2026-12-01T16:10Z")  # 00:10 of the 2nd in Shanghai
    row = UnitRange(batch_number=batch.number, state=state, first_unit=1, last_unit=1)
    row.at, row.by_id = clock.now(), person("lin").id
    with writing():
        db.session.add(row)
    page = client.get(f"/c/{code(batch)}").text
    assert "2026-12-02" in page and "2026-12-01" not in page
