"""Whatever stands in an address where a number or a name belongs, the service answers and does not fail."""

import re

import pytest

WILD = ["99999999999999999999", "示范", "%00"]


@pytest.mark.parametrize("wild", WILD)
@pytest.mark.parametrize("someone", ["lin", "liang", "chen", "zhao"])
def test_a_wild_address_is_answered(app, sign_in, someone, wild):
    app.config["RATELIMIT_ENABLED"] = False
    browser = sign_in(someone)
    failed = set()
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<[^>]+>", wild, rule.rule)
        for method in {"GET", "POST"} & rule.methods if rule.arguments else ():
            if browser.open(address, method=method).status_code >= 500:
                failed.add(f"{method} {rule.rule}")
    assert not failed


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/authority/lots?q=L²", 200),
        ("/authority/lots?q=L99999999999999999999999", 200),
        ("/authority/lots?page=99999999999999999999999", 404),
        ("/authority/plots?page=99999999999999999999999", 404),
        ("/authority/plots?page=999999999", 404),
    ],
)
def test_a_number_that_cannot_be_is_not_found(sign_in, address, status):
    assert sign_in("zhao").get(address).status_code == status


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"kind": "report", "what": "不一\x00致"}},
        {"data": {"kind": "report", "what": "不一致", "and\x00": ["1", "\x00"]}},
    ],
)
def test_text_that_not_every_database_keeps_is_refused_in_words(client, sent):
    answer = client.post("/report", **sent)
    assert answer.status_code == 400 and "空字符" in answer.text


@pytest.mark.parametrize("text", ["茶罐\u202e签标", "\u2067茶罐", "\u200b\u200b", "\u3164"])
def test_text_that_does_not_read_as_it_is_written_is_refused_in_every_field(client, text):
    answer = client.post("/report", data={"kind": "report", "what": text})
    assert answer.status_code == 400 and ("文字方向" in answer.text or "看得见" in answer.text)
