"""A page speaks the reader's language: by choice, else by browser, else simplified Chinese."""

import re
import shutil

import pytest
from flask_babel import force_locale

from gi_trace.web.languages import ENGLISH, SIMPLIFIED, TRADITIONAL, language_of
from gi_trace.web.words import counted
from tests.cast import code, make_activated_batch


def language_shown(page):
    return re.search(r'<html lang="([^"]+)"', page.text)[1]


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-HK", TRADITIONAL),
        ("zh-MO", TRADITIONAL),
        ("zh_TW", TRADITIONAL),
        ("zh-Hant", TRADITIONAL),
        ("zh-Hant-TW", TRADITIONAL),
        ("zh-Hans-HK", SIMPLIFIED),
        ("zh-CN", SIMPLIFIED),
        ("zh-SG", SIMPLIFIED),
        ("zh", SIMPLIFIED),
        ("en-GB", ENGLISH),
        ("EN", ENGLISH),
        ("yue", TRADITIONAL),
        ("yue-HK", TRADITIONAL),
        ("zh-yue", TRADITIONAL),
        ("yue-Hans-CN", SIMPLIFIED),
        ("zh-Hant-HK", TRADITIONAL),
        ("zh-Hant-CN", TRADITIONAL),
        ("cmn-Hant-TW", TRADITIONAL),
        ("pt", None),
        ("zhx", None),
        ("", None),
        ("-", None),
    ],
)
def test_browsers_tags_find_their_language(tag, language):
    assert language_of(tag) is language


@pytest.mark.parametrize(
    ("asked", "tag", "words"),
    [
        ("zh-HK,en;q=0.8", "zh-Hant", "江門地理標誌查驗"),
        ("pt,en-GB;q=0.9,zh;q=0.5", "en", "Jiangmen GI Check"),
        ("en;q=0,zh-TW;q=0.2", "zh-Hant", "江門地理標誌查驗"),
        ("yue-HK,yue;q=0.9,zh-HK;q=0.8,en;q=0.7", "zh-Hant", "江門地理標誌查驗"),
        ("zh-Hant-HK,zh-Hant;q=0.9,zh;q=0.8", "zh-Hant", "江門地理標誌查驗"),
        ("en;q=0.1,zh-MO;q=0.2", "zh-Hant", "江門地理標誌查驗"),
        ("en;q=nan,zh;q=x,;;;q=1", "zh-Hans", "江门地理标志查验"),
        ("x" * 5000 + ",en", "zh-Hans", "江门地理标志查验"),
        ("*", "zh-Hans", "江门地理标志查验"),
        ("pt", "zh-Hans", "江门地理标志查验"),
        ("", "zh-Hans", "江门地理标志查验"),
    ],
)
def test_browser_decides_where_nobody_chose(client, asked, tag, words):
    page = client.get("/", headers={"Accept-Language": asked})
    assert language_shown(page) == tag
    assert words in page.text
    assert "Accept-Language" in page.headers["Vary"]


def test_only_a_tap_on_the_switch_sets_the_cookie_which_then_beats_the_browser(client):
    browser = {"Accept-Language": "zh-CN"}
    assert "language=" not in str(client.get("/", headers=browser).headers)
    tapped = client.get("/?lang=en", headers=browser)
    assert "language=en" in tapped.headers["Set-Cookie"]
    assert "HttpOnly" in tapped.headers["Set-Cookie"]
    assert language_shown(client.get("/", headers=browser)) == "en"


def test_unknown_choice_changes_nothing(client):
    page = client.get("/?lang=xx%0d%0a")
    assert language_shown(page) == "zh-Hans"
    assert "language=" not in str(page.headers)


def test_switch_keeps_the_rest_of_the_address(client):
    page = client.get("/?code=A%26B&lang=en")
    assert 'href="?code=A%26B&amp;lang=zh-Hant"' in page.text
    assert "lang=en" not in page.text.split("<main")[0]


def test_answered_form_has_no_switch_that_would_lose_what_was_typed(client):
    assert 'class="languages"' in client.get("/sign-in").text
    assert 'class="languages"' not in client.post("/sign-in", data={"sign_in_name": "lin"}).text


@pytest.mark.parametrize(
    ("found", "put", "fault"),
    [
        ('msgstr "Page %(number)s"', 'msgstr "Page %(page)s"', "other placeholders: 第 %(number)s 页"),
        ('msgstr "Previous"', 'msgstr ""', "not translated: 上一页"),
        ('msgid "上一页"', 'msgid "前一页"', "not translated: 上一页"),
        ('msgstr "Previous"', 'msgstr "100 % back"', "a template formats a bare %: 上一页"),
        ('msgid "上一页"', '#, fuzzy\nmsgid "上一页"', "not translated: 上一页"),
    ],
)
def test_check_names_the_faulty_translation(translations, tmp_path, monkeypatch, capsys, found, put, fault):
    folder = shutil.copytree(translations.FOLDER, tmp_path / "translations")
    monkeypatch.setattr(translations, "FOLDER", folder)
    source = translations.po_path("en")
    source.write_text(source.read_text().replace(found, put))
    assert translations.main(["check"]) == 1
    assert f"en: {fault}" in capsys.readouterr().out


def test_forms_own_messages_come_in_traditional_chinese_too(app):
    from flask_wtf import FlaskForm
    from wtforms import IntegerField

    class Units(FlaskForm):
        units = IntegerField()

    with app.test_request_context("/?lang=zh-Hant", method="POST", data={"units": "x"}):
        app.preprocess_request()
        form = Units(meta={"csrf": False})
        assert not form.validate()
        assert form.units.errors == ["不是有效的整數值。"]


@pytest.mark.parametrize(("count", "told"), [(0, "0 enterprises"), (1, "1 enterprise"), (2, "2 enterprises")])
def test_english_has_a_form_for_one_and_chinese_needs_none(app, count, told):
    with app.test_request_context():
        with force_locale("en"):
            assert counted("共 %(count)s 家企业", count) == told
        with force_locale("zh_Hant_HK"):
            assert counted("共 %(count)s 家企业", count) == f"共 {count} 家企業"
        with force_locale("zh_Hans_CN"):
            assert counted("共 %(count)s 家企业", count) == f"共 {count} 家企业"


def test_a_text_with_a_count_may_have_any_facts(app):
    with app.test_request_context():
        told = counted("批次 %(number)s：%(count)s 件 %(product)s", 2, number="B7", product="新会陈皮")
        assert told == "批次 B7：2 件 新会陈皮"


def test_a_page_says_once_and_twice(client):
    text = code(make_activated_batch())
    pages = [client.get(f"/c/{text}?lang=en", headers={"User-Agent": "Phone"}).text for _ in range(3)]
    assert "Checked 1 time before" in pages[1] and "time before" not in pages[0]


def test_a_count_whose_text_has_no_form_for_one_is_a_fault(translations, tmp_path, monkeypatch, capsys):
    folder = shutil.copytree(translations.FOLDER, tmp_path / "translations")
    monkeypatch.setattr(translations, "FOLDER", folder)
    source = translations.po_path("en")
    source.write_text(
        source.read_text().replace('msgstr "%(count)s in all"', 'msgstr "%(count)s rows in all"')
    )
    assert translations.main(["check"]) == 1
    assert "en: has no form for one: 共 %(count)s 条" in capsys.readouterr().out
