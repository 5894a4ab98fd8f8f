"""`/demo`: what a stranger sees first, where the data are fictional; each of its links keeps its word."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from gi_trace.demo.people import PASSWORD
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict
from gi_trace.web.languages import LANGUAGES

CODES = re.compile(r'<li data-verdict="(\w+)">(.*?)</li>', re.DOTALL)
LINKS = re.compile(r'<a href="([^"]+)" hreflang="([\w-]+)">')


def text_of(address):
    """What the check judges of a link."""
    parts = urlsplit(address)
    asked = parse_qs(parts.query).get("code")
    return asked[0] if asked else parts.path


def test_each_code_answers_what_the_page_says_of_it_in_each_language(demo):
    visitor = demo.test_client()
    shown = CODES.findall(visitor.get("/demo").text)
    assert {Verdict(verdict) for verdict, _ in shown} == set(Verdict), "one of each"
    for verdict, told in shown:
        links = LINKS.findall(told)
        assert [tag for _, tag in links] == [language.tag for language in LANGUAGES]
        for address, tag in links:
            address = address.replace("&amp;", "&")
            answer = look_at(text_of(address))
            assert answer.verdict is Verdict(verdict), (verdict, unquote(address))
            page = visitor.get(address)
            assert page.status_code == 200 and f'<html lang="{tag}">' in page.text
            assert tag != "zh-Hans" or answer.headline in page.text


def test_its_sign_ins_and_other_links_lead_somewhere(demo):
    page = demo.test_client().get("/demo").text
    for name in re.findall(r"<code>(demo-[\w-]+)</code>", page):
        browser = demo.test_client()
        answer = browser.post("/sign-in", data={"sign_in_name": name, "password": PASSWORD})
        assert answer.status_code == 302 and browser.get(answer.location).status_code in (200, 302), name
    others = set(re.findall(r'<a (?:class="[\w ]+" )?href="(/[^"]*)"', page))
    visitor = demo.test_client()
    for address in others:
        assert visitor.get(address.replace("&amp;", "&")).status_code == 200, address


def test_its_hidden_code_is_right_and_unused(demo):
    visitor = demo.test_client()
    page = visitor.get("/demo?lang=zh-Hans").text
    code, digits = re.search(r"标识码 (\w{20})，涂层下的数字 (\d{8})", page).groups()
    assert "首次使用" in visitor.post("/hidden-code", data={"code": code, "digits": digits}).text


def test_there_is_no_such_page_where_data_are_real(client):
    assert client.get("/demo").status_code == 404
