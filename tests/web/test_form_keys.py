"""A form sent twice does one thing, of whichever face; and what would be refused is refused before the summary."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.accounts.sent_forms import SentForm
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.stock.models import Site
from gi_trace.verification.storing.upkeep import upkeep
from tests.cast import make_batch, party_of, peel_of, person

NEW_SITE = "/enterprise/sites/new"
SITE = {"name": "示范新仓", "area": "", "address": "示范路 1 号"}
SENT_BEFORE = "已经提交并办成"


def hidden(page, name):
    """Of the page's own form, not of the button that signs out."""
    return re.search(rf'name="{name}" value="([^"]+)"', page.partition("<main")[2] or page)[1]


def opened(browser, address=NEW_SITE):
    """The key of a form as a browser opens it."""
    return {"form_key": hidden(browser.get(address).text, "form_key")}


def confirmed(browser, key, **changes):
    return browser.post(NEW_SITE, data=SITE | key | changes | {"answers": "confirmed"})


def sites(owner="lin"):
    found = (
        db.session.query(Site.name).filter_by(party_id=party_of(owner).id).filter(Site.name != "会城示范仓")
    )
    return [name for (name,) in found.order_by(Site.id)]


def test_a_double_click_does_one_thing_and_lands_where_the_first_did(sign_in):
    lin = sign_in("lin")
    key = opened(lin)
    first, second = confirmed(lin, key), confirmed(lin, key)
    assert first.location == second.location == "/enterprise/sites"
    assert SENT_BEFORE in lin.get(second.location).text and sites() == ["示范新仓"]


def test_two_clicks_at_once_do_one_thing(app, sign_in):
    lin = sign_in("lin")
    key, cookie = opened(lin), lin.get_cookie("gi_trace").value

    def click(_):
        with app.app_context():
            browser = app.test_client()
            browser.set_cookie("gi_trace", cookie)
            return confirmed(browser, key).location

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(click, range(4))) == {"/enterprise/sites"}
    assert sites() == ["示范新仓"]


def test_the_back_button_leads_to_what_was_done(sign_in):
    """Also before the summary: nobody confirms what is done already."""
    lin = sign_in("lin")
    key = opened(lin)
    assert hidden(lin.post(NEW_SITE, data=SITE | key).text, "form_key") == key["form_key"]
    confirmed(lin, key)
    assert lin.post(NEW_SITE, data=SITE | key).location == "/enterprise/sites"
    assert sites() == ["示范新仓"]


def test_another_content_on_the_way_back_is_asked_about_and_kept(sign_in):
    lin = sign_in("lin")
    key = opened(lin)
    confirmed(lin, key)
    asked = lin.post(NEW_SITE, data=SITE | key | {"name": "示范二仓"})
    assert asked.status_code == 422 and "要另外再办一次，请再提交" in asked.text and "示范二仓" in asked.text
    again = {"form_key": hidden(asked.text, "form_key")}
    assert again != key and confirmed(lin, again, name="示范二仓").status_code == 302
    assert sites() == ["示范新仓", "示范二仓"]


def test_two_tabs_are_two_forms(sign_in):
    lin = sign_in("lin")
    one, other = opened(lin), opened(lin)
    confirmed(lin, one)
    confirmed(lin, other, name="示范二仓")
    assert sites() == ["示范新仓", "示范二仓"]


def test_a_form_opened_by_another_firm_is_refused_and_what_was_typed_stays(sign_in):
    key, wu = opened(sign_in("lin")), sign_in("wu")
    for answers in ({}, {"answers": "confirmed"}):
        page = wu.post(NEW_SITE, data=SITE | key | answers)
        assert page.status_code == 422 and "现在登录的是“wu”" in page.text and "示范新仓" in page.text
    assert sites("lin") == sites("wu") == []
    own = {"form_key": hidden(page.text, "form_key")}
    assert confirmed(wu, own).status_code == 302 and sites("wu") == ["示范新仓"]


def test_what_was_refused_is_mended_on_the_same_form(sign_in):
    lin = sign_in("lin")
    confirmed(lin, opened(lin))
    key = opened(lin)
    refused = confirmed(lin, key)
    assert refused.status_code == 422 and hidden(refused.text, "form_key") == key["form_key"]
    assert confirmed(lin, key, name="示范二仓").status_code == 302


def test_a_button_pressed_twice_does_one_thing(sign_in):
    zhao, page = sign_in("zhao"), f"/authority/accounts/{person('wu').id}"
    keys = re.findall(
        rf'action="{page}/close".*?name="form_key" value="([^"]+)"', zhao.get(page).text, re.DOTALL
    )
    closing = {"form_key": keys[0]}
    first, second = (zhao.post(f"{page}/close", data=closing) for _ in range(2))
    assert first.location == second.location and SENT_BEFORE in zhao.get(page).text


def test_a_password_shown_once_is_not_made_twice(sign_in):
    zhao, address = sign_in("zhao"), f"/authority/accounts/{person('wu').id}/reset"
    key = opened(zhao, f"/authority/accounts/{person('wu').id}")
    assert zhao.post(address, data=key).status_code == 200
    known = person("wu").password_hash
    assert zhao.post(address, data=key).status_code == 302
    assert db.session.query(Account.password_hash).filter_by(sign_in_name="wu").scalar() == known


def test_kept_keys_are_thrown_away_after_a_week(sign_in, at):
    at("2026-11-24T08:00+00:00")
    lin = sign_in("lin")
    confirmed(lin, opened(lin))
    for days, left in ((6, 1), (8, 0)):
        at((clock.now() + timedelta(days=days)).isoformat())
        upkeep()
        assert db.session.query(SentForm).count() == left


@pytest.mark.parametrize("someone", ["zhao", "lin", "liang", "chen"])
def test_no_route_that_writes_takes_a_form_without_a_key(app, sign_in, someone):
    browser = sign_in(someone)
    face = browser.get("/sign-in").location
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(face).text)[1]
    app.config["WTF_CSRF_ENABLED"] = True
    rules = [
        rule for rule in app.url_map.iter_rules() if rule.rule.startswith(face) and "POST" in rule.methods
    ]
    assert len(rules) > 10 or someone == "chen"
    for rule in rules:
        address = re.sub(r"<int[^>]*>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))
        answer = browser.post(re.sub(r"<[^>]*>", "x", address), data={"csrf_token": token})
        assert answer.status_code == 400 and "这张表不完整" in answer.text, rule


def rows_of_record():
    return db.session.query(RecordRow).count()


def test_what_would_be_refused_is_refused_before_the_summary(sign_in):
    lin, lot = sign_in("lin"), peel_of("lin")
    before = rows_of_record()
    answer = lin.post(
        f"/enterprise/lots/{lot.id}/loss", data={"on": clock.today(), "weight": "1001", "reason": "受潮"}
    )
    assert answer.status_code == 422 and "缺 1 千克" in answer.text and 'value="1001"' in answer.text
    assert rows_of_record() == before


def test_a_rehearsal_leaves_no_row_and_no_message(sign_in):
    lin, lot, batch = sign_in("lin"), peel_of("lin"), make_batch()
    before, address = rows_of_record(), f"/enterprise/batches/{batch.number}/unpack"
    summary = lin.post(address, data={"ranges": "1-2", "count": "2", "reason": "破损"})
    assert "提交前请核对" in summary.text and "已拆包" not in summary.text
    assert "已拆包" not in lin.get("/enterprise/").text
    assert (rows_of_record(), lot.balance_g) == (before, 975_000)
