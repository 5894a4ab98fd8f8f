"""Which language a page is in: the reader's own choice first, then what the browser asks for."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.support import NullTranslations, Translations
from flask import Flask, Response, has_request_context, request
from flask_babel import Babel
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from wtforms.i18n import messages_path

LANGUAGE_COOKIE = "language"
LONGEST_HEADER = 400
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Language:
    locale: str
    tag: str  # for <html lang> and ?lang=
    name: str


SIMPLIFIED = Language("zh_Hans_CN", "zh-Hans", "简体")
TRADITIONAL = Language("zh_Hant_HK", "zh-Hant", "繁體")
ENGLISH = Language("en", "en", "English")
LANGUAGES = (SIMPLIFIED, TRADITIONAL, ENGLISH)
SCRIPTS = {"hans": SIMPLIFIED, "hant": TRADITIONAL}
CHINESE_LANGUAGES = ("zh", "cmn", "yue")
TRADITIONAL_REGIONS = {"hk", "mo", "tw"}
BY_TAG = {language.tag: language for language in LANGUAGES}


def init_languages(app: Flask) -> None:
    Babel(
        app,
        default_locale=SIMPLIFIED.locale,
        default_timezone="Asia/Shanghai",
        locale_selector=lambda: page_language().locale,
    )
    app.context_processor(language_context)
    app.before_request(lend_wtforms_texts)
    app.after_request(remember_choice)


def page_language() -> Language:
    """The language of this page; for commands, which have no reader, the first one."""
    if not has_request_context():
        return SIMPLIFIED
    chosen = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return BY_TAG.get(chosen or "") or asked_language(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=1000)
def asked_language(header: str) -> Language:
    """The best language of the Accept-Language header; in Chinese if it names none of ours.

    The lane asks for every check: of what no browser sends, only the beginning is read."""
    for tag, weight in parse_accept_header(header[:LONGEST_HEADER], LanguageAccept):
        language = language_of(tag)
        if language and weight > 0:
            return language
    return SIMPLIFIED


def language_of(tag: str) -> Language | None:
    """Ours for a browser's tag. Babel's negotiate_locale finds nothing for zh-HK or zh-TW."""
    main, *rest = parts = tag.lower().replace("_", "-").split("-")
    if main == "en":
        return ENGLISH
    if main not in CHINESE_LANGUAGES:
        return None
    if script := SCRIPTS.get(next((part for part in rest if part in SCRIPTS), "")):
        return script
    is_cantonese = "yue" in parts and "cn" not in rest
    return TRADITIONAL if is_cantonese or TRADITIONAL_REGIONS & set(rest) else SIMPLIFIED


def language_context() -> dict[str, Any]:
    """html_lang, and switches = [(language, address of this page in it)] for the other languages.

    A page that answers a form has no switch: opening its address again would lose what was typed.
    """
    present = page_language()
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    switches = [
        (language, "?" + urlencode([*kept, ("lang", language.tag)]))
        for language in LANGUAGES
        if language is not present and request.method in ("GET", "HEAD")
    ]
    return {"html_lang": present.tag, "switches": switches}


def remember_choice(response: Response) -> Response:
    """Only a tap on the switch sets the cookie; whoever never taps gets none."""
    chosen = BY_TAG.get(request.args.get("lang", ""))
    if chosen:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen.tag,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def lend_wtforms_texts() -> None:
    """WTForms would fall from zh_Hant_HK to its simplified texts: give Flask-WTF its traditional ones."""
    if page_language() is TRADITIONAL:
        request.wtforms_translations = traditional_wtforms_texts()  # type: ignore[attr-defined]


@cache
def traditional_wtforms_texts() -> NullTranslations:
    return Translations.load(messages_path(), ["zh_TW"], domain="wtforms")
