"""Guessing is useless, and seen."""

import dataclasses

from gi_trace.codes.unit_code import code_of
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.verification.models import Alert, AlertKind
from gi_trace.web.public import unknown
from tests.cast import code, make_activated_batch

NOT_OURS = "00000000000000000000"


def test_unknown_codes_from_one_address_end_in_a_kind_refusal_but_real_codes_still_answer(
    client, monkeypatch
):
    monkeypatch.setattr(unknown, "PER_ADDRESS", 3)
    text = code(make_activated_batch())
    answers = [client.get(f"/c/{NOT_OURS}").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert "真的标识码不受影响" in client.get(f"/c/{NOT_OURS}").text
    assert "标识有效" in client.get(f"/c/{text}").text


def test_an_attack_is_shown_to_the_authority_once_without_an_address(client, monkeypatch, sign_in):
    monkeypatch.setattr(unknown, "ATTACK", 4)
    for _ in range(8):
        client.get(f"/c/{NOT_OURS}", environ_base={"REMOTE_ADDR": "203.0.113.77"}).close()
    [alert] = db.session.query(Alert)
    assert alert.kind is AlertKind.GUESSING and alert.subject.startswith("203.0.113.0/24")
    page = sign_in("zhao").get("/authority/alerts").text
    assert "大量试码" in page and "203.0.113.77" not in page


def test_a_code_made_with_the_keys_of_a_stolen_pack_looks_unknown_and_raises_an_alert_at_once(app, client):
    batch = make_activated_batch()
    real = keys().by_epoch[batch.epoch]
    thief = dataclasses.replace(real, server=bytes(32))  # has the field and mask keys only
    forged, nonsense = code_of(thief, batch.number, 5), client.get(f"/c/{NOT_OURS}").text
    answer = client.get(f"/c/{forged}")
    page = answer.text
    answer.close()
    assert page.replace(forged, "") == nonsense.replace(NOT_OURS, "")
    [alert] = db.session.query(Alert)
    assert (alert.kind, alert.subject) == (AlertKind.STOLEN_PACK, batch.number_text)


def test_a_callers_word_for_its_address_counts_for_nothing_without_trusted_proxies(client, monkeypatch):
    monkeypatch.setattr(unknown, "ATTACK", 1)
    client.get(f"/c/{NOT_OURS}", headers={"X-Forwarded-For": "203.0.113.77"}).close()
    [alert] = db.session.query(Alert)
    assert alert.subject.startswith("127.0.0.0/24")
