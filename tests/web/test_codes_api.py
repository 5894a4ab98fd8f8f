"""The same verdict as data."""

import pytest

from gi_trace.batches.label_life import mark_units
from gi_trace.batches.models import print_run_of
from gi_trace.batches.rules import UnitState
from gi_trace.codes.unit_code import parse_batch_text
from gi_trace.database import db
from gi_trace.verification.history import Channel
from gi_trace.verification.models import Check, count_checks
from gi_trace.verification.verdicts import Verdict
from gi_trace.web.public import unknown
from tests.cast import code, make_activated_batch, make_batch, person, token_of

NOT_OURS = "00000000000000000000"


def ask(client, text, **headers):
    return client.get(f"/api/v1/codes/{text}", headers=headers)


def test_a_code_is_answered_with_a_stable_verdict_and_what_to_compare(client):
    batch = make_activated_batch()
    told = ask(client, code(batch)).json
    assert told["verdict"] == "valid"
    assert told["label"]["uscc"] == "91440705MA5DEM01XX" and told["label"]["net_weight_g"] == 250
    assert told["history"]["checks"] == 0
    assert {finding["name"]: finding["holds"] for finding in told["findings"]}["activated"]
    assert (told["because"], told["reason"]) == (None, None)


def test_a_lost_label_fails_by_lost_and_says_since_when(client, at):
    at("2026-11-24T08:00Z")
    batch = make_activated_batch()
    run = print_run_of(batch, 1)
    mark_units(run, UnitState.LOST, [(1, 1)], count=1, reason="整卷被盗", by=person("lin"))
    told = ask(client, code(batch)).json
    assert [one for one in told["findings"] if not one["holds"]] == [
        {"point": "label", "name": "lost", "holds": False}
    ]
    assert told["because"] == "lost" and told["reason"] == {"since": "2026-11-24", "notice": None}
    assert told["todo"].startswith("请不要购买")


def test_the_product_is_also_named_in_the_language_asked_for(client):
    text = code(make_activated_batch())
    languages = ("en", "zh-HK", "fr")
    labels = [ask(client, text, **{"Accept-Language": language}).json["label"] for language in languages]
    assert {label["product"] for label in labels} == {"新会陈皮"}
    assert [label["product_name"] for label in labels] == [
        "Xinhui Chenpi (aged tangerine peel)",
        "新會陳皮",
        "新会陈皮",
    ]


@pytest.mark.parametrize("text, verdict", [("ABC", Verdict.MALFORMED), (NOT_OURS, Verdict.NOT_OURS)])
def test_what_is_no_code_of_ours_has_a_verdict_and_no_label(client, text, verdict):
    told = ask(client, text).json
    assert (told["verdict"], told["label"], told["history"]) == (verdict, None, None)


def test_what_leads_elsewhere_or_is_something_else_is_named_as_data(client):
    text = code(make_activated_batch())
    told = ask(client, f"https://trаce.example/c/{text}").json
    assert (told["verdict"], told["host"], told["label"]) == ("other_host", "xn--trce-63d.example", None)
    told = ask(client, "wxp://f2f0abc").json
    assert (told["verdict"], told["content"], told["host"]) == ("not_a_code", "payment", "")
    told = ask(client, f"http://127.0.0.1:8000/c/{text}").json
    assert (told["verdict"], told["content"], told["host"]) == ("valid", None, "")
    assert (
        count_checks(parse_batch_text(told["label"]["batch"]), 1) == 1
    )  # what leads elsewhere is no check of ours


def test_words_come_in_the_language_asked_for(client):
    text = code(make_batch())
    assert ask(client, text, **{"Accept-Language": "en"}).json["headline"] == "Code not activated"
    assert ask(client, text, **{"Accept-Language": "zh-HK"}).json["headline"] == "標識尚未啟用"


def test_anonymous_looks_are_recorded_as_the_channel_api_and_staffs_are_not(client):
    batch = make_activated_batch()
    token = token_of("chen")
    ask(client, code(batch), Authorization=f"Bearer {token}")
    assert count_checks(batch.number, 1) == 0
    ask(client, code(batch))
    assert [check.channel for check in db.session.query(Check)] == [Channel.API]
    rival = token_of("wu")
    ask(client, code(batch, 2), Authorization=f"Bearer {rival}")
    assert count_checks(batch.number, 2) == 1


def test_a_token_that_is_none_any_more_is_told_and_nothing_is_counted(client):
    """An inspector's system would take its looks for uncounted."""
    batch = make_activated_batch()
    answer = ask(client, code(batch), Authorization="Bearer nothing")
    assert answer.status_code == 401 and answer.json["code"] == "token_invalid"
    assert count_checks(batch.number, 1) == 0


def test_guessing_is_limited_as_on_the_page_with_problem_details(client, monkeypatch):
    monkeypatch.setattr(unknown, "PER_ADDRESS", 2)
    answers = [ask(client, NOT_OURS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].mimetype == "application/problem+json"
    assert answers[-1].json["code"] == "too_many_unknown"


def test_the_openapi_document_names_every_verdict(client):
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/codes/{code}" in document["paths"]
    told = document["components"]["schemas"]["Verdict"]["properties"]["verdict"]
    assert set(told["enum"]) == set(Verdict)
