"""A check is a person's look, not a request."""

from gi_trace.database import db, writing
from gi_trace.verification.models import Check, DayKey, count_checks
from gi_trace.verification.storing.journal import the_journal
from tests.cast import code, make_activated_batch

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Phone"}
OTHER = {"User-Agent": "Mozilla/5.0 (iPhone) Other"}


def browser(app, *, cookies=True):
    return app.test_client(use_cookies=cookies)


def test_a_reload_within_ten_minutes_is_no_second_check(app, client, at):
    batch = make_activated_batch()
    at("2026-11-24T08:00Z")
    client.get(f"/c/{code(batch)}")
    at("2026-11-24T08:09Z")
    client.get(f"/c/{code(batch)}")
    assert count_checks(batch.number, 1) == 1
    at("2026-11-24T08:10Z")
    client.get(f"/c/{code(batch)}")
    assert count_checks(batch.number, 1) == 2


def test_two_people_are_two_checks_and_the_second_reads_of_the_first(app):
    batch = make_activated_batch()
    first = browser(app).get(f"/c/{code(batch)}", headers=PHONE).text
    second = browser(app).get(f"/c/{code(batch)}", headers=OTHER).text
    assert "此前无查验记录" in first and "此前已被查验 1 次" in second
    assert count_checks(batch.number, 1) == 2


def test_ones_own_checks_are_told_apart_as_long_as_all_traces_are_at_hand(app, at):
    batch, one, other = make_activated_batch(), browser(app), browser(app)
    for hour, who, kind in ((1, one, PHONE), (2, other, OTHER), (3, one, PHONE)):
        at(f"2026-11-24T0{hour}:00Z")
        who.get(f"/c/{code(batch)}", headers=kind)
    at("2026-11-24T04:00Z")
    mine = one.get(f"/c/{code(batch)}", headers=PHONE).text
    others = other.get(f"/c/{code(batch)}", headers=OTHER).text
    assert "此前已被查验 3 次" in mine and "您用这台设备查过 2 次" in mine
    assert "此前已被查验 4 次" in others and "您用这台设备查过 1 次" in others
    at("2026-11-26T04:00Z")
    later = one.get(f"/c/{code(batch)}", headers=PHONE).text
    assert "您用这台设备查过" not in later and "其中可能有您自己的" in later


def test_checks_without_a_cookie_are_ones_own_only_where_nobody_else_can_have_left_them(app, at):
    batch, one = make_activated_batch(), browser(app)
    at("2026-11-24T01:00Z")
    one.get(f"/c/{code(batch)}", headers=PHONE)
    for hour in (2, 3):
        at(f"2026-11-24T0{hour}:00Z")
        without = browser(app).get(f"/c/{code(batch)}", headers=PHONE).text
        assert "您用这台设备查过" not in without and "其中可能有您自己的" in without
    at("2026-11-24T04:00Z")
    mine = one.get(f"/c/{code(batch)}", headers=PHONE).text
    assert "此前已被查验 3 次" in mine and "您用这台设备查过 1 次" in mine


def test_two_phones_of_one_model_behind_one_address_are_told_apart_by_their_cookies(app):
    batch, other = make_activated_batch(), make_activated_batch(own_number="A-002")
    one, two = browser(app), browser(app)
    for phone in (one, two):
        phone.get(f"/c/{code(other)}", headers=PHONE)
    for phone in (one, two):
        phone.get(f"/c/{code(batch)}", headers=PHONE)
    assert count_checks(batch.number, 1) == 2


def test_a_browser_that_keeps_no_cookie_is_still_one_device_for_the_day(app, at):
    batch = make_activated_batch()
    shy = browser(app, cookies=False)
    for hour in (1, 5):
        at(f"2026-11-24T0{hour}:00Z")
        shy.get(f"/c/{code(batch)}", headers=PHONE)
        shy.get(f"/c/{code(batch)}", headers=PHONE)
    checks = app.extensions["sqlalchemy"].session.query(Check).all()
    assert len(checks) == 2
    assert len({check.device for check in checks}) == 1


def test_the_cookie_is_random_first_party_kept_180_days_and_set_once(client):
    batch = make_activated_batch()
    cookie = client.get(f"/c/{code(batch)}").headers["Set-Cookie"]
    assert cookie.startswith("device=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert f"Max-Age={180 * 24 * 3600}" in cookie and "Domain" not in cookie
    assert "Set-Cookie" not in client.get(f"/c/{code(batch)}").headers


def test_one_person_is_another_device_in_every_batch(client, app):
    for own_number in ("A-001", "A-002"):
        client.get(f"/c/{code(make_activated_batch(own_number=own_number))}")
    session = app.extensions["sqlalchemy"].session
    assert len({check.device for check in session.query(Check)}) == 2


def test_head_prefetch_previews_and_staff_are_not_counted(client, sign_in):
    batch = make_activated_batch()
    page = f"/c/{code(batch)}"
    client.head(page)
    client.get(page, headers={"Sec-Purpose": "prefetch;prerender"})
    client.get(page, headers={"User-Agent": "WhatsApp/2.23 LinkPreview"})
    client.get(page, headers={"User-Agent": "Mozilla/5.0 (compatible; Bingbot/2.0)"})
    sign_in("chen").get(page)
    assert count_checks(batch.number, 1) == 0


def test_a_digital_link_is_checked_like_the_short_address_and_must_not_contradict_its_code(client, app):
    batch = make_activated_batch()
    text = code(batch)
    with writing():
        batch.product.gtin = "06901234567892"
    sound = f"/01/06901234567892/10/{batch.number_text}/21/{text}"
    for wrong in ("09506000134352", "06901234567893", "abc"):
        assert "查无此标识" in client.get(sound.replace("06901234567892", wrong)).text
    assert "查无此标识" in client.get(sound.replace(batch.number_text, "00000")).text
    assert "查无此标识" in client.get(sound.replace(batch.number_text, "0")).text
    assert count_checks(batch.number, 1) == 0
    assert "查无此标识" not in client.get(sound).text
    assert count_checks(batch.number, 1) == 1


def test_yesterdays_key_is_gone_when_today_needs_one(app, at):
    batch = make_activated_batch()
    for day in (24, 25):
        at(f"2026-11-{day}T08:00Z")
        browser(app).get(f"/c/{code(batch)}", headers=PHONE)
    session = app.extensions["sqlalchemy"].session
    assert [key.day.isoformat() for key in session.query(DayKey)] == ["2026-11-25"]


def test_acts_wait_for_the_disk_and_checks_do_not(app):
    def synchronous(engine):
        with engine.connect() as connection:
            return connection.exec_driver_sql("PRAGMA synchronous").scalar()

    normal, full = 1, 2  # as SQLite numbers them
    assert (synchronous(the_journal().engine), synchronous(db.engine)) == (normal, full)
