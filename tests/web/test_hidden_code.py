"""The hidden code is the one thing that may claim a first use."""

from gi_trace.codes.unit_code import hidden_code
from gi_trace.database import db, writing
from gi_trace.keys import keys
from gi_trace.verification.models import HiddenCodeTry, HiddenCodeUse
from tests.cast import code, make_activated_batch


def digits_of(batch, unit=1):
    return hidden_code(keys().by_epoch[batch.epoch], batch.number, unit)


def enter(browser, batch, digits):
    return browser.post("/hidden-code", data={"code": code(batch), "digits": digits}).text


def opened_page(app, batch):
    browser = app.test_client()
    browser.get(f"/c/{code(batch)}")
    return browser


def test_the_first_right_entry_says_first_use_and_a_later_one_when_it_was(app, at):
    batch = make_activated_batch()
    at("2026-11-24T08:00Z")
    first, second = opened_page(app, batch), opened_page(app, batch)
    assert "首次使用" in enter(first, batch, digits_of(batch))
    later = enter(second, batch, digits_of(batch))
    assert "涂层密码已被使用过" in later and "2026-11-24 16:00" in later


def test_the_same_device_gets_its_first_answer_again_within_half_an_hour(app, at):
    batch = make_activated_batch()
    at("2026-11-24T08:00Z")
    phone = opened_page(app, batch)
    enter(phone, batch, digits_of(batch))
    at("2026-11-24T08:29Z")
    assert "这个涂层密码是第一次被使用" in enter(phone, batch, digits_of(batch))
    at("2026-11-24T08:30Z")
    assert "涂层密码已被使用过" in enter(phone, batch, digits_of(batch))


def test_five_wrong_tries_lock_it_for_that_device_for_a_day_in_neutral_words(app, at):
    batch = make_activated_batch()
    at("2026-11-24T08:00Z")
    phone, other = opened_page(app, batch), opened_page(app, batch)
    wrong = f"{(int(digits_of(batch)) + 1) % 10**8:08d}"
    for _ in range(5):
        assert "涂层密码不符" in enter(phone, batch, wrong)
    locked = enter(phone, batch, digits_of(batch))
    assert "暂时不能核对" in locked and "不代表产品有问题" in locked
    assert "首次使用" in enter(other, batch, digits_of(batch))
    at("2026-11-25T08:01Z")
    assert "涂层密码已被使用过" in enter(phone, batch, digits_of(batch))


def test_twenty_wrong_tries_a_day_lock_the_unit_and_inspectors_see_them(app, at, sign_in):
    batch = make_activated_batch()
    at("2026-11-24T08:00Z")
    wrong = f"{(int(digits_of(batch)) + 1) % 10**8:08d}"
    for _ in range(5):
        phone = opened_page(app, batch)
        for _ in range(4):
            enter(phone, batch, wrong)
    assert "暂时不能核对" in enter(opened_page(app, batch), batch, digits_of(batch))
    at("2026-11-24T09:00Z")
    assert db.session.query(HiddenCodeTry).count() == 20
    assert ">20<" in sign_in("chen").get(f"/inspector/codes/{code(batch)}").text.replace(" ", "")


def test_a_plain_check_uses_nothing_up_and_the_digits_never_stand_in_an_address(app):
    batch = make_activated_batch()
    browser = opened_page(app, batch)
    assert db.session.query(HiddenCodeUse).count() == 0
    page = browser.get(
        f"/hidden-code?code={code(batch)}&digits={digits_of(batch)}", follow_redirects=True
    ).text
    assert (
        code(batch) in page and digits_of(batch) not in page and db.session.query(HiddenCodeUse).count() == 0
    )


def test_full_width_digits_are_forgiven_and_nonsense_is_explained(app):
    batch = make_activated_batch()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits_of(batch))
    browser = opened_page(app, batch)
    page = browser.post("/hidden-code", data={"code": code(batch), "digits": "1234"})
    assert page.status_code == 422 and "您输入了 4 位" in page.text
    assert f'value="{code(batch)}"' in page.text and 'value="1234"' in page.text, "what was typed stays"
    assert "8 位数字" in enter(browser, batch, "12ab")
    assert "首次使用" in enter(browser, batch, f" {wide[:4]} {wide[4:]}")


def test_used_before_says_that_it_may_have_been_oneself_and_when_it_was_this_phone(app, at):
    batch = make_activated_batch()
    at("2026-11-24T08:00Z")
    mine, other = opened_page(app, batch), opened_page(app, batch)
    enter(mine, batch, digits_of(batch))
    at("2026-11-25T08:00Z")
    assert "可能是您自己" in enter(other, batch, digits_of(batch))
    assert "就是这部手机" not in enter(other, batch, digits_of(batch))
    assert "就是这部手机" in enter(mine, batch, digits_of(batch))


def test_wrong_digits_stand_in_the_form_to_be_mended(app):
    batch = make_activated_batch()
    wrong = f"{(int(digits_of(batch)) + 1) % 10**8:08d}"
    page = enter(opened_page(app, batch), batch, wrong)
    assert f'value="{wrong}"' in page and f'value="{code(batch)}"' in page


def test_the_city_of_the_first_use_is_named_in_the_language_of_the_page(app, at):
    batch = make_activated_batch()
    at("2026-11-24T08:00Z")
    enter(opened_page(app, batch), batch, digits_of(batch))
    with writing():
        db.session.query(HiddenCodeUse).one().city = "江门市"
    at("2026-11-25T08:00Z")
    form = {"code": code(batch), "digits": digits_of(batch)}
    page = app.test_client().post("/hidden-code", data=form, headers={"Accept-Language": "en"}).text
    assert "Jiangmen" in page and "江门市" not in page.split("<main")[1]
